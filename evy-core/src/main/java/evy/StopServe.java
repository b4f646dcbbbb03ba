package evy;

/** Thrown by a handler to make {@link Evy#serve} return normally. */
public final class StopServe extends Exception {
    private static final long serialVersionUID = 1L;

    /** The only kind there is. */
    public StopServe() {
        super("stop serving", null, false, false);
    }
}
