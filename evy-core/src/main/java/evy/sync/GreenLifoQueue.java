package evy.sync;

/**
 * A queue between threads from which the newest element comes out first.
 *
 * <p>Who takes an element says {@link #taskDone} when it is worked off; {@link #join} waits until
 * all are. In everything else as {@link LightQueue}, but for its two ends.
 *
 * @param <E> type of the elements
 * @thread any; {@code offer}, {@code poll} and {@code peek} without a time limit also in a hub's
 *     callback
 * @source eventlet {@code queue.LifoQueue}
 */
public final class GreenLifoQueue<E> extends JoinableQueue<E> {
    /** A queue without a bound. */
    public GreenLifoQueue() {
        this(UNBOUNDED);
    }

    /**
     * A queue with a bound.
     *
     * @param maxSize most elements in the queue; 0 to hand over only, negative for no bound
     */
    public GreenLifoQueue(int maxSize) {
        super(maxSize, new Line<>(true));
    }
}
