package evy.zmq;

import org.jspecify.annotations.Nullable;

import zmq.SocketBase;

/**
 * Tells that something has come for a JeroMQ socket, a <em>signal</em>: what a wait for a message
 * or for room ends by.
 *
 * <p>JeroMQ's threads talk to a socket by commands in its mailbox, which the socket looks into at
 * each call. Nothing changes for it but by such a command or by its own calls. A signal says
 * "look"; it may come too often, but never too seldom: each command that comes after {@link
 * #listen} is followed by one.
 *
 * <p>Two ways to have them: {@link MailboxHook} if JeroMQ's classes can be reached into, which on
 * the class path they can; else {@link MailboxWatch}. The system property {@code
 * evy.zmq.readiness=watch} chooses the second.
 */
interface Readiness {
    /** Asks for a signal. After it the socket is to be looked at once more before waiting. */
    void listen();

    /**
     * Ends it, just before the socket is closed. The socket is not looked into afterwards.
     *
     * @param look looks into the mailbox once
     */
    void close(Runnable look);

    /**
     * Makes one for a new socket that nobody knows yet.
     *
     * @param socket the socket
     * @param signal called on any thread; must not block
     * @return the best there is
     */
    static Readiness of(SocketBase socket, Runnable signal) {
        Internals internals = hooks();
        return internals == null
                ? new MailboxWatch(socket, signal)
                : new MailboxHook(internals, socket, signal);
    }

    /** Starts what has to be started from a native thread. */
    static void launch() {
        if (hooks() == null) {
            MailboxWatch.launch();
        }
    }

    private static @Nullable Internals hooks() {
        String way = System.getProperty("evy.zmq.readiness", "hook");
        return switch (way) {
            case "hook" -> Internals.orNull();
            case "watch" -> null;
            default ->
                    throw new IllegalStateException(
                            "unknown way '" + way + "'; -Devy.zmq.readiness takes: hook, watch");
        };
    }
}
