package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILI_Result;

/**
 * Three waiters stand in a queue; one thread gives the messages 1 and 2 to those in front, while
 * the time limit of the second waiter is over.
 *
 * <p>Claim: the messages go to those who have waited longest and still wait, in that order. Who
 * gave up has left and has got nothing; no message is given twice or to nobody.
 *
 * <pre>{@code
 * got by 1st 2nd 3rd, the 2nd, still queued
 * 120,                woken,   1     it was served before it gave up
 * 102,                expired, 0     it gave up, so the next one was served
 * 100,                expired, any   FORBIDDEN: 2 went to one that had given up
 * 122,                woken,   any   FORBIDDEN: 2 was given twice
 * 0..,                any,     any   FORBIDDEN: the first was overtaken
 * }</pre>
 */
@JCStressTest
@Outcome(id = "120, woken, 1", expect = ACCEPTABLE, desc = "The second was served.")
@Outcome(id = "102, expired, 0", expect = ACCEPTABLE, desc = "It gave up, the third was served.")
@Outcome(expect = FORBIDDEN, desc = "A message was lost, doubled or overtaken.")
@State
public class WaitQueueTest {
    private final WaitQueue queue = new WaitQueue();
    private final Waiter first;
    private final Waiter second;
    private final Waiter third;

    public WaitQueueTest() {
        queue.lock();
        first = queue.enter("a proof");
        second = queue.enter("a proof");
        third = queue.enter("a proof");
        queue.unlock();
    }

    @Actor
    public void waker() {
        wake(1);
        wake(2);
    }

    private void wake(int message) {
        queue.lock();
        boolean unused = queue.wakeFirst(message);
        queue.unlock();
    }

    @Actor
    public void second(ILI_Result r) {
        r.r2 = Ends.of(() -> queue.await(second, 0));
        r.r1 = Digits.ofMessage(second);
    }

    @Arbiter
    public void result(ILI_Result r) {
        r.r1 = Digits.ofMessage(first) * 100 + r.r1 * 10 + Digits.ofMessage(third);
        queue.lock();
        r.r3 = queue.size();
        queue.unlock();
    }
}
