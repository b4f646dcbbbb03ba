package evy.internal.util;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads count, twice each, an ordinary field that a lock guards; the first time within a
 * re-entry of the lock.
 *
 * <p>Claim: one does both its steps, then the other, and sees what the first has done. A re-entry
 * does not let the other one in when it ends.
 *
 * <pre>{@code
 * one, other, in the end
 * 2,   4,     4
 * 4,   2,     4
 * any other   FORBIDDEN: both were in it, or the later one did not see the earlier one's writes
 * }</pre>
 */
@JCStressTest
@Outcome(id = "2, 4, 4", expect = ACCEPTABLE, desc = "The one, then the other.")
@Outcome(id = "4, 2, 4", expect = ACCEPTABLE, desc = "The other, then the one.")
@Outcome(expect = FORBIDDEN, desc = "Both at once, or one did not see the other.")
@State
public class SpinLockTest {
    private final SpinLock lock = new SpinLock();
    private int count;

    @Actor
    public void one(III_Result r) {
        r.r1 = countTwice();
    }

    @Actor
    public void other(III_Result r) {
        r.r2 = countTwice();
    }

    private int countTwice() {
        lock.lock();
        countOnce();
        int counted = ++count; // after the re-entry
        lock.unlock();
        return counted;
    }

    private void countOnce() {
        lock.lock();
        count++;
        lock.unlock();
    }

    @Arbiter
    public void result(III_Result r) {
        r.r3 = count;
    }
}
