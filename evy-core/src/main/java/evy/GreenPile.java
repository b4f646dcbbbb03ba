package evy;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;

/**
 * Work that is spawned first and whose results are read out later, in the order it was spawned.
 *
 * <p>Several piles may share a pool; its limit then holds for all of them together. The pile keeps
 * every result until it is read.
 *
 * {@snippet :
 * var pile = new GreenPile<String>(POOL);
 * for (var url : urls) {
 *     pile.spawn(() -> title(url));
 * }
 * for (var title : pile) {
 *     IO.println(title);
 * }
 * }
 *
 * <p>The iteration ends when everything spawned so far has been read and nobody is in {@link
 * #spawn}. If one green thread spawns while another reads, the reader may be ahead for a moment:
 * call {@link #hold} before, and {@link #done} when all is spawned.
 *
 * @param <T> type of the results
 * @thread any may spawn; one at a time may iterate
 * @source eventlet {@code greenpool.GreenPile}
 */
public final class GreenPile<T extends @Nullable Object> extends ResultIterator<T> {
    private final GreenPool pool;
    private final ResultQueue<T> queue = new ResultQueue<>();
    private boolean held;

    /** A pile on a pool of its own of the usual size. */
    public GreenPile() {
        this(new GreenPool());
    }

    /**
     * A pile on a pool of its own.
     *
     * @param size size of the pool
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public GreenPile(int size) {
        this(new GreenPool(size));
    }

    /**
     * A pile on a pool that others use, too.
     *
     * @param pool the pool
     */
    public GreenPile(GreenPool pool) {
        this.pool = pool;
    }

    /**
     * Spawns a function in the pool; its result is one of the pile's. If it is interrupted while it
     * waits for a slot, nothing was spawned.
     *
     * @checkpoint if the pool is full
     * @param body the function
     */
    public void spawn(Callable<? extends T> body) {
        queue.enter();
        try {
            queue.add(pool.spawn(body));
        } finally {
            queue.leave();
        }
    }

    /**
     * Does something in the pool, whose result is null; otherwise as {@link #spawn(Callable)}.
     *
     * @checkpoint if the pool is full
     * @param body what to do
     */
    public void spawn(Body<?> body) {
        spawn(
                () -> {
                    body.run();
                    return null;
                });
    }

    /**
     * Announces that more will be spawned: the iteration does not end before {@link #done}.
     * Idempotent.
     */
    public synchronized void hold() {
        if (!held) {
            held = true;
            queue.enter();
        }
    }

    /** Takes {@link #hold} back: the iteration may end. Idempotent. */
    public synchronized void done() {
        if (held) {
            held = false;
            queue.leave();
        }
    }

    @Override
    @Nullable GreenThread<T> take() {
        return queue.take();
    }
}
