package evy.io;

import evy.hubs.Descriptor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;

/**
 * A listening TCP socket whose {@link #accept} waits green and gives {@link GreenSocket}s.
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
     * Waits for a connection.
     *
     * @checkpoint always
     * @return a socket that is the caller's to close
     * @throws java.net.SocketTimeoutException if the timeout passes; the socket goes on listening
     * @throws SocketException if it is closed, here or meanwhile, or no descriptor is free
     */
    @Override
    public GreenSocket accept() throws IOException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
        GreenSocket accepted = new GreenSocket();
        implAccept(accepted);
        return accepted;
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
