package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The twins of {@link InboxPushTest}: an inbox with one step wrong must be found out. */
public class InboxPushBrokenTest {
    /**
     * Puts its task on top by a write, not by a compare-and-set: of two senders that read the same
     * top, the later one drops the other's task.
     */
    @JCStressTest
    @Outcome(
            id = {"1234", "1324", "1342", "3124", "3142", "3412"},
            expect = ACCEPTABLE,
            desc = "All four, each sender's in order.")
    @Outcome(expect = FORBIDDEN, desc = "A task was lost, doubled or overtaken.")
    @State
    public static class ReadThenWrite {
        private final Stack inbox = new Stack();
        private final NumberedTask one = new NumberedTask(1);
        private final NumberedTask two = new NumberedTask(2);
        private final NumberedTask three = new NumberedTask(3);
        private final NumberedTask four = new NumberedTask(4);

        @Actor
        public void sender() {
            inbox.push(one);
            inbox.push(two);
        }

        @Actor
        public void otherSender() {
            inbox.push(three);
            inbox.push(four);
        }

        @Arbiter
        public void hub(I_Result r) {
            r.r1 = Digits.ofTasks(inbox.takeAll());
        }

        private static final class Stack {
            private volatile @Nullable Task head;

            void push(Task task) {
                task.next = head;
                head = task; // wrong: the top may be another by now
            }

            @Nullable Task takeAll() {
                Task newest = head;
                head = null;
                return Reversal.of(newest);
            }
        }
    }

    /** Hands the tasks out as they lie on the stack, the latest first. */
    @JCStressTest
    @Outcome(
            id = {"1234", "1324", "1342", "3124", "3142", "3412"},
            expect = ACCEPTABLE,
            desc = "All four, each sender's in order.")
    @Outcome(expect = FORBIDDEN, desc = "A task was lost, doubled or overtaken.")
    @State
    public static class LatestFirst {
        private final Inbox inbox = new Inbox();
        private final NumberedTask one = new NumberedTask(1);
        private final NumberedTask two = new NumberedTask(2);
        private final NumberedTask three = new NumberedTask(3);
        private final NumberedTask four = new NumberedTask(4);

        @Actor
        public void sender() {
            inbox.push(one);
            inbox.push(two);
        }

        @Actor
        public void otherSender() {
            inbox.push(three);
            inbox.push(four);
        }

        @Arbiter
        public void hub(I_Result r) {
            // wrong: turned round once more
            r.r1 = Digits.ofTasks(Reversal.of(inbox.takeAll()));
        }
    }
}
