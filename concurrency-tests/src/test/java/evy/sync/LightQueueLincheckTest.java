package evy.sync;

import evy.proofs.ModelChecks;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * A queue with room for one element, called by two threads in any way.
 *
 * <p>Claim: it is linearizable. Every call gives what it would if the calls had come one after the
 * other in some order that keeps each thread's own; a call that waits and gives up gives what one
 * that only looks would. From that follow conservation and first in, first out.
 *
 * <p>A queue of size 0 is left out: a put and a take that meet there have no order. {@link
 * LightQueueTest.HandOver} is about it.
 */
class LightQueueLincheckTest {
    @Test
    void lightQueue_anyInterleaving_linearizable() {
        ModelChecks.assertLinearizable(Real.class, Specification.class, 2, 2);
    }

    @Test
    void blindQueue_sameChecks_foundOut() {
        ModelChecks.assertFoundOut(
                () -> ModelChecks.assertLinearizable(Blind.class, Specification.class, 2, 2),
                "Invalid execution results");
    }

    /** What is claimed to hold. */
    public static class Real {
        private final LightQueue<Integer> queue = new LightQueue<>(1);

        @Operation
        public boolean offer(int e) {
            return queue.offer(e);
        }

        @Operation
        public boolean offerAndWait(int e) throws InterruptedException {
            return queue.offer(e, 1, TimeUnit.NANOSECONDS);
        }

        @Operation
        public @Nullable Integer poll() {
            return queue.poll();
        }

        @Operation
        public @Nullable Integer pollAndWait() throws InterruptedException {
            return queue.poll(1, TimeUnit.NANOSECONDS);
        }

        @Operation
        public void close() {
            queue.close();
        }
    }

    /** The twin. */
    public static class Blind {
        private final BlindQueue queue = new BlindQueue(1);

        @Operation
        public boolean offer(int e) {
            return queue.offer(e);
        }

        @Operation
        public boolean offerAndWait(int e) throws InterruptedException {
            return queue.offer(e, 1);
        }

        @Operation
        public @Nullable Integer poll() {
            return queue.poll();
        }

        @Operation
        public @Nullable Integer pollAndWait() throws InterruptedException {
            return queue.poll(1);
        }
    }

    /** For one thread. */
    public static class Specification {
        private final ArrayDeque<Integer> elements = new ArrayDeque<>();
        private boolean closed;

        public boolean offer(int e) {
            if (closed) {
                throw new QueueClosedException("specification");
            }
            return elements.isEmpty() && elements.add(e);
        }

        public boolean offerAndWait(int e) {
            return offer(e);
        }

        public @Nullable Integer poll() {
            return elements.poll();
        }

        public @Nullable Integer pollAndWait() {
            if (closed && elements.isEmpty()) {
                throw new QueueClosedException("specification");
            }
            return elements.poll();
        }

        public void close() {
            closed = true;
        }
    }
}
