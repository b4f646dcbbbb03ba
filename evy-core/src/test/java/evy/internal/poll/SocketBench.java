package evy.internal.poll;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Sockets of one backend for a test, and a poller to wait for them. Closes all at the end. */
final class SocketBench implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final Backend backend;
    private final Poller poller;
    private final List<NonBlockingSocket> opened = new ArrayList<>();

    SocketBench(Backend backend) throws IOException {
        this.backend = backend;
        poller = backend.openPoller();
    }

    /** The backends that work here. */
    static Stream<Backend> backends() {
        return Arrays.stream(Backend.all()).filter(backend -> backend.unavailable() == null);
    }

    NonBlockingSocket open(boolean listening) throws IOException {
        return opened(backend.openSocket(listening));
    }

    private NonBlockingSocket opened(NonBlockingSocket socket) {
        opened.add(socket);
        return socket;
    }

    /** Closes a socket before the end. */
    void close(NonBlockingSocket socket) throws IOException {
        opened.remove(socket);
        socket.close();
    }

    NonBlockingSocket listen(InetAddress address) throws IOException {
        NonBlockingSocket listener = open(true);
        listener.bind(address, 0);
        listener.listen(10);
        return listener;
    }

    /** A connected pair: the connecting side, then the accepted one. */
    NonBlockingSocket[] pair() throws IOException {
        NonBlockingSocket listener = listen(LOOPBACK);
        NonBlockingSocket client = connect(listener.localAddress());
        return new NonBlockingSocket[] {client, accept(listener)};
    }

    NonBlockingSocket connect(InetSocketAddress remote) throws IOException {
        NonBlockingSocket socket = open(false);
        connect(socket, remote);
        return socket;
    }

    void connect(NonBlockingSocket socket, InetSocketAddress remote) throws IOException {
        boolean connected = socket.connect(remote);
        while (!connected) {
            await(socket, Source.WRITE);
            connected = socket.finishConnect();
        }
    }

    NonBlockingSocket accept(NonBlockingSocket listener) throws IOException {
        NonBlockingSocket accepted = listener.accept();
        while (accepted == null) {
            await(listener, Source.READ);
            accepted = listener.accept();
        }
        return opened(accepted);
    }

    /** Waits until the socket is ready for one of {@code ops}. */
    void await(NonBlockingSocket socket, int ops) throws IOException {
        RecordingSource source = new RecordingSource(socket);
        poller.arm(source, ops, false);
        long start = System.nanoTime();
        while ((source.takeSeen() & ops) == 0) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError(socket + " does not become ready for " + ops);
            }
            poller.poll(PATIENCE_NANOS);
        }
        poller.forget(source);
    }

    /** Reads, waiting as needed. */
    int read(NonBlockingSocket socket, byte[] buffer) throws IOException {
        int n = socket.read(buffer, 0, buffer.length, false);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            await(socket, Source.READ);
            n = socket.read(buffer, 0, buffer.length, false);
        }
        return n;
    }

    @Override
    public void close() throws IOException {
        for (NonBlockingSocket socket : opened) {
            socket.close();
        }
        poller.close();
    }
}
