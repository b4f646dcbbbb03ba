package evy.internal.poll;

/** The backends of this build. */
final class Backends {
    /** The preferred one first. */
    static final Backend[] ALL = {new EpollBackend(), new NioBackend()};

    private Backends() {}
}
