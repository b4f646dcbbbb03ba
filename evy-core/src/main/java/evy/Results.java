package evy;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.internal.util.Cleaners;

import org.jspecify.annotations.Nullable;

import java.lang.ref.Cleaner;
import java.util.Iterator;
import java.util.concurrent.Callable;

/**
 * The results of {@link GreenPool#imap}, in the order of its input. Iterated once.
 *
 * <p>Close it when you stop early: what was started is killed, and the input is left alone. One
 * that is dropped without is closed when the garbage collector finds it.
 *
 * @param <T> type of the results
 * @thread one at a time
 */
public final class Results<T extends @Nullable Object> extends ResultIterator<T>
        implements AutoCloseable {
    private final Producer<T> producer;
    private final Cleaner.Cleanable closer;

    private Results(Producer<T> producer) {
        this.producer = producer;
        // the producer does not know this object, or it would never be found
        this.closer = Cleaners.register(this, producer::stop);
    }

    static <T extends @Nullable Object> Results<T> start(
            GreenPool pool, Callable<Iterator<Callable<T>>> input) {
        Producer<T> producer = new Producer<>(pool, input);
        producer.begin();
        return new Results<>(producer);
    }

    @Override
    @Nullable GreenThread<T> take() {
        return producer.take();
    }

    /** Kills what still runs and takes no more from the input. Idempotent; does not wait. */
    @Override
    public void close() {
        GreenThread<T> dropped = dropAhead();
        if (dropped != null) {
            dropped.cancel(true);
        }
        closer.clean();
    }

    /** The green thread that takes from the input and spawns. */
    private static final class Producer<T extends @Nullable Object> extends Greenlet {
        private final GreenPool pool;
        private final Callable<Iterator<Callable<T>>> input;
        private final boolean forMember;
        private final ResultQueue<T> queue = new ResultQueue<>();

        // guarded by this
        private int unconsumed;
        private @Nullable Waiter stalled;
        private @Nullable Throwable failure;
        private boolean stopped;

        Producer(GreenPool pool, Callable<Iterator<Callable<T>>> input) {
            super(Hub.current(), null);
            this.pool = pool;
            this.input = input;
            this.forMember = pool.isMember();
        }

        void begin() {
            queue.enter();
            start();
        }

        @Override
        protected void run() throws Exception {
            Iterator<Callable<T>> calls = input.call();
            while (awaitRoom() && calls.hasNext()) {
                Callable<T> call = calls.next();
                // a member that waits for these results holds a slot: fill in for it
                add(pool.spawn(call, forMember));
            }
        }

        @Override
        protected void ended(@Nullable Throwable cause) {
            synchronized (this) {
                failure = cause;
            }
            queue.leave();
        }

        private synchronized void add(GreenThread<T> thread) {
            queue.add(thread);
            unconsumed++;
            if (stopped) {
                thread.cancel(true); // stopped while it waited for the slot
            }
        }

        /** Waits until fewer results are unconsumed than the pool is big; false if stopped. */
        private boolean awaitRoom() {
            while (true) {
                Waiter waiter = Waiter.current("results to be consumed");
                synchronized (this) {
                    if (stopped) {
                        return false;
                    }
                    if (unconsumed < Math.max(1, pool.size())) {
                        return true;
                    }
                    stalled = waiter;
                }
                Waits.await(waiter);
            }
        }

        @Nullable GreenThread<T> take() {
            GreenThread<T> next = queue.take();
            Throwable cause;
            synchronized (this) {
                if (next != null) {
                    unconsumed--;
                    if (stalled != null) {
                        stalled.wake();
                        stalled = null;
                    }
                    return next;
                }
                cause = stopped ? null : failure;
                failure = null;
            }
            if (cause != null) {
                throw Greenlet.<RuntimeException>thrown(cause);
            }
            return null;
        }

        /** Ends it and what it has started. Called by the cleaner, too. */
        void stop() {
            synchronized (this) {
                stopped = true;
            }
            raise(new GreenThreadExit("its results are not wanted any more"));
            for (GreenThread<T> left = queue.poll(); left != null; left = queue.poll()) {
                left.cancel(true);
            }
        }
    }
}
