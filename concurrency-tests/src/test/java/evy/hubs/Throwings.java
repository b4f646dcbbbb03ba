package evy.hubs;

/** Which of a thread's waits throws what is raised into it. */
public final class Throwings {
    /** The first one, which it was meant for. */
    public static final String FIRST = "first";

    /** The second one: the first had ended by then. */
    public static final String SECOND = "second";

    /** Longer than any pause of a machine. */
    static final long LONG_NANOS = 20_000_000_000L;

    private Throwings() {}

    /** Waits as told, and then for long for nothing. {@link Raised} is sure to be raised. */
    public static String of(Ends.Wait wait) {
        return Ends.of(wait).equals(Ends.THROWN)
                ? (isThrown(0) ? "twice" : FIRST)
                : (isThrown(LONG_NANOS) ? SECOND : "none");
    }

    private static boolean isThrown(long nanos) {
        Waiter next = Waiter.current("the next");
        return Ends.of(() -> next.await(nanos)).equals(Ends.THROWN);
    }

    /** True if the current thread is interrupted or has something to throw; clears both. */
    public static boolean left() {
        return Thread.interrupted() | Greenlet.current().withdraw(Raised.IT);
    }
}
