package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILI_Result;

import java.util.ArrayDeque;

/** The twins of {@link WaitQueueTest}: two ways to get the hand-over wrong. */
public class WaitQueueBrokenTest {
    /** Does not look at what {@link Waiter#wake} says. */
    @JCStressTest
    @Outcome(id = "120, woken, 1", expect = ACCEPTABLE, desc = "The second was served.")
    @Outcome(
            id = "102, expired, 0",
            expect = ACCEPTABLE,
            desc = "It gave up, the third was served.")
    @Outcome(expect = FORBIDDEN, desc = "A message was lost, doubled or overtaken.")
    @State
    public static class GivesBlindly extends Queue {
        @Actor
        public void waker() {
            wakeFirst(1);
            wakeFirst(2);
        }

        private synchronized void wakeFirst(int message) {
            Waiter waiter = queue.poll();
            if (waiter != null) {
                boolean unused = waiter.wake(message); // wrong: it may have given up
            }
        }

        @Actor
        public void second(ILI_Result r) {
            giveUp(r);
        }

        @Arbiter
        public void result(ILI_Result r) {
            sumUp(r);
        }
    }

    /** Asks whether somebody waits, and wakes him then: two steps, where one has to decide. */
    @JCStressTest
    @Outcome(id = "120, woken, 1", expect = ACCEPTABLE, desc = "The second was served.")
    @Outcome(
            id = "102, expired, 0",
            expect = ACCEPTABLE,
            desc = "It gave up, the third was served.")
    @Outcome(expect = FORBIDDEN, desc = "A message was lost, doubled or overtaken.")
    @State
    public static class AsksThenGives extends Queue {
        @Actor
        public void waker() {
            wakeFirst(1);
            wakeFirst(2);
        }

        private synchronized void wakeFirst(int message) {
            Waiter waiter = queue.poll();
            while (waiter != null && !waiter.isWaiting()) {
                waiter = queue.poll();
            }
            if (waiter != null) {
                boolean unused = waiter.wake(message); // wrong: it may give up after the question
            }
        }

        @Actor
        public void second(ILI_Result r) {
            giveUp(r);
        }

        @Arbiter
        public void result(ILI_Result r) {
            sumUp(r);
        }
    }

    /** What {@link WaitQueue} does, but for the step that a twin gets wrong. */
    abstract static class Queue {
        final ArrayDeque<Waiter> queue = new ArrayDeque<>();
        private final Waiter first = Waiter.current("a proof");
        private final Waiter second = Waiter.current("a proof");
        private final Waiter third = Waiter.current("a proof");

        Queue() {
            queue.add(first);
            queue.add(second);
            queue.add(third);
        }

        final void giveUp(ILI_Result r) {
            r.r2 = Ends.of(second);
            if (!r.r2.equals(Ends.WOKEN)) {
                synchronized (this) {
                    queue.remove(second);
                }
            }
            r.r1 = Digits.ofMessage(second);
        }

        final void sumUp(ILI_Result r) {
            r.r1 = Digits.ofMessage(first) * 100 + r.r1 * 10 + Digits.ofMessage(third);
            r.r3 = queue.size();
        }
    }
}
