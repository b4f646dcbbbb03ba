package evy.behaviour;

import evy.sync.GreenLifoQueue;
import evy.sync.GreenPriorityQueue;
import evy.sync.GreenQueue;
import evy.sync.LightQueue;
import evy.testkit.contract.HandOverContract;
import evy.testkit.contract.Waited;

import org.junit.jupiter.api.Nested;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The contract of what is waited for, for both sides of all queues. */
@AnyPoller
class QueueWaitingContractTest {
    private static final Integer ELEMENT = 1;
    private static final int SIZE = 8;

    @Nested
    class TakeLight extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new LightQueue<Integer>();
            return take(queue, queue::getting);
        }
    }

    @Nested
    class TakeGreen extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new GreenQueue<Integer>(SIZE);
            return take(queue, queue::getting);
        }
    }

    @Nested
    class TakePriority extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new GreenPriorityQueue<Integer>();
            return take(queue, queue::getting);
        }
    }

    @Nested
    class TakeLifo extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new GreenLifoQueue<Integer>();
            return take(queue, queue::getting);
        }
    }

    @Nested
    class TakeRendezvous extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new LightQueue<Integer>(0);
            return take(queue, queue::getting);
        }
    }

    @Nested
    class TakeLast extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new LightQueue<Integer>();
            return new Side(
                    queue::takeLast,
                    limit -> queue.pollLast(nanos(limit), TimeUnit.NANOSECONDS) != null,
                    () -> queue.pollLast() != null,
                    () -> queue.offerFirst(ELEMENT),
                    queue::getting);
        }
    }

    @Nested
    class PutLight extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new LightQueue<Integer>(SIZE);
            return put(queue, queue::putting);
        }
    }

    @Nested
    class PutGreen extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new GreenQueue<Integer>(SIZE);
            return put(queue, queue::putting);
        }
    }

    @Nested
    class PutPriority extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new GreenPriorityQueue<Integer>(SIZE);
            return put(queue, queue::putting);
        }
    }

    @Nested
    class PutLifo extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new GreenLifoQueue<Integer>(SIZE);
            return put(queue, queue::putting);
        }
    }

    @Nested
    class PutRendezvous extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new GreenQueue<Integer>(0);
            return put(queue, queue::putting);
        }
    }

    @Nested
    class PutFirst extends HandOverContract {
        @Override
        protected Waited fresh() {
            var queue = new LightQueue<Integer>(SIZE);
            fill(queue);
            return new Side(
                    () -> {
                        queue.putFirst(ELEMENT);
                        return true;
                    },
                    limit -> queue.offerFirst(ELEMENT, nanos(limit), TimeUnit.NANOSECONDS),
                    () -> queue.offerFirst(ELEMENT),
                    () -> queue.pollLast() != null,
                    queue::putting);
        }
    }

    private static Waited take(BlockingQueue<Integer> queue, IntSupplier getting) {
        return new Side(
                queue::take,
                limit -> queue.poll(nanos(limit), TimeUnit.NANOSECONDS) != null,
                () -> queue.poll() != null,
                () -> queue.offer(ELEMENT),
                getting);
    }

    private static Waited put(BlockingQueue<Integer> queue, IntSupplier putting) {
        fill(queue);
        return new Side(
                () -> {
                    queue.put(ELEMENT);
                    return true;
                },
                limit -> queue.offer(ELEMENT, nanos(limit), TimeUnit.NANOSECONDS),
                () -> queue.offer(ELEMENT),
                () -> queue.poll() != null,
                putting);
    }

    private static void fill(BlockingQueue<Integer> queue) {
        while (queue.offer(ELEMENT)) {
            // one more
        }
    }

    private static long nanos(Duration limit) {
        return TimeUnit.NANOSECONDS.convert(limit);
    }

    /** A call with a limit. */
    private interface Limited {
        boolean await(Duration limit) throws InterruptedException;
    }

    /** One side of a queue. */
    private record Side(
            Callable<?> unlimited,
            Limited limited,
            BooleanSupplier now,
            BooleanSupplier granted,
            IntSupplier count)
            implements Waited {
        @Override
        public void await() throws InterruptedException {
            try {
                Object unused = unlimited.call();
            } catch (InterruptedException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            return limited.await(limit);
        }

        @Override
        public boolean tryNow() {
            return now.getAsBoolean();
        }

        @Override
        public boolean grant() {
            return granted.getAsBoolean();
        }

        @Override
        public int waiting() {
            return count.getAsInt();
        }
    }
}
