package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A thread hands in three tasks while the hub takes twice; what is left is taken at the end.
 *
 * <p>Claim: the three takings, put one behind the other, give 1, 2, 3: a taking that meets a
 * handing in neither drops the task nor gets it twice, and never gets a later one first.
 */
@JCStressTest
@Outcome(
        id = {
            "0, 0, 123",
            "0, 1, 23",
            "0, 12, 3",
            "0, 123, 0",
            "1, 0, 23",
            "1, 2, 3",
            "1, 23, 0",
            "12, 0, 3",
            "12, 3, 0",
            "123, 0, 0"
        },
        expect = ACCEPTABLE,
        desc = "1, 2, 3, wherever the takings fell.")
@Outcome(expect = FORBIDDEN, desc = "A task was lost, doubled or overtaken.")
@State
public class InboxTakeTest {
    private final Inbox inbox = new Inbox();
    private final NumberedTask one = new NumberedTask(1);
    private final NumberedTask two = new NumberedTask(2);
    private final NumberedTask three = new NumberedTask(3);

    @Actor
    public void sender() {
        inbox.push(one);
        inbox.push(two);
        inbox.push(three);
    }

    @Actor
    public void hub(III_Result r) {
        r.r1 = Digits.ofTasks(inbox.takeAll());
        r.r2 = Digits.ofTasks(inbox.takeAll());
    }

    @Arbiter
    public void hubLater(III_Result r) {
        r.r3 = Digits.ofTasks(inbox.takeAll());
    }
}
