package evy.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import evy.hubs.Hub;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A thread writes an ordinary field and sends an event, while another one waits for it.
 *
 * <p>Claim: the waiting thread gets the value, wherever the send meets it, and sees what was done
 * before. It waits in earnest; a wait to the end of the limit is a lost wake-up.
 */
@JCStressTest
@Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "Got the value, sees the field.")
@Outcome(expect = FORBIDDEN, desc = "Slept through the send, or does not see what was before.")
@State
public class EventTest {
    /* Started now, not in the midst of the first race. */
    static final Hub DEFAULT_HUB = Hub.getDefault();

    private final Event<Integer> event = new Event<>();
    private int field;

    @Actor
    public void sender() {
        field = 1;
        event.send(7);
    }

    @Actor
    public void waiter(II_Result r) {
        r.r1 = Taken.orZero(() -> event.await(Waits.LONG));
        r.r2 = field;
    }
}
