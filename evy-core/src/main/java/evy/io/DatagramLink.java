package evy.io;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.internal.poll.NonBlockingDatagram;
import evy.internal.poll.NonBlockingDatagram.Arrival;
import evy.internal.util.Interrupts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.Set;

/**
 * The system's datagram socket and the hub's view of it: each operation is tried, and if it would
 * block, the calling thread waits for the descriptor.
 */
final class DatagramLink {
    private final NonBlockingDatagram socket;
    private final Descriptor descriptor;

    private DatagramLink(NonBlockingDatagram socket) {
        this.socket = socket;
        SelectableChannel channel = socket.channel();
        descriptor =
                channel == null
                        ? Descriptor.of(socket.fd(), socket::close)
                        : Descriptor.of(channel, socket::close);
        descriptor.describedBy(this);
    }

    /** Its end, as listings show it. */
    @Override
    public String toString() {
        try {
            descriptor.enter();
            try {
                return "datagrams " + socket.localAddress();
            } finally {
                descriptor.exit();
            }
        } catch (IOException e) {
            return "closed";
        }
    }

    static DatagramLink open() throws IOException {
        return of(GreenSocketImpl.backendOf(Hub.current()).openDatagram());
    }

    static DatagramLink of(NonBlockingDatagram socket) {
        return new DatagramLink(socket);
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** Receives one datagram, waiting for it. */
    Arrival receive(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException {
        Greenlet.checkRaised();
        Arrival arrival = tryReceive(buffer, offset, length);
        if (arrival == null) {
            Deadline deadline = new Deadline("Receive", timeoutNanos);
            do {
                await(true, deadline);
                arrival = tryReceive(buffer, offset, length);
            } while (arrival == null);
        }
        return arrival;
    }

    /** Receives one datagram into a buffer, waiting for it. */
    Arrival receive(ByteBuffer buffer, long timeoutNanos) throws IOException {
        Greenlet.checkRaised();
        Arrival arrival = tryReceive(buffer);
        if (arrival == null) {
            Deadline deadline = new Deadline("Receive", timeoutNanos);
            do {
                await(true, deadline);
                arrival = tryReceive(buffer);
            } while (arrival == null);
        }
        return arrival;
    }

    /** Receives one datagram into a buffer; null if there is none now. */
    @Nullable Arrival tryReceive(ByteBuffer buffer) throws IOException {
        return this.<@Nullable Arrival>call(s -> s.receive(buffer));
    }

    private @Nullable Arrival tryReceive(byte[] buffer, int offset, int length) throws IOException {
        descriptor.enter();
        try {
            return socket.receive(buffer, offset, length);
        } finally {
            descriptor.exit();
        }
    }

    /** Sends one datagram, waiting for room. */
    void send(
            byte[] data, int offset, int length, @Nullable InetSocketAddress to, long timeoutNanos)
            throws IOException {
        Greenlet.checkRaised();
        if (!trySend(data, offset, length, to)) {
            Deadline deadline = new Deadline("Send", timeoutNanos);
            do {
                await(false, deadline);
            } while (!trySend(data, offset, length, to));
        }
    }

    /** Sends one datagram from a buffer, waiting for room. */
    void send(ByteBuffer data, @Nullable InetSocketAddress to, long timeoutNanos)
            throws IOException {
        Greenlet.checkRaised();
        if (!trySend(data, to)) {
            Deadline deadline = new Deadline("Send", timeoutNanos);
            do {
                await(false, deadline);
            } while (!trySend(data, to));
        }
    }

    /** Sends one datagram from a buffer; false if there is no room now. */
    boolean trySend(ByteBuffer data, @Nullable InetSocketAddress to) throws IOException {
        return call(s -> s.send(data, to));
    }

    private boolean trySend(byte[] data, int offset, int length, @Nullable InetSocketAddress to)
            throws IOException {
        descriptor.enter();
        try {
            return socket.send(data, offset, length, to);
        } finally {
            descriptor.exit();
        }
    }

    private void await(boolean reading, Deadline deadline) throws IOException {
        long left = deadline.left();
        boolean told;
        try {
            told = reading ? descriptor.awaitReadable(left) : descriptor.awaitWritable(left);
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
        if (!told) {
            throw deadline.timedOut();
        }
    }

    /** What is done with the system's socket and never waits. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T on(NonBlockingDatagram socket) throws IOException;
    }

    /** Does it while the descriptor cannot be closed. */
    <T extends @Nullable Object> T call(Call<T> call) throws IOException {
        descriptor.enter();
        try {
            return call.on(socket);
        } finally {
            descriptor.exit();
        }
    }

    Set<SocketOption<?>> supportedOptions() {
        return socket.supportedOptions();
    }

    void closeQuietly() {
        try {
            descriptor.close();
        } catch (IOException e) {
            System.getLogger("evy.io").log(System.Logger.Level.DEBUG, descriptor.toString(), e);
        }
    }
}
