package evy.patcher.library;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.BindException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/** What programs do with sockets, files and processes. Each method tells what it saw. */
public final class IoHabits {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    /** Nobody listens there; a port just freed may be another process's by now. */
    private static final int CLOSED_PORT = 1;

    private IoHabits() {}

    private static List<String> transcript() {
        return Collections.synchronizedList(new ArrayList<>());
    }

    private static InetAddress here() {
        return InetAddress.getLoopbackAddress();
    }

    /** Clients made in every way, against a server with a thread for each. */
    public static List<String> sockets() throws Exception {
        List<String> seen = transcript();
        try (ServerSocket server = new ServerSocket(0, 10, here())) {
            Thread accepting = new Thread(() -> serve(server));
            accepting.setDaemon(true);
            accepting.start();
            int port = server.getLocalPort();
            InetAddress any = null;
            for (Socket client :
                    List.of(
                            new Socket(here(), port),
                            new Socket(here().getHostAddress(), port),
                            new Socket(here(), port, any, 0),
                            new Socket(here().getHostAddress(), port, here(), 0),
                            SocketFactory.getDefault().createSocket(here(), port),
                            connected(new Socket(), port),
                            connected(new Socket(Proxy.NO_PROXY), port))) {
                seen.addAll(talked(client));
            }
        }
        return seen;
    }

    /** Those of the factories, and those of old code. */
    @SuppressWarnings("removal") // it is what old code calls
    public static List<String> moreSockets() throws Exception {
        List<String> seen = transcript();
        ServerSocketFactory servers = ServerSocketFactory.getDefault();
        SocketFactory clients = SocketFactory.getDefault();
        try (ServerSocket server = servers.createServerSocket(0, 5, here());
                ServerSocket unbound = servers.createServerSocket();
                ServerSocket anywhere = servers.createServerSocket(0, 5);
                ServerSocket plain = new ServerSocket(0, 5);
                DatagramSocket datagrams = new DatagramSocket(0)) {
            seen.add("" + unbound.isBound() + anywhere.isBound() + plain.isBound());
            seen.add("" + datagrams.isBound() + datagrams.isClosed());
            Thread accepting = new Thread(() -> serve(server));
            accepting.setDaemon(true);
            accepting.start();
            int port = server.getLocalPort();
            String host = here().getHostAddress();
            for (Socket client :
                    List.of(
                            new Socket(here(), port, true),
                            new Socket(host, port, true),
                            new Socket((String) null, port),
                            clients.createSocket(host, port),
                            clients.createSocket(host, port, here(), 0),
                            clients.createSocket(here(), port, here(), 0),
                            connected(clients.createSocket(), port))) {
                seen.addAll(talked(client));
            }
        }
        return seen;
    }

    private static List<String> talked(Socket client) throws IOException {
        List<String> seen = transcript();
        try (client) {
            client.getOutputStream().write(HELLO);
            client.shutdownOutput();
            seen.add(new String(client.getInputStream().readAllBytes()));
            seen.add("" + client.isConnected() + client.getTcpNoDelay() + client.isBound());
        }
        seen.add("closed " + client.isClosed());
        return seen;
    }

