package evy.io;

import evy.hubs.Descriptor;
import evy.internal.poll.NonBlockingSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;

/**
 * A listening TCP socket whose {@link #accept} waits green and gives {@link GreenSocket}s.
 *
 * <p>Bound to a {@link java.net.UnixDomainSocketAddress} or an {@link AbstractUnixAddress} it is a
 * Unix-domain socket; {@link #getLocalSocketAddress} gives that address, {@link #getInetAddress}
 * the loopback address. Binding to a path makes a file, which has to be deleted before it can be
 * bound again: closing does not delete it, as another may have taken its place.
 *
 * @thread any; one at a time may accept
 */
public final class GreenServerSocket extends ServerSocket {
    private final GreenSocketImpl impl;

    /** An unbound socket. */
    public GreenServerSocket() {
        this(new GreenSocketImpl(true));
    }

    private GreenServerSocket(GreenSocketImpl impl) {
        super(impl);
        this.impl = impl;
    }

    /**
     * Binds and listens. A Unix socket forgets the options set before, but for the timeout.
     *
     * @throws java.net.BindException if the address is taken, also by a file that was left behind
     */
    @Override
    public void bind(@Nullable SocketAddress address, int backlog) throws IOException {
        if (address != null && UnixAddresses.isUnix(address) && !isClosed() && !isBound()) {
            super.bind(impl.standInFor(address), backlog);
        } else {
            super.bind(address, backlog);
        }
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        UnixEnds ends = impl.unixEnds();
        return ends == null ? super.getLocalSocketAddress() : ends.local();
    }

    @Override
    public String toString() {
        UnixEnds ends = impl.unixEnds();
        return ends == null ? super.toString() : "ServerSocket" + ends;
    }

    /**
     * Waits for a connection.
     *
     * @checkpoint always
     * @return a socket that is the caller's to close
     * @throws java.net.SocketTimeoutException if the timeout passes; the socket goes on listening
     * @throws SocketException if it is closed, here or meanwhile, or no descriptor is free
     */
    @Override
    public GreenSocket accept() throws IOException {
        ensureBound();
        GreenSocket accepted = new GreenSocket();
        implAccept(accepted);
        return accepted;
    }

    /**
     * Takes a connection if one is waiting now. Never waits, whatever the timeout.
     *
     * @checkpoint never
     * @return a socket that is the caller's to close; null if none is waiting
     * @throws SocketException if it is closed or not bound, or no descriptor is free
     */
    public @Nullable GreenSocket tryAccept() throws IOException {
        ensureBound();
        NonBlockingSocket ready = impl.link().tryAccept();
        if (ready == null) {
            return null;
        }
        GreenSocket accepted = GreenSocket.taking(ready);
        implAccept(accepted);
        return accepted;
    }

    private void ensureBound() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
    }

    /**
     * Sets how long {@link #accept} may wait; {@link #setSoTimeout} sets the same in milliseconds.
     *
     * @param timeout null for no limit; zero for non-blocking mode
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    public void setTimeout(@Nullable Duration timeout) {
        impl.setTimeoutNanos(SocketTimeouts.fromDuration(timeout));
    }

    /** {@return how long {@link #accept} may wait; null for no limit, zero in non-blocking mode} */
    public @Nullable Duration timeout() {
        return SocketTimeouts.toDuration(impl.timeoutNanos());
    }

    /**
     * The descriptor that accepting waits for.
     *
     * @return the descriptor
     * @throws SocketException if the socket has none yet
     */
    public Descriptor descriptor() throws SocketException {
        return impl.descriptor();
    }

    /**
     * Where it listens.
     *
     * @return the bound address with the port the system chose
     * @throws IllegalStateException if it is not bound
     */
    public SocketAddress address() {
        SocketAddress address = getLocalSocketAddress();
        if (address == null) {
            throw new IllegalStateException(this + " is not bound");
        }
        return address;
    }
}
