package evy.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import evy.hubs.Ends;
import evy.hubs.Hub;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

import java.util.concurrent.TimeUnit;

/**
 * One thread puts an element and another takes one, while the one that has to wait gives up: its
 * time limit is so short that it is over about when the other one comes.
 *
 * <p>Claim: elements are conserved. What was put is taken or in the queue, what was refused is
 * neither, and both sides agree about it.
 */
public class LightQueueTest {
    /**
     * The taker waits: the queue is empty.
     *
     * <pre>{@code
     * taken, left
     * 1,     0     handed over
     * 0,     1     the taker gave up, the element is there
     * 0,     0     FORBIDDEN: lost
     * 1,     1     FORBIDDEN: doubled
     * }</pre>
     */
    @JCStressTest
    @Outcome(id = "woken, 1, 0", expect = ACCEPTABLE, desc = "Taken.")
    @Outcome(
            id = "woken, 0, 1",
            expect = ACCEPTABLE,
            desc = "The taker gave up, the element is there.")
    @Outcome(expect = FORBIDDEN, desc = "The element was lost or doubled.")
    @State
    public static class Take {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private final LightQueue<Integer> queue = new LightQueue<>();

        @Actor
        public void putter(LII_Result r) {
            r.r1 = Ends.of(() -> queue.offer(1));
        }

        @Actor
        public void taker(LII_Result r) {
            r.r2 = Taken.orZero(() -> queue.poll(1, TimeUnit.NANOSECONDS));
        }

        @Arbiter
        public void result(LII_Result r) {
            r.r3 = Taken.rest(queue::poll);
        }
    }

    /**
     * The putter waits: the queue has room for one element, and 1 is in it.
     *
     * <pre>{@code
     * put of 2, taken, left
     * woken,    1,     2     it got the room
     * expired,  1,     0     it gave up, the room is free
     * woken,    1,     0     FORBIDDEN: lost
     * expired,  1,     2     FORBIDDEN: refused, and put all the same
     * }</pre>
     */
    @JCStressTest
    @Outcome(id = "woken, 1, 2", expect = ACCEPTABLE, desc = "Put.")
    @Outcome(id = "expired, 1, 0", expect = ACCEPTABLE, desc = "The putter gave up.")
    @Outcome(expect = FORBIDDEN, desc = "An element was lost or doubled.")
    @State
    public static class Put {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private final LightQueue<Integer> queue = new LightQueue<>(1);

        public Put() {
            queue.add(1);
        }

        @Actor
        public void putter(LII_Result r) {
            r.r1 = Ends.of(() -> queue.offer(2, 1, TimeUnit.NANOSECONDS));
        }

        @Actor
        public void taker(LII_Result r) {
            r.r2 = Taken.orZero(queue::poll);
        }

        @Arbiter
        public void result(LII_Result r) {
            r.r3 = Taken.rest(queue::poll);
        }
    }

    /**
     * Both wait: a queue of size 0 only hands over.
     *
     * <pre>{@code
     * put of 1, taken, left
     * woken,    1,     0     handed over
     * expired,  0,     0     they missed each other
     * woken,    0,     any   FORBIDDEN: lost
     * expired,  1,     any   FORBIDDEN: refused, and taken all the same
     * }</pre>
     */
    @JCStressTest
    @Outcome(id = "woken, 1, 0", expect = ACCEPTABLE, desc = "Handed over.")
    @Outcome(id = "expired, 0, 0", expect = ACCEPTABLE, desc = "They missed each other.")
    @Outcome(expect = FORBIDDEN, desc = "The two sides disagree.")
    @State
    public static class HandOver {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private final LightQueue<Integer> queue = new LightQueue<>(0);

        @Actor
        public void putter(LII_Result r) {
            r.r1 = Ends.of(() -> queue.offer(1, 1, TimeUnit.NANOSECONDS));
        }

        @Actor
        public void taker(LII_Result r) {
            r.r2 = Taken.orZero(() -> queue.poll(1, TimeUnit.NANOSECONDS));
        }

        @Arbiter
        public void result(LII_Result r) {
            r.r3 = Taken.rest(queue::poll);
        }
    }
}