    private static Socket connected(Socket socket, int port) throws IOException {
        socket.connect(new InetSocketAddress(here(), port), 10_000);
        return socket;
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

    /** What goes wrong with sockets. */
    public static List<String> socketFailures() throws Exception {
        List<String> seen = transcript();
        try (ServerSocket server = new ServerSocket(0)) {
            server.setSoTimeout(5);
            seen.add(failure(server::accept));
            seen.add("" + server.getReuseAddress());
        }
        seen.add(failure(() -> new Socket(here(), CLOSED_PORT)));
        seen.add(failure(() -> new Socket("no-such-host.invalid", 1)));
        seen.add(failure(() -> new Socket((InetAddress) null, 1)));
        seen.add(failure(() -> new Socket(here(), 70_000)));
        seen.add(failure(() -> new ServerSocket(-1)));
        seen.add(failure(() -> new ServerSocket(0, 1, InetAddress.getByName("192.0.2.1"))));
        seen.add(failure(() -> new DatagramSocket(70_000)));
        try (ServerSocket server = ServerSocketFactory.getDefault().createServerSocket(0);
                Socket client = new Socket(here(), server.getLocalPort())) {
            client.setSoTimeout(5);
            seen.add(failure(() -> client.getInputStream().read()));
            client.close();
            seen.add(failure(() -> client.getInputStream().read()));
        }
        return seen;
    }

    /** Datagrams. */
    public static List<String> datagrams() throws Exception {
        List<String> seen = transcript();
        try (DatagramSocket one = new DatagramSocket(0, here());
                DatagramSocket other = new DatagramSocket(new InetSocketAddress(here(), 0));
                DatagramSocket plain = new DatagramSocket()) {
            one.send(new DatagramPacket(HELLO, HELLO.length, here(), other.getLocalPort()));
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            other.receive(packet);
            seen.add(new String(packet.getData(), 0, packet.getLength()));
            seen.add("" + (packet.getPort() == one.getLocalPort()) + plain.isBound());
            other.setSoTimeout(5);
            seen.add(failed(() -> other.receive(packet)));
        }
        return seen;
    }

    /** Streams of files. */
    public static List<String> files() throws Exception {
        List<String> seen = transcript();
        File file = File.createTempFile("habit", null);
        try {
            try (OutputStream out = new FileOutputStream(file)) {
                out.write(HELLO);
                out.write('!');
            }
            try (OutputStream out = new FileOutputStream(file.getPath(), true)) {
                out.write(HELLO, 1, 2);
            }
            try (FileInputStream in = new FileInputStream(file)) {
                seen.add("" + in.available() + (char) in.read() + in.skip(2) + in.getFD().valid());
                seen.add(new String(in.readNBytes(2)) + in.getChannel().position());
                seen.add(new String(in.readAllBytes()) + in.read());
            }
            try (InputStream in = new FileInputStream(file.getPath());
                    OutputStream out = new FileOutputStream(file.getPath() + ".copy")) {
                seen.add("copied " + in.transferTo(out));
            }
            seen.add("" + new File(file.getPath() + ".copy").delete());
            try (BufferedReader in =
                    new BufferedReader(new InputStreamReader(new FileInputStream(file)))) {
                seen.add(in.readLine());
            }
            InputStream closed = new FileInputStream(file);
            closed.close();
            seen.add(failure(closed::read));
            try (RandomAccessFile random = new RandomAccessFile(file, "rw")) {
                random.seek(2);
                random.writeInt(7);
                random.seek(2);
                seen.add("" + random.readInt() + random.length() + random.getFilePointer());
                random.setLength(3);
                seen.add("" + random.length());
                seen.add(failed(() -> random.readFully(new byte[10])));
            }
        } finally {
            Files.delete(file.toPath());
        }
        try (InputStream in = new FileInputStream("/no/such/file")) {
            seen.add("opened " + in);
        } catch (FileNotFoundException e) {
            seen.add(e.getMessage());
        }
        return seen;
    }

    /** Streams of names and of descriptors, and subclasses of streams. */
    public static List<String> moreFiles() throws Exception {
        List<String> seen = transcript();
        File file = File.createTempFile("habit", null);
        String name = file.getPath();
        try {
            try (OutputStream out = new FileOutputStream(name)) {
                out.write(HELLO);
            }
            try (OutputStream longer = new Output(name, true)) {
                longer.write(HELLO);
            }
            try (InputStream in = new Input(name)) {
                seen.add(new String(in.readAllBytes()));
            }
            try (OutputStream anew = new Output(name)) {
                anew.write('a');
            }
            try (OutputStream anew = new Output(file)) {
                anew.write(HELLO, 1, 3);
            }
            try (RandomAccessFile random = new RandomAccessFile(name, "rw")) {
                byte[] some = new byte[2];
                seen.add("" + (char) random.read() + random.read(some) + new String(some));
                random.write('!');
                random.write(HELLO);
                random.seek(1);
                seen.add(new String(new FileInputStream(random.getFD()).readNBytes(4)));
                new FileOutputStream(random.getFD()).write('?');
                seen.add(random.getFilePointer() + new String(new Input(random).readAllBytes()));
                new Output(random).write(HELLO);
                seen.add("" + random.length());
            }
            try (RandomAccessFile random = new Access(name)) {
                seen.add(random.readLine());
                seen.add(failed(() -> random.write(1)));
            }
            seen.add(failure(() -> new RandomAccessFile("/no/such/file", "r")));
            seen.add(failure(() -> new RandomAccessFile(name, "x")));
            seen.add(failure(() -> new FileOutputStream("/no/such/file", true)));
        } finally {
            Files.delete(file.toPath());
        }
        return seen;
    }

    private static final class Input extends FileInputStream {
        Input(String name) throws IOException {
            super(name);
        }

        Input(RandomAccessFile file) throws IOException {
            super(file.getFD());
        }
    }

    private static final class Output extends FileOutputStream {
        Output(String name) throws IOException {
            super(name);
        }

        Output(String name, boolean append) throws IOException {
            super(name, append);
        }

        Output(File file) throws IOException {
            super(file);
        }

        Output(RandomAccessFile file) throws IOException {
            super(file.getFD());
        }
    }

    private static final class Access extends RandomAccessFile {
        Access(String name) throws IOException {
            super(name, "r");
        }
    }

    /** The newer way. */
    public static List<String> paths() throws Exception {
        List<String> seen = transcript();
        Path folder = Files.createTempDirectory("habit");
        Path file = folder.resolve("file");
        Files.writeString(file, "one\ntwo\n");
        seen.add(Files.readString(file) + Files.size(file) + Files.exists(file));
        try (Stream<String> lines = Files.lines(file)) {
            seen.add(lines.toList().toString());
        }
        try (InputStream in = Files.newInputStream(file)) {
            seen.add(new String(in.readAllBytes()));
        }
        try (Stream<Path> list = Files.list(folder)) {
            seen.add("" + list.map(Files::isRegularFile).toList());
        }
        seen.add(failure(() -> Files.createFile(file)).replaceAll("[0-9]", ""));
        Files.delete(file);
        Files.delete(folder);
        seen.add(failure(() -> Files.size(file)).replaceAll("[0-9]", ""));
        return seen;
    }

    /** A FIFO: whoever opens it waits for the other. */
    public static List<String> fifo() throws Exception {
        List<String> seen = transcript();
        Path folder = Files.createTempDirectory("habit");
        File fifo = folder.resolve("fifo").toFile();
        Process made = new ProcessBuilder("mkfifo", fifo.getPath()).inheritIO().start();
        seen.add("made " + made.waitFor());
        Thread writer =
                new Thread(
                        () -> {
                            try (OutputStream out = new FileOutputStream(fifo)) {
                                out.write(HELLO);
                                out.write('!');
                            } catch (IOException e) {
                                seen.add(e.toString());
                            }
                        });
        writer.start();
        try (InputStream in = new FileInputStream(fifo)) {
            byte[] some = new byte[4];
            seen.add("" + (char) in.read() + in.read(some, 1, 2) + some[2]);
            seen.add("" + in.skip(1) + new String(in.readAllBytes()) + in.read());
        }
        writer.join();
        Files.delete(fifo.toPath());
        Files.delete(folder);
        return seen;
    }

    /** Child processes. */
    public static List<String> processes() throws Exception {
        List<String> seen = transcript();
        Process cat = new ProcessBuilder("cat").start();
        try (OutputStream out = cat.getOutputStream()) {
            out.write(HELLO);
        }
        seen.add(output(cat) + cat.waitFor());
        String[] command = {"sh", "-c", "echo $A; exit 3"};
        Process sh = Runtime.getRuntime().exec(command, new String[] {"A=b"});
        seen.add(output(sh) + sh.waitFor());
        Process sleep = Runtime.getRuntime().exec(new String[] {"sleep", "60"});
        seen.add("" + sleep.waitFor(2, TimeUnit.MILLISECONDS) + sleep.isAlive());
        sleep.destroy();
        seen.add("" + sleep.waitFor());
        sleep.getInputStream().close();
        sleep.getErrorStream().close();
        sleep.getOutputStream().close();
        seen.add(failure(() -> new ProcessBuilder("no-such-program").start()));
        return seen;
    }

    /** Commands in one string. */
    @SuppressWarnings("deprecation") // it is what old code calls
    public static List<String> commandLines() throws Exception {
        List<String> seen = transcript();
        Runtime runtime = Runtime.getRuntime();
        seen.add(output(runtime.exec("echo a  b")));
        seen.add(output(runtime.exec("printenv HABIT", new String[] {"HABIT=b", "neither"})));
        seen.add(output(runtime.exec("pwd", null, new File("/"))));
        seen.add(failure(() -> runtime.exec("")));
        seen.add(failure(() -> runtime.exec(" ")));
        seen.add(failure(() -> runtime.exec("no-such-program")));
        return seen;
    }

    private static String output(Process process) throws IOException {
        try (InputStream out = process.getInputStream();
                InputStream err = process.getErrorStream();
                OutputStream in = process.getOutputStream()) {
            in.close();
            return new String(out.readAllBytes()) + new String(err.readAllBytes());
        }
    }

    /** Sleeps, and the arguments they refuse. */
    public static List<String> sleeps() throws Exception {
        List<String> seen = transcript();
        long start = System.nanoTime();
        Thread.sleep(2);
        Thread.sleep(1, 999_999);
        Thread.sleep(java.time.Duration.ofMillis(2));
        TimeUnit.MILLISECONDS.sleep(2);
        seen.add("slept " + (System.nanoTime() - start >= 7_999_999));
        Thread.sleep(0);
        TimeUnit.SECONDS.sleep(-1);
        seen.add(failed(() -> Thread.sleep(-1)));
        seen.add(failed(() -> Thread.sleep(1, 1_000_000)));
        Thread.currentThread().interrupt();
        seen.add(failed(() -> Thread.sleep(1)) + Thread.interrupted());
        return seen;
    }

    /** What may fail. */
    private interface Call {
        Object call() throws Exception;
    }

    /** What may fail, and has no result. */
    private interface Action {
        void run() throws Exception;
    }

    private static String failed(Action action) {
        return failure(
                () -> {
                    action.run();
                    return "";
                });
    }

    private static String failure(Call call) {
        try {
            return "no failure: " + call.call();
        } catch (SocketTimeoutException | ConnectException | BindException e) {
            return e.getClass().getName();
        } catch (Exception e) {
            return e.getClass().getName() + ": " + e.getMessage();
        }
    }
}
