package evy.testkit.contract;

import java.time.Duration;

/**
 * Something that is waited for and granted, as the contracts see it: a permit to acquire, an
 * element to take, room to put one, an event to come.
 *
 * @thread any
 */
public interface Waited {
    /**
     * Waits without limit.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    void await() throws InterruptedException;

    /**
     * Waits, but not for ever.
     *
     * @param limit longest wait
     * @return false if the time was over first
     * @throws InterruptedException if interrupted while waiting
     */
    boolean await(Duration limit) throws InterruptedException;

    /**
     * Takes it if it can be had now.
     *
     * @return false if it cannot
     */
    boolean tryNow();

    /**
     * Gives it: to who waits, or to who comes next. Never waits.
     *
     * @return false if nobody waits and it cannot be kept
     */
    boolean grant();

    /** {@return how many wait} */
    int waiting();

    /** {@return true if {@link #await(Duration)} refuses negative limits} */
    default boolean refusesNegativeLimit() {
        return false;
    }
}
