package evy.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A listener whose clients are {@link MemorySocket}s. */
class MemoryListener extends ServerSocket {
    private static final MemorySocket END = new MemorySocket(new byte[0]);

    private final BlockingQueue<MemorySocket> clients = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    MemoryListener() throws IOException {}

    MemorySocket connect(byte[] request, int... ends) {
        return connect(new MemorySocket(request, ends));
    }

    <T extends MemorySocket> T connect(T client) {
        clients.add(client);
        return client;
    }

    @Override
    public Socket accept() throws IOException {
        try {
            MemorySocket client = clients.take();
            if (client == END) {
                throw new SocketException("Socket closed");
            }
            return client;
        } catch (InterruptedException e) {
            throw new SocketException("interrupted", e);
        }
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new InetSocketAddress("localhost", 1);
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        clients.add(END);
        super.close();
    }
}
