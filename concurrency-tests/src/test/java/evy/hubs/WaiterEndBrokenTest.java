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
 * The twin of {@link WaiterEndTest}: a waiter whose state is looked at and then written, in two
 * steps instead of one compare-and-set.
 */
@JCStressTest
@Outcome(id = "true, false, woken", expect = ACCEPTABLE, desc = "The wake was first.")
@Outcome(id = "false, true, expired", expect = ACCEPTABLE, desc = "The limit was first.")
@Outcome(expect = FORBIDDEN, desc = "Two winners, none, or the wrong one.")
@State
public class WaiterEndBrokenTest {
    private volatile String state = "waiting";

    @Actor
    public void wake(ZZL_Result r) {
        r.r1 = end(Ends.WOKEN);
    }

    @Actor
    public void expire(ZZL_Result r) {
        r.r2 = end(Ends.EXPIRED);
    }

    @Arbiter
    public void end(ZZL_Result r) {
        r.r3 = state;
    }

    private boolean end(String how) {
        if (state.equals("waiting")) {
            state = how; // wrong: the other may have been here since
            return true;
        }
        return false;
    }
}
