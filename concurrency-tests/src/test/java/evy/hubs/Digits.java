package evy.hubs;

import org.jspecify.annotations.Nullable;

/** Numbers a proof's threads give each other, put together to one that reads well in a table. */
final class Digits {
    /* More than any proof hands in: what is linked in a circle ends all the same. */
    private static final int LONGEST = 9;

    private Digits() {}

    /** The tasks of a list in their order, one decimal digit each; 0 for none. */
    static int ofTasks(@Nullable Task first) {
        int digits = 0;
        int length = 0;
        for (Task task = first; task != null && length++ < LONGEST; task = task.next) {
            digits = digits * 10 + ((NumberedTask) task).digit;
        }
        return digits;
    }

    /** What a waiter was given; 0 for nothing. */
    static int ofMessage(Waiter waiter) {
        return waiter.message() instanceof Integer given ? given : 0;
    }
}
