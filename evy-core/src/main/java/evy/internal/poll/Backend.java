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

    /**
     * Opens an unbound, unconnected Unix-domain stream socket.
     *
     * @param listening true for a socket that will listen
     * @throws UnsupportedOperationException if this system has none
     */
    UnixSocket openUnixSocket(boolean listening) throws IOException;

    /**
     * Opens two Unix-domain stream sockets that are connected to each other.
     *
     * @throws UnsupportedOperationException if this system has none
     */
    UnixSocket[] openUnixPair() throws IOException;

    /**
     * Opens an unbound, unconnected UDP socket, of both protocols as {@link #openSocket}. Of
     * multicast datagrams it gets those of the groups it joins only.
     */
    NonBlockingDatagram openDatagram() throws IOException;

    /** The backends this build knows, the preferred one first. */
    static Backend[] all() {
        return Backends.ALL.clone();
    }
}
