package evy.io;

/**
 * How to listen. Immutable; {@code ListenOptions.DEFAULT.withReusePort()} changes one thing.
 *
 * @param backlog how many connections may wait to be accepted, at least 1; the system may cap it
 * @param reuseAddress true to bind a port whose last connections are still winding down
 * @param reusePort true to share the port with others that say so, too: the system spreads
 *     connections over them
 */
public record ListenOptions(int backlog, boolean reuseAddress, boolean reusePort) {
    /** Backlog 50, address re-use on, the port not shared. */
    public static final ListenOptions DEFAULT = new ListenOptions(50, true, false);

    /** Checks the backlog. */
    public ListenOptions {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be >= 1: " + backlog);
        }
    }

    /**
     * The same with another backlog.
     *
     * @param newBacklog at least 1
     * @return the new options
     */
    public ListenOptions withBacklog(int newBacklog) {
        return new ListenOptions(newBacklog, reuseAddress, reusePort);
    }

    /** {@return the same with address re-use off} */
    public ListenOptions withoutReuseAddress() {
        return new ListenOptions(backlog, false, reusePort);
    }

    /** {@return the same with the port shared} */
    public ListenOptions withReusePort() {
        return new ListenOptions(backlog, reuseAddress, true);
    }
}
