package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The twin of {@link WaiterParkTest}: a waiter that is unparked first and marked as woken then. One
 * that comes between the two takes the permit, finds itself not woken, and parks again for good.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Woken, and went on.")
@Outcome(expect = FORBIDDEN, desc = "Slept through the wake.")
@State
public class WaiterParkBrokenTest {
    /* Short enough to see many. */
    private static final long LIMIT_NANOS = 5_000_000;

    private volatile @Nullable Unpark waiter;

    @Actor
    public void waiter(ZZ_Result r) {
        Unpark mine = new Unpark(Thread.currentThread());
        waiter = mine;
        r.r1 = mine.await(System.nanoTime() + LIMIT_NANOS);
    }

    @Actor
    public void waker(ZZ_Result r) {
        r.r2 = Published.get(() -> waiter).wake();
    }

    private static final class Unpark {
        private final Thread thread;
        private final AtomicBoolean woken = new AtomicBoolean();

        Unpark(Thread thread) {
            this.thread = thread;
        }

        boolean wake() {
            LockSupport.unpark(thread); // wrong: too early
            return woken.compareAndSet(false, true);
        }

        /* False only if it slept through the wake, not if this thread or the waker was held up. */
        boolean await(long deadline) {
            int parks = 0;
            while (!woken.get()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return true;
                }
                LockSupport.parkNanos(this, left);
                parks++;
            }
            return parks < 2 || System.nanoTime() < deadline;
        }
    }
}
