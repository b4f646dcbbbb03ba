package evy.sync;

import evy.hubs.Waiter;
import evy.proofs.ModelChecks;
import evy.proofs.Program;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Objects;

/**
 * Two threads wait for an event, without a time limit, while a third one sends it.
 *
 * <p>Claim: both get the value, whatever the interleaving. A lost wake-up would be a deadlock,
 * which the checker sees.
 */
class EventLincheckTest {
    @Test
    void event_anyInterleaving_wakesAll() {
        ModelChecks.assertAlwaysEnds(EventLincheckTest::real);
    }

    @Test
    void lateEvent_sameChecks_foundOut() {
        ModelChecks.assertFoundOut(
                () -> ModelChecks.assertAlwaysEnds(EventLincheckTest::late), "has hung");
    }

    private static void real() {
        Event<Integer> event = new Event<>();
        Program.Body waiter = () -> expectSeven(event.await());
        Program.run(waiter, waiter, () -> event.send(7));
    }

    private static void late() {
        LateEvent event = new LateEvent();
        Program.Body waiter = () -> expectSeven(event.await(Waiter.FOREVER));
        Program.run(waiter, waiter, () -> event.send(7));
    }

    private static void expectSeven(@Nullable Integer value) {
        Program.assertSame(7, Objects.requireNonNull(value));
    }
}
