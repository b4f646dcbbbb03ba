package evy.hubs;

/** How a wait ended, as a word. */
public final class Ends {
    /** It got what it waited for. */
    public static final String WOKEN = "woken";

    /** Its time was over. */
    public static final String EXPIRED = "expired";

    /** {@link Raised} was raised into it. */
    public static final String THROWN = "thrown";

    private Ends() {}

    /** Ends the wait by its time limit unless it has ended already. */
    static String of(Waiter waiter) {
        return of(() -> waiter.await(0));
    }

    /** What a wait comes to. */
    public static String of(Wait wait) {
        try {
            return wait.await() ? WOKEN : EXPIRED;
        } catch (Raised e) {
            return THROWN;
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }

    /** A wait that is true if it got what it waited for. */
    public interface Wait {
        boolean await() throws InterruptedException;
    }
}
