package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Two threads end the same wait at once, each in its own way.
 *
 * <p>Claim: exactly one of them is told that it was the one, and the wait ends in its way. Whoever
 * handed something over with the wake can rely on the answer: true, and the waiter takes it; false,
 * and it never will.
 *
 * <pre>{@code
 * one,    other,  how the wait ended
 * true,   false,  as the one wanted
 * false,  true,   as the other wanted
 * true,   true,   either              FORBIDDEN: two winners, a permit is counted twice
 * false,  false,  either              FORBIDDEN: none, a permit is lost
 * true,   false,  as the other wanted FORBIDDEN: the answer was a lie
 * }</pre>
 */
public class WaiterEndTest {
    /** A wake and the time limit. */
    @JCStressTest
    @Outcome(id = "true, false, woken", expect = ACCEPTABLE, desc = "The wake was first.")
    @Outcome(id = "false, true, expired", expect = ACCEPTABLE, desc = "The limit was first.")
    @Outcome(expect = FORBIDDEN, desc = "Two winners, none, or the wrong one.")
    @State
    public static class WakeExpire {
        private final Waiter waiter = Waiter.current("a proof");

        @Actor
        public void wake(ZZL_Result r) {
            r.r1 = waiter.wake();
        }

        @Actor
        public void expire(ZZL_Result r) {
            r.r2 = waiter.expire();
        }

        @Arbiter
        public void end(ZZL_Result r) {
            r.r3 = Ends.of(waiter);
        }
    }

    /** A wake and an exception raised into the thread. */
    @JCStressTest
    @Outcome(id = "true, false, woken", expect = ACCEPTABLE, desc = "The wake was first.")
    @Outcome(id = "false, true, thrown", expect = ACCEPTABLE, desc = "The raise was first.")
    @Outcome(expect = FORBIDDEN, desc = "Two winners, none, or the wrong one.")
    @State
    public static class WakeAbort {
        private final Waiter waiter = Waiter.current("a proof");

        @Actor
        public void wake(ZZL_Result r) {
            r.r1 = waiter.wake();
        }

        @Actor
        public void abort(ZZL_Result r) {
            r.r2 = waiter.abort(Raised.IT);
        }

        @Arbiter
        public void end(ZZL_Result r) {
            r.r3 = Ends.of(waiter);
        }
    }

    /** The time limit and an exception raised into the thread. */
    @JCStressTest
    @Outcome(id = "true, false, expired", expect = ACCEPTABLE, desc = "The limit was first.")
    @Outcome(id = "false, true, thrown", expect = ACCEPTABLE, desc = "The raise was first.")
    @Outcome(expect = FORBIDDEN, desc = "Two winners, none, or the wrong one.")
    @State
    public static class ExpireAbort {
        private final Waiter waiter = Waiter.current("a proof");

        @Actor
        public void expire(ZZL_Result r) {
            r.r1 = waiter.expire();
        }

        @Actor
        public void abort(ZZL_Result r) {
            r.r2 = waiter.abort(Raised.IT);
        }

        @Arbiter
        public void end(ZZL_Result r) {
            r.r3 = Ends.of(waiter);
        }
    }
}
