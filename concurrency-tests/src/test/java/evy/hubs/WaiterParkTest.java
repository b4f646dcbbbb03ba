package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A thread makes a waiter, lets another one know it and waits in earnest, parked, while the other
 * wakes it.
 *
 * <p>Claim: wherever the wake meets the waiting thread (before it looks, between its look and the
 * park, or parked) the thread goes on. A sleep to the end of the limit, which is far longer than
 * any pause of this machine, is a lost wake-up.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Woken, and went on.")
@Outcome(expect = FORBIDDEN, desc = "Slept through the wake.")
@State
public class WaiterParkTest {
    /* Started now, not in the midst of the first race. */
    static final Hub DEFAULT_HUB = Hub.getDefault();

    private static final long LIMIT_NANOS = 20_000_000_000L;

    private volatile @Nullable Waiter waiter;

    @Actor
    public void waiter(ZZ_Result r) {
        Waiter mine = Waiter.current("a proof");
        long begun = System.nanoTime();
        waiter = mine;
        String end = Ends.of(() -> mine.await(LIMIT_NANOS));
        r.r1 = end.equals(Ends.WOKEN) && System.nanoTime() - begun < LIMIT_NANOS;
    }

    @Actor
    public void waker(ZZ_Result r) {
        r.r2 = Published.get(() -> waiter).wake();
    }
}
