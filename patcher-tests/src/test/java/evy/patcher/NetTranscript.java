package evy.patcher;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Uses everything in the JDK that can wait for a descriptor, on threads of a kind, and prints what
 * came of it: the same lines, whether the JDK is patched or not.
 */
final class NetTranscript {
    private static final int LARGE = 4 << 20;

    private final ThreadKind kind;
    private final Map<String, Object> lines = new LinkedHashMap<>();

    private NetTranscript(ThreadKind kind) {
        this.kind = kind;
    }

    public static void main(String... args) throws Exception {
        NetTranscript transcript = new NetTranscript(ThreadKind.valueOf(args[0]));
        transcript.sockets();
        transcript.ends();
        transcript.interrupts();
        transcript.channels();
        transcript.datagrams();
        transcript.selectors();
        transcript.lines.forEach((what, came) -> System.out.println(what + ": " + came));
        System.exit(0);
    }

    private void note(String what, Object came) {
        lines.put(what, came);
    }

    private <T> ThreadKind.Running<T> start(Callable<T> body) {
        return kind.start(body);
    }

    private Object run(Callable<?> body) throws Exception {
        return start(body).outcome();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** A connected pair of sockets. */
    private record Pair(Socket client, Socket server) implements AutoCloseable {
        static Pair open() throws IOException {
            try (ServerSocket listener = new ServerSocket()) {
                listener.bind(loopback());
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                return new Pair(client, listener.accept());
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private void sockets() throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(loopback());
            var accepted = start(listener::accept).awaitBlocked();
            try (Socket client = new Socket()) {
                note("connect", run(() -> connect(client, listener.getLocalSocketAddress())));
                Socket server = accepted.result().get();
                var read = start(() -> client.getInputStream().read()).awaitBlocked();
                server.getOutputStream().write(7);
                note("read", read.outcome());
                var sent = start(() -> send(client)).awaitBlocked();
                note("received", run(() -> server.getInputStream().readNBytes(LARGE).length));
                note("sent", sent.outcome());
                server.close();
                note("end of stream", run(() -> client.getInputStream().read()));
            }
            listener.setSoTimeout(30);
            note("accept timeout", run(listener::accept));
        }
        try (Pair pair = Pair.open()) {
            pair.client.setSoTimeout(30);
            note("read timeout", run(() -> pair.client.getInputStream().read()));
            pair.server.getOutputStream().write(8);
            note("read after timeout", run(() -> pair.client.getInputStream().read()));
        }
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        note("refused", String.valueOf(run(() -> connect(new Socket(), nobody))));
    }

    private static Object connect(Socket socket, java.net.SocketAddress to) throws IOException {
        socket.connect(to, 10_000);
        return socket.isConnected();
    }

    private static Object send(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[LARGE]);
        return LARGE;
    }

    private void ends() throws Exception {
        try (Pair pair = Pair.open()) {
            var read = start(() -> pair.client.getInputStream().read()).awaitBlocked();
            pair.client.close();
            note("closed while reading", read.outcome());
        }
        try (Pair pair = Pair.open()) {
            var write = start(() -> send(pair.client)).awaitBlocked();
            pair.client.close();
            note("closed while writing", write.outcome());
        }
        try (Pair pair = Pair.open()) {
            var read = start(() -> pair.client.getInputStream().read()).awaitBlocked();
            pair.client.shutdownInput();
            note("input shut while reading", read.outcome());
            pair.client.getOutputStream().write(1);
            note("written after that", pair.server.getInputStream().read());
        }
        try (Pair pair = Pair.open()) {
            var read = start(() -> pair.client.getInputStream().read()).awaitBlocked();
            pair.server.setSoLinger(true, 0);
            pair.server.close();
            note("reset while reading", read.outcome());
        }
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(loopback());
            var accept = start(listener::accept).awaitBlocked();
            listener.close();
            note("closed while accepting", accept.outcome());
        }
    }

