package evy.patcher;

/**
 * What came of one place of the JDK that can be patched.
 *
 * @param seam name of the place
 * @param group what switches it on
 * @param state what happened
 * @param detail what is green by it, or what prevented it
 */
public record SeamReport(String seam, Group group, State state, String detail) {
    /** What happened to a seam. */
    public enum State {
        /** The JDK is patched here. */
        APPLIED,
        /** This JDK does not look as expected; its own behaviour stays. */
        NOT_FOUND,
        /** The patch does not work here; the JDK's own behaviour stays. */
        FAILED,
        /** Not asked for. */
        OFF
    }

    /** {@return a line for people} */
    @Override
    public String toString() {
        return "%-9s %-8s %-20s %s".formatted(state, group, seam, detail);
    }
}
