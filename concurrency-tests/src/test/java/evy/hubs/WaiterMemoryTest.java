package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/**
 * A thread writes an ordinary field, wakes a waiter and gives it something; the other one, once it
 * has found itself woken, reads the field and what it was given.
 *
 * <p>Claim: what was done before the wake happens-before the return of {@code await}, and so does
 * the message.
 *
 * <pre>{@code
 * woken,  field, message
 * true,   1,     2
 * false,  any,   0        expired first: it is told nothing
 * true,   0,     any      FORBIDDEN: woken, but by whom and what for it cannot see
 * true,   any,   0        FORBIDDEN
 * }</pre>
 */
@JCStressTest
@Outcome(id = "true, 1, 2", expect = ACCEPTABLE, desc = "Woken, and sees it all.")
@Outcome(id = "false, [01], 0", expect = ACCEPTABLE, desc = "Expired first.")
@Outcome(expect = FORBIDDEN, desc = "Woken, but sees what was before.")
@State
public class WaiterMemoryTest {
    private final Waiter waiter = Waiter.current("a proof");
    private int field;

    @Actor
    public void waker() {
        field = 1;
        boolean unused = waiter.wake(2);
    }

    @Actor
    public void waiter(ZII_Result r) {
        r.r1 = Ends.of(waiter).equals(Ends.WOKEN);
        r.r2 = field;
        r.r3 = r.r1 ? Digits.ofMessage(waiter) : 0;
    }
}
