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

/** The twins of {@link SemaphoreTest}: the same two meetings, at {@link BrokenPermits}. */
public class SemaphoreBrokenTest {
    /** The permit goes to one that may have given up. */
    @JCStressTest
    @Outcome(id = "woken, 0", expect = ACCEPTABLE, desc = "Acquired.")
    @Outcome(id = "expired, 1", expect = ACCEPTABLE, desc = "Given up, the permit is there.")
    @Outcome(expect = FORBIDDEN, desc = "A permit was lost or doubled.")
    @State
    public static class TimeLimit {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private final BrokenPermits permits = new BrokenPermits();

        @Actor
        public void acquirer(LI_Result r) {
            r.r1 = Ends.of(() -> permits.tryAcquire(1));
        }

        @Actor
        public void releaser() {
            permits.releaseBlindly();
        }

        @Arbiter
        public void result(LI_Result r) {
            r.r2 = permits.left();
        }
    }

    /** The permit goes to one that may have been torn away. */
    @JCStressTest
    @Outcome(id = "second, 0", expect = ACCEPTABLE, desc = "Acquired, thrown later.")
    @Outcome(id = "first, 1", expect = ACCEPTABLE, desc = "Torn away, the permit is there.")
    @Outcome(expect = FORBIDDEN, desc = "A permit or the exception was lost or doubled.")
    @State
    public static class Raise {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private final BrokenPermits permits = new BrokenPermits();
        private volatile @Nullable Greenlet target;

        @Actor
        public void acquirer(LI_Result r) {
            target = Greenlet.current();
            r.r1 = Throwings.of(() -> permits.tryAcquire(Waits.LONG.toNanos()));
        }

        @Actor
        public void raiser() {
            Greenlet greenlet = Published.get(() -> target);
            greenlet.raise(Raised.IT);
            permits.releaseBlindly();
        }

        @Arbiter
        public void result(LI_Result r) {
            r.r2 = permits.left();
        }
    }
}
