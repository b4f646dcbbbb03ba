package evy.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import evy.hubs.Ends;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Published;
import evy.hubs.Raised;
import evy.hubs.Throwings;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

import java.time.Duration;

/**
 * The only permit of a semaphore is released while the thread that waits for it gives up.
 *
 * <p>Claim: permits are conserved. Either the waiting thread has got the permit or the semaphore
 * has it, whatever ended the wait.
 */
public class SemaphoreTest {
    /**
     * Gives up by its time limit, which is so short that it is over about when the release comes.
     *
     * <pre>{@code
     * acquire, balance
     * woken,   0        it has it
     * expired, 1        the semaphore has it
     * expired, 0        FORBIDDEN: lost
     * woken,   1        FORBIDDEN: doubled
     * }</pre>
     */
    @JCStressTest
    @Outcome(id = "woken, 0", expect = ACCEPTABLE, desc = "Acquired.")
    @Outcome(id = "expired, 1", expect = ACCEPTABLE, desc = "Given up, the permit is there.")
    @Outcome(expect = FORBIDDEN, desc = "A permit was lost or doubled.")
    @State
    public static class TimeLimit {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private static final Duration SHORT = Duration.ofNanos(1);

        private final Semaphore semaphore = new Semaphore(0);

        @Actor
        public void acquirer(LI_Result r) {
            r.r1 = Ends.of(() -> semaphore.tryAcquire(SHORT));
        }

        @Actor
        public void releaser() {
            semaphore.release();
        }

        @Arbiter
        public void result(LI_Result r) {
            r.r2 = semaphore.balance();
        }
    }

    /**
     * Gives up by what is raised into it right before the release.
     *
     * <pre>{@code
     * thrown by,        balance
     * the acquire,      1        the semaphore has it
     * the next wait,    0        acquired before; the exception was late
     * the acquire,      0        FORBIDDEN: lost
     * the next wait,    1        FORBIDDEN: doubled
     * }</pre>
     */
    @JCStressTest
    @Outcome(id = "second, 0", expect = ACCEPTABLE, desc = "Acquired, thrown later.")
    @Outcome(id = "first, 1", expect = ACCEPTABLE, desc = "Torn away, the permit is there.")
    @Outcome(expect = FORBIDDEN, desc = "A permit or the exception was lost or doubled.")
    @State
    public static class Raise {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private final Semaphore semaphore = new Semaphore(0);
        private volatile @Nullable Greenlet target;

        @Actor
        public void acquirer(LI_Result r) {
            target = Greenlet.current();
            r.r1 = Throwings.of(() -> semaphore.tryAcquire(Waits.LONG));
        }

        @Actor
        public void raiser() {
            Greenlet greenlet = Published.get(() -> target);
            greenlet.raise(Raised.IT);
            semaphore.release();
        }

        @Arbiter
        public void result(LI_Result r) {
            r.r2 = semaphore.balance();
        }
    }
}
