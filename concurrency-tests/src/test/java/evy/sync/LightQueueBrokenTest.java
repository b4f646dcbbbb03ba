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

/** The twins of {@link LightQueueTest}: the same three meetings, at a {@link BlindQueue}. */
public class LightQueueBrokenTest {
    /** The putter hands its element to a taker that may have given up. */
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

        private final BlindQueue queue = new BlindQueue(9);

        @Actor
        public void putter(LII_Result r) {
            r.r1 = Ends.of(() -> queue.offer(1));
        }

        @Actor
        public void taker(LII_Result r) {
            r.r2 = Taken.orZero(() -> queue.poll(1));
        }

        @Arbiter
        public void result(LII_Result r) {
            r.r3 = Taken.rest(queue::poll);
        }
    }

    /** The taker lets in the element of a putter that may have given up. */
    @JCStressTest
    @Outcome(id = "woken, 1, 2", expect = ACCEPTABLE, desc = "Put.")
    @Outcome(id = "expired, 1, 0", expect = ACCEPTABLE, desc = "The putter gave up.")
    @Outcome(expect = FORBIDDEN, desc = "An element was lost or doubled.")
    @State
    public static class Put {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private final BlindQueue queue = new BlindQueue(1);

        public Put() {
            boolean unused = queue.offer(1);
        }

        @Actor
        public void putter(LII_Result r) {
            r.r1 = Ends.of(() -> queue.offer(2, 1));
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

    /** Either may have given up when the other one comes. */
    @JCStressTest
    @Outcome(id = "woken, 1, 0", expect = ACCEPTABLE, desc = "Handed over.")
    @Outcome(id = "expired, 0, 0", expect = ACCEPTABLE, desc = "They missed each other.")
    @Outcome(expect = FORBIDDEN, desc = "The two sides disagree.")
    @State
    public static class HandOver {
        /* Started now, not in the midst of the first race. */
        static final Hub DEFAULT_HUB = Hub.getDefault();

        private final BlindQueue queue = new BlindQueue(0);

        @Actor
        public void putter(LII_Result r) {
            r.r1 = Ends.of(() -> queue.offer(1, 1));
        }

        @Actor
        public void taker(LII_Result r) {
            r.r2 = Taken.orZero(() -> queue.poll(1));
        }

        @Arbiter
        public void result(LII_Result r) {
            r.r3 = Taken.rest(queue::poll);
        }
    }
}