    private void interrupts() throws Exception {
        if (kind == ThreadKind.PLATFORM) {
            return; // the classic sockets do not heed it there
        }
        try (Pair pair = Pair.open()) {
            var read =
                    start(
                                    () -> {
                                        try {
                                            return pair.client.getInputStream().read();
                                        } catch (IOException e) {
                                            return e + " " + Thread.currentThread().isInterrupted();
                                        }
                                    })
                            .awaitBlocked();
            read.thread().interrupt();
            note("interrupted while reading", read.outcome());
            note("socket then", pair.client.isClosed());
        }
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(loopback());
            var accept = start(listener::accept).awaitBlocked();
            accept.thread().interrupt();
            note("interrupted while accepting", accept.outcome());
            note("listener then", listener.isClosed());
        }
    }

    private void channels() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback())) {
            var accept = start(listener::accept).awaitBlocked();
            SocketChannel client = SocketChannel.open();
            note("channel connect", run(() -> client.connect(listener.getLocalAddress())));
            SocketChannel server = accept.result().get();
            var read = start(() -> client.read(ByteBuffer.allocate(10))).awaitBlocked();
            server.write(ByteBuffer.wrap(new byte[3]));
            note("channel read", read.outcome());
            var interrupted = start(() -> client.read(ByteBuffer.allocate(10))).awaitBlocked();
            interrupted.thread().interrupt();
            note("channel interrupted", interrupted.outcome());
            note("channel then", client.isOpen());
            var closed = start(() -> server.socket().getInputStream().read());
            note("end of channel", closed.outcome());
            server.close();
        }
        Path path = Files.createTempDirectory("evy").resolve("socket");
        try (ServerSocketChannel listener =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(path))) {
            var accept = start(listener::accept).awaitBlocked();
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                    SocketChannel server = accept.result().get()) {
                var read = start(() -> client.read(ByteBuffer.allocate(10))).awaitBlocked();
                server.close();
                note("unix socket's end", read.outcome());
            }
        } finally {
            Files.delete(path);
            Files.delete(path.getParent());
        }
        Pipe pipe = Pipe.open();
        var source = start(() -> pipe.source().read(ByteBuffer.allocate(10))).awaitBlocked();
        pipe.sink().write(ByteBuffer.wrap(new byte[2]));
        note("pipe", source.outcome());
        var sink =
                start(
                                () -> {
                                    ByteBuffer all = ByteBuffer.allocate(LARGE);
                                    while (all.hasRemaining()) {
                                        pipe.sink().write(all);
                                    }
                                    return all.position();
                                })
                        .awaitBlocked();
        pipe.source().close();
        note("broken pipe", sink.outcome());
        pipe.sink().close();
    }

    private void datagrams() throws Exception {
        try (DatagramSocket one = new DatagramSocket(loopback());
                DatagramChannel two = DatagramChannel.open().bind(loopback())) {
            DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            var receive =
                    start(
                                    () -> {
                                        one.receive(packet);
                                        return packet.getLength();
                                    })
                            .awaitBlocked();
            two.send(ByteBuffer.wrap(new byte[4]), one.getLocalSocketAddress());
            note("datagram", receive.outcome());
            one.setSoTimeout(30);
            note(
                    "datagram timeout",
                    run(
                            () -> {
                                one.receive(packet);
                                return packet.getLength();
                            }));
            two.connect(one.getLocalSocketAddress());
            var read = start(() -> two.read(ByteBuffer.allocate(10))).awaitBlocked();
            one.send(new DatagramPacket(new byte[5], 5, two.getLocalAddress()));
            note("datagram channel", read.outcome());
            var closed = start(() -> two.read(ByteBuffer.allocate(10))).awaitBlocked();
            two.close();
            note("datagram channel closed", closed.outcome());
        }
    }

    private void selectors() throws Exception {
        try (Selector selector = Selector.open()) {
            note("selectNow", run(selector::selectNow));
            note("select timeout", run(() -> selector.select(30)));
            var select = start(selector::select).awaitBlocked();
            selector.wakeup();
            note("select woken", select.outcome());
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            pipe.source().register(selector, SelectionKey.OP_READ);
            for (int i = 1; i <= 3; i++) {
                var ready = start(selector::select).awaitBlocked();
                pipe.sink().write(ByteBuffer.wrap(new byte[1]));
                note("select ready " + i, ready.outcome());
                note("select at once " + i, run(() -> selector.select(1_000)));
                selector.selectedKeys().clear();
                note("drained " + i, pipe.source().read(ByteBuffer.allocate(10)));
            }
            var interrupted =
                    start(() -> selector.select() + " " + Thread.currentThread().isInterrupted())
                            .awaitBlocked();
            interrupted.thread().interrupt();
            note("select interrupted", interrupted.outcome());
            var closed = start(selector::select).awaitBlocked();
            selector.close();
            note("select closed", closed.outcome());
            pipe.source().close();
            pipe.sink().close();
        }
    }
}
