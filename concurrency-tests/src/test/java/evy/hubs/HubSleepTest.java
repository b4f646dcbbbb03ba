package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A hub with nothing to do goes to sleep in its poller while another thread hands it a task. This
 * is {@link Hub}'s own code, its two sides called by two threads, with a poller that only notes
 * what it is asked for.
 *
 * <p>Claim: if the hub went to sleep, it was woken. Each side writes first and then reads what the
 * other one writes (the hub raises its flag and looks into the inbox, the sender fills the inbox
 * and looks at the flag), so at least one of them sees the other.
 *
 * <pre>{@code
 * asleep, woken
 * false,  false   the hub found the task and stayed awake
 * false,  true    both saw each other: one wake-up too many, which does no harm
 * true,   true    the sender saw the hub asleep
 * true,   false   FORBIDDEN: a task lies in the inbox of a hub that sleeps
 * }</pre>
 */
@JCStressTest
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The hub saw the task.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Both saw each other.")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "The sender woke the hub.")
@Outcome(expect = FORBIDDEN, desc = "The hub sleeps on a task: a lost wake-up.")
@State
public class HubSleepTest {
    private final NotingPoller poller = new NotingPoller();
    private final StillHub hub = new StillHub(poller);
    private final NumberedTask task = new NumberedTask(1);

    @Actor
    public void hub() {
        hub.poll();
    }

    @Actor
    public void sender() {
        hub.submit(task);
    }

    @Arbiter
    public void result(ZZ_Result r) {
        r.r1 = poller.asleep();
        r.r2 = poller.woken();
    }
}
