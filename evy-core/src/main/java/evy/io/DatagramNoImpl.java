package evy.io;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * Keeps {@link DatagramSocket} from opening a descriptor of its own beside the green one. Nothing
 * of it is ever called, for {@link GreenDatagramSocket} overrides all that would.
 */
final class DatagramNoImpl extends DatagramSocketImpl {
    private static UnsupportedOperationException never() {
        return new UnsupportedOperationException("GreenDatagramSocket does this itself");
    }

    @Override
    protected void create() throws SocketException {
        throw never();
    }

    @Override
    protected void bind(int port, InetAddress local) throws SocketException {
        throw never();
    }

    @Override
    protected void send(DatagramPacket packet) throws IOException {
        throw never();
    }

    @Override
    protected int peek(InetAddress address) throws IOException {
        throw never();
    }

    @Override
    protected int peekData(DatagramPacket packet) throws IOException {
        throw never();
    }

    @Override
    protected void receive(DatagramPacket packet) throws IOException {
        throw never();
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    protected void setTTL(byte ttl) throws IOException {
        throw never();
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    protected byte getTTL() throws IOException {
        throw never();
    }

    @Override
    protected void setTimeToLive(int ttl) throws IOException {
        throw never();
    }

    @Override
    protected int getTimeToLive() throws IOException {
        throw never();
    }

    @Override
    protected void join(InetAddress group) throws IOException {
        throw never();
    }

    @Override
    protected void leave(InetAddress group) throws IOException {
        throw never();
    }

    @Override
    protected void joinGroup(SocketAddress group, NetworkInterface at) throws IOException {
        throw never();
    }

    @Override
    protected void leaveGroup(SocketAddress group, NetworkInterface at) throws IOException {
        throw never();
    }

    @Override
    protected void close() {
        throw never();
    }

    @Override
    public void setOption(int id, Object value) throws SocketException {
        throw never();
    }

    @Override
    public Object getOption(int id) throws SocketException {
        throw never();
    }
}
