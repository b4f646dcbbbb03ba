package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/**
 * The twin of {@link WaiterMemoryTest}: wakes first and attaches what it has to give then, which is
 * what a processor or compiler may make of it without the order that the state's accesses impose.
 */
@JCStressTest
@Outcome(id = "true, 1, 2", expect = ACCEPTABLE, desc = "Woken, and sees it all.")
@Outcome(id = "false, [01], 0", expect = ACCEPTABLE, desc = "Expired first.")
@Outcome(expect = FORBIDDEN, desc = "Woken, but sees what was before.")
@State
public class WaiterMemoryBrokenTest {
    private final Waiter waiter = Waiter.current("a proof");
    private int field;

    @Actor
    public void waker() {
        field = 1;
        if (waiter.wake()) {
            waiter.bring(2); // wrong: it may have gone on with nothing
        }
    }

    @Actor
    public void waiter(ZII_Result r) {
        r.r1 = Ends.of(waiter).equals(Ends.WOKEN);
        r.r2 = field;
        r.r3 = r.r1 ? Digits.ofMessage(waiter) : 0;
    }
}
