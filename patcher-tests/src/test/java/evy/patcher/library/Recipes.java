package evy.patcher.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Small uses of the JDK, for tests that look at where they run. */
public final class Recipes {
    /** Made when the class is loaded, as old code does. */
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static final Condition CHANGED = LOCK.newCondition();
    private static boolean changed;

    private Recipes() {}

    /** Asks in a new thread. */
    public static Object inThread(Callable<Object> where) throws Exception {
        Object[] seen = new Object[1];
        Thread thread = new Thread(() -> seen[0] = call(where));
        thread.start();
        thread.join();
        return seen[0];
    }

    /** Asks in a pool. */
    public static Object inPool(Callable<Object> where) throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            return pool.submit(where).get();
        } finally {
            pool.shutdown();
        }
    }

    /** Asks in a pool whose factory makes threads of a class of its own. */
    public static Object inOwnThreads(Callable<Object> where) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor(Own::new);
        try {
            return pool.submit(where).get();
        } finally {
            pool.shutdown();
        }
    }

    /** Asks in a pool made by its constructor, with a factory. */
    public static Object inOwnPool(Callable<Object> where) throws Exception {
        ExecutorService pool =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Own::new,
                        new ThreadPoolExecutor.AbortPolicy());
        try {
            return pool.submit(where).get();
        } finally {
            pool.shutdown();
        }
    }

    /** A thread of the library's own. */
    private static final class Own extends Thread {
        Own(Runnable task) {
            super(task);
        }
    }

    private static Object call(Callable<Object> where) {
        try {
            return where.call();
        } catch (Exception e) {
            return e;
        }
    }

    /** Which class sockets are of. */
    public static String socketType() throws IOException {
        try (Socket socket = new Socket()) {
            return socket.getClass().getName();
        }
    }

    /** Which class channels are of. */
    public static String channelType() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            return channel.getClass().getName();
        }
    }

    /** A thread that is never started. */
    public static Thread unstarted(Runnable task) {
        return new Thread(task);
    }

    /** The monitor that {@link #lock} guards. */
    public static ReentrantLock lock() {
        return LOCK;
    }

    /** Waits for {@link #change}. */
    public static void awaitChange() throws InterruptedException {
        LOCK.lock();
        try {
            while (!changed) {
                CHANGED.await();
            }
        } finally {
            LOCK.unlock();
        }
    }

    /** Ends what waits. */
    public static void change() {
        LOCK.lock();
        try {
            changed = true;
            CHANGED.signalAll();
        } finally {
            LOCK.unlock();
        }
    }

    /** A server with a thread for each client, as in every book. */
    public static ServerSocket serve() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> serve(server), "acceptor");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static void serve(ServerSocket server) {
        try {
            while (true) {
                Socket client = server.accept();
                new Thread(() -> echo(client)).start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Many clients at once, each in a thread of a pool; all are connected before one speaks. */
    public static List<String> talk(int port, int clients) throws Exception {
        CountDownLatch connected = new CountDownLatch(clients);
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        try {
            Callable<String> client = () -> talk(port, connected);
            var answers = new java.util.ArrayList<String>();
            for (var answer : pool.invokeAll(java.util.Collections.nCopies(clients, client))) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            pool.shutdown();
        }
    }

    private static String talk(int port, CountDownLatch connected) throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            connected.countDown();
            connected.await();
            OutputStream out = socket.getOutputStream();
            out.write("hi".getBytes());
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes());
        }
    }

    /** Sleeps a minute. */
    public static void sleepLong() throws InterruptedException {
        Thread.sleep(60_000);
    }

    /** Reads from whatever standard input is. */
    public static int readInput() throws IOException {
        return System.in.read();
    }
}
