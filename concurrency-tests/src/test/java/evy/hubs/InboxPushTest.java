package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads hand tasks to one hub at once: 1 and 2 come from one of them, 3 and 4 from the other.
 *
 * <p>Claim: the hub gets all four, each once, 1 before 2 and 3 before 4. That leaves the six ways
 * to shuffle two pairs; whatever else is read off the inbox is a task lost, doubled or overtaken.
 *
 * <pre>{@code
 * taken
 * 1234, 1324, 1342, 3124, 3142, 3412
 * 124, 34, ...        FORBIDDEN: a task was lost
 * 2134, 4321, ...     FORBIDDEN: one was overtaken by a later one of its sender
 * }</pre>
 */
@JCStressTest
@Outcome(
        id = {"1234", "1324", "1342", "3124", "3142", "3412"},
        expect = ACCEPTABLE,
        desc = "All four, each sender's in order.")
@Outcome(expect = FORBIDDEN, desc = "A task was lost, doubled or overtaken.")
@State
public class InboxPushTest {
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
        r.r1 = Digits.ofTasks(inbox.takeAll());
    }
}
