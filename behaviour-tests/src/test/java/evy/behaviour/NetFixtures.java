package evy.behaviour;

import evy.Evy;
import evy.hubs.Hub;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.WouldBlockException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the tests of sockets have in common. */
final class NetFixtures {
    /** Far beyond anything that works, short enough not to hold up a build that does not. */
    static final Duration LONG = Duration.ofSeconds(20);

    private NetFixtures() {}

    /** Opens what the JDK keeps open for ever once it has made its first socket. */
    static void startJdkSockets() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, loopback());
                Socket client = new Socket(loopback(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            accepted.getOutputStream().write(client.getLocalPort());
        }
    }

    static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    static GreenServerSocket listen() throws IOException {
        return Evy.listen("127.0.0.1", 0);
    }

    /** An address at which nobody listens; a port that was free may be another test's by then. */
    static InetSocketAddress refusing() {
        return new InetSocketAddress(loopback(), 1);
    }

    /** Waits for a state that nobody signals. */
    static void awaitTrue(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("never came: " + what);
            }
            Evy.sleep(Duration.ofMillis(1));
        }
    }

    /** Lets all the other green threads of this hub go on to where they wait. */
    static void settle() {
        for (int i = 0; i < 5; i++) {
            Evy.yield();
        }
    }

    static byte[] pattern(int size) {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) {
            data[i] = (byte) (i * 31 + (i >>> 8) * 7);
        }
        return data;
    }

    /** Receives until {@code size} bytes are there or the stream ends. */
    static byte[] receive(GreenSocket socket, int size) throws IOException {
        return socket.getInputStream().readNBytes(size);
    }

    static boolean isEpoll() {
        return Hub.current().kind().equals("epoll");
    }

    /** The two ends of a connection. */
    record Pair(GreenSocket client, GreenSocket server) implements AutoCloseable {
        static Pair open() throws IOException {
            try (GreenServerSocket listener = listen()) {
                return to(listener);
            }
        }

        static Pair to(GreenServerSocket listener) throws IOException {
            GreenSocket client = Evy.connect(listener.address());
            try {
                return new Pair(client, listener.accept());
            } catch (IOException | RuntimeException | Error e) {
                client.close();
                throw e;
            }
        }

        /** With buffers so small that both sides have to wait again and again. */
        static Pair withBuffers(int size) throws IOException {
            GreenSocket client = new GreenSocket();
            try (GreenServerSocket listener = new GreenServerSocket()) {
                listener.setReceiveBufferSize(size);
                listener.bind(new InetSocketAddress(loopback(), 0));
                client.setSendBufferSize(size);
                client.setReceiveBufferSize(size);
                client.connect(listener.address());
                GreenSocket server = listener.accept();
                server.setSendBufferSize(size);
                return new Pair(client, server);
            } catch (IOException | RuntimeException | Error e) {
                client.close();
                throw e;
            }
        }

        /** Sends from the client until the connection takes no more, for good. */
        void fill() throws IOException {
            Duration before = client.timeout();
            client.setBlocking(false);
            byte[] block = new byte[64 * 1024];
            for (int full = 0; full < 10; ) {
                try {
                    client.send(block);
                    full = 0;
                } catch (WouldBlockException e) {
                    full++;
                    Evy.sleep(Duration.ofMillis(6)); // in all more than a delayed acknowledgement
                }
            }
            client.setTimeout(before);
        }

        /** Ends the connection with a reset; the server has seen it when this returns. */
        void reset() throws IOException {
            client.setSoLinger(true, 0);
            client.close();
        }

        @Override
        public void close() throws IOException {
            try (client) {
                server.close();
            }
        }
    }

    /** A listener that leaves who connects hanging, because its backlog is full. */
    static final class FullBacklog implements AutoCloseable {
        private final ServerSocket listener;
        private final List<Socket> fillers = new ArrayList<>();

        FullBacklog() throws IOException {
            listener = new ServerSocket(0, 1, loopback());
            boolean taken = true;
            while (taken) {
                taken = fill();
            }
        }

        private boolean fill() throws IOException {
            Socket filler = new Socket();
            try {
                filler.connect(address(), 100);
                fillers.add(filler);
                return true;
            } catch (SocketTimeoutException full) {
                filler.close();
                return false;
            }
        }

        SocketAddress address() {
            return listener.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            for (Socket filler : fillers) {
                filler.close();
            }
            listener.close();
        }
    }

    /** A platform thread whose end is waited for and whose failure is not lost. */
    static final class Platform<T> implements AutoCloseable {
        private final FutureTask<T> task;
        private final Thread thread;

        private Platform(Callable<T> body) {
            task = new FutureTask<>(body);
            thread = new Thread(null, task, "test-platform", 0, false);
            thread.start();
        }

        static <T> Platform<T> start(Callable<T> body) {
            return new Platform<>(body);
        }

        Thread thread() {
            return thread;
        }

        /** From a thread that is not green. */
        T get() throws Exception {
            try {
                return task.get(LONG.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw (Error) e.getCause();
            }
        }

        boolean isDone() {
            return task.isDone();
        }

        @Override
        public void close() throws InterruptedException {
            if (!thread.join(Duration.ofSeconds(2))) {
                thread.interrupt();
                thread.join(LONG);
            }
        }
    }
}
