package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

import java.util.concurrent.atomic.AtomicBoolean;

/** The twins of {@link HubSleepTest}: the same protocol with two steps swapped, or one weakened. */
public class HubSleepBrokenTest {
    /** The hub looks into the inbox first and raises its flag then. */
    @JCStressTest
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The hub saw the task.")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Both saw each other.")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "The sender woke the hub.")
    @Outcome(expect = FORBIDDEN, desc = "The hub sleeps on a task: a lost wake-up.")
    @State
    public static class LooksThenRaises extends Protocol {
        @Actor
        public void hub() {
            if (inbox.isEmpty()) {
                asleep.set(true); // wrong: a sender between the two sees no flag
                inPoller = true;
            }
        }

        @Actor
        public void sender() {
            submit();
        }

        @Arbiter
        public void result(ZZ_Result r) {
            r.r1 = inPoller;
            r.r2 = woken;
        }
    }

    /**
     * The hub raises its flag without the full fence of a volatile write: the processor may still
     * hold the flag back when the hub reads the inbox.
     */
    @JCStressTest
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The hub saw the task.")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Both saw each other.")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "The sender woke the hub.")
    @Outcome(expect = FORBIDDEN, desc = "The hub sleeps on a task: a lost wake-up.")
    @State
    public static class RaisesSoftly extends Protocol {
        @Actor
        public void hub() {
            asleep.setRelease(
                    true); // wrong: ordered after what was before, not before what follows
            if (inbox.isEmpty()) {
                inPoller = true;
            }
        }

        @Actor
        public void sender() {
            submit();
        }

        @Arbiter
        public void result(ZZ_Result r) {
            r.r1 = inPoller;
            r.r2 = woken;
        }
    }

    /** The sender looks at the flag first and fills the inbox then. */
    @JCStressTest
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The hub saw the task.")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Both saw each other.")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "The sender woke the hub.")
    @Outcome(expect = FORBIDDEN, desc = "The hub sleeps on a task: a lost wake-up.")
    @State
    public static class LooksThenPushes extends Protocol {
        @Actor
        public void hub() {
            asleep.set(true);
            if (inbox.isEmpty()) {
                inPoller = true;
            }
        }

        @Actor
        public void sender() {
            boolean sleeps = asleep.get(); // wrong: it may fall asleep before the push
            inbox.push(task);
            if (sleeps && asleep.compareAndSet(true, false)) {
                woken = true;
            }
        }

        @Arbiter
        public void result(ZZ_Result r) {
            r.r1 = inPoller;
            r.r2 = woken;
        }
    }

    /** What {@link Hub} does, but for the steps that a twin gets wrong. */
    abstract static class Protocol {
        final Inbox inbox = new Inbox();
        final AtomicBoolean asleep = new AtomicBoolean();
        final NumberedTask task = new NumberedTask(1);
        boolean inPoller;
        boolean woken;

        final void submit() {
            inbox.push(task);
            if (asleep.get() && asleep.compareAndSet(true, false)) {
                woken = true;
            }
        }
    }
}
