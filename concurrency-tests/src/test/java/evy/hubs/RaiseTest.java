package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;

/**
 * An exception is raised into a thread (one that is not green: a green one shares its hub's thread
 * with its raisers) while that enters a wait.
 *
 * <p>Claim: it is thrown, as itself, once, and nothing of it is left: no interrupt, nothing
 * pending. The waiting thread shows its waiter and then looks for what is pending; the raiser
 * leaves the exception and then looks for a waiter. One of them sees the other.
 *
 * <pre>{@code
 * thrown by,  something left
 * first,      false           the wait it was meant for
 * second,     false           that wait ended just before; the next one throws it
 * none,       any             FORBIDDEN: the exception was lost
 * twice,      any             FORBIDDEN
 * any,        true            FORBIDDEN: an interrupt would end a wait it was not meant for
 * }</pre>
 */
public class RaiseTest {
    /** A wait with no other end. */
    @JCStressTest
    @Outcome(id = "first, false", expect = ACCEPTABLE, desc = "Thrown by the wait.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, doubled, or something is left.")
    @State
    public static class Parked {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private volatile @Nullable Greenlet target;

        @Actor
        public void waiter(LZ_Result r) {
            Waiter waiter = Waiter.current("a proof");
            target = Greenlet.current();
            r.r1 = Throwings.of(() -> waiter.await(Throwings.LONG_NANOS));
            r.r2 = Throwings.left();
        }

        @Actor
        public void raiser() {
            Published.get(() -> target).raise(Raised.IT);
        }
    }

    /** A wait whose limit is over at the same time. */
    @JCStressTest
    @Outcome(id = "first, false", expect = ACCEPTABLE, desc = "Thrown by the wait.")
    @Outcome(id = "second, false", expect = ACCEPTABLE, desc = "Thrown by the next wait.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, doubled, or something is left.")
    @State
    public static class Expiring {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private volatile @Nullable Greenlet target;

        @Actor
        public void waiter(LZ_Result r) {
            Waiter waiter = Waiter.current("a proof");
            target = Greenlet.current();
            r.r1 = Throwings.of(() -> waiter.await(1));
            r.r2 = Throwings.left();
        }

        @Actor
        public void raiser() {
            Published.get(() -> target).raise(Raised.IT);
        }
    }
}
