package evy.sync;

/**
 * A semaphore that refuses more releases than acquires: guards against a permit given back twice.
 * With one permit it is a lock that any thread may release.
 *
 * @thread any
 * @source eventlet {@code semaphore.BoundedSemaphore}
 */
public final class BoundedSemaphore extends Semaphore {
    private final int bound;

    /** A semaphore with one permit. */
    public BoundedSemaphore() {
        this(1);
    }

    /**
     * A semaphore with a given number of permits, and never more.
     *
     * @param permits how many can be acquired before one must be released; may be 0, when nothing
     *     can ever be released
     * @throws IllegalArgumentException if {@code permits} is negative
     */
    public BoundedSemaphore(int permits) {
        super(permits);
        this.bound = permits;
    }

    /**
     * Gives a permit back. Never blocks.
     *
     * @throws IllegalStateException if none has been acquired; the number of permits is left as it
     *     was
     */
    @Override
    public void release() {
        waiters.lock();
        try {
            if (permits() >= bound) {
                throw new IllegalStateException(
                        this + ": released more often than acquired; it has " + bound + " permits");
            }
            give();
        } finally {
            waiters.unlock();
        }
    }
}
