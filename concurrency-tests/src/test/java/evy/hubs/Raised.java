package evy.hubs;

/** What proofs raise into threads. */
public final class Raised extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The only one: making millions would take the time away from the races. */
    public static final Raised IT = new Raised();

    private Raised() {
        super("raised", null, false, false);
    }
}
