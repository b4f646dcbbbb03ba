package evy.patcher.weave;

/** This JDK does not look as a patch expects it to. */
public final class ShapeException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what is missing or different
     */
    public ShapeException(String message) {
        super(message);
    }
}
