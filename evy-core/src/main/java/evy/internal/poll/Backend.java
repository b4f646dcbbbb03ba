package evy.internal.poll;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A poller and the sockets that go with it: {@code epoll} with descriptor numbers, or {@code nio}.
 */
public interface Backend {
    /** The name that {@code EVY_HUB} and {@code -Devy.hub} select it by. */
    String name();

    /**
     * Why this backend cannot work on this machine, in one line that says what to do; null if it
     * can.
     */
    @Nullable String unavailable();

    /**
     * Opens a poller.
     *
     * @throws IOException if the system refuses, say for lack of descriptors
     */
    Poller openPoller() throws IOException;

    /**
     * Opens an unbound, unconnected TCP socket: IPv6 dual stack where the machine has it and {@code
     * java.net.preferIPv4Stack} is not set, else IPv4.
     *
     * @param listening true for a socket that will listen (SO_REUSEADDR is then set, as the JDK
     *     does, except on Windows)
     */
    NonBlockingSocket openSocket(boolean listening) throws IOException;

    /** The backends this build knows, the preferred one first. */
    static Backend[] all() {
        return Backends.ALL.clone();
    }
}
