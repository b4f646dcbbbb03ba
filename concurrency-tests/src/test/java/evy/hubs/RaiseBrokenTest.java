package evy.hubs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;

/**
 * The twin of {@link RaiseTest}: a wait that looks for what is pending first and shows its waiter
 * then. A raiser between the two finds no waiter, and the waiter finds nothing.
 */
@JCStressTest
@Outcome(id = "first, false", expect = ACCEPTABLE, desc = "Thrown by the wait.")
@Outcome(expect = FORBIDDEN, desc = "Lost, doubled, or something is left.")
@State
public class RaiseBrokenTest {
    /* Started now, not in the midst of the first race. */
    static final Hub DEFAULT_HUB = Hub.getDefault();

    private volatile boolean begun;
    private volatile @Nullable Waiter waiter;
    // guarded by this
    private boolean pending;

    @Actor
    public void waiter(LZ_Result r) {
        Waiter mine = Waiter.current("a proof");
        begun = true;
        abortIfPending(mine);
        waiter = mine; // wrong: too late
        // by now the raise is over or will see the waiter; the real one would park here
        r.r2 = isLeftWith(mine);
        r.r1 = r.r2 ? "none" : "first";
    }

    private synchronized void abortIfPending(Waiter mine) {
        if (pending && mine.abort(Raised.IT)) {
            pending = false;
        }
    }

    private synchronized boolean isLeftWith(Waiter mine) {
        return pending && mine.isWaiting();
    }

    @Actor
    public void raiser() {
        while (!begun) {
            Thread.onSpinWait();
        }
        raise();
    }

    private synchronized void raise() {
        pending = true;
        Waiter seen = waiter;
        if (seen != null && seen.abort(Raised.IT)) {
            pending = false;
        }
    }
}
