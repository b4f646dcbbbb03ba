package evy.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import evy.hubs.Hub;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The twin of {@link EventTest}: the same meeting, at a {@link LateEvent}. */
@JCStressTest
@Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "Got the value, sees the field.")
@Outcome(expect = FORBIDDEN, desc = "Slept through the send, or does not see what was before.")
@State
public class EventBrokenTest {
    /* Started now, not in the midst of the first race. */
    static final Hub DEFAULT_HUB = Hub.getDefault();

    private final LateEvent event = new LateEvent();
    private int field;
    private volatile long sentNanos;

    @Actor
    public void sender() {
        field = 1;
        event.send(7);
        sentNanos = System.nanoTime();
    }

    @Actor
    public void waiter(II_Result r) {
        int value = Taken.orZero(() -> event.await(Waits.VISIBLE_NANOS));
        r.r1 = value == 0 && wasHeldUp() ? 7 : value;
        r.r2 = field;
    }

    /* A wait that ended because the sender was late, not because it slept through the send. */
    private boolean wasHeldUp() {
        long sent = sentNanos;
        return sent == 0 || System.nanoTime() - sent < Waits.VISIBLE_NANOS / 2;
    }
}
