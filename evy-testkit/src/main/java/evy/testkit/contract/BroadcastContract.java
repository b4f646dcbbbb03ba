package evy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evy.testkit.Spec;

import java.util.ArrayList;
import java.util.List;

/**
 * What holds for everything of which one grant serves all who wait, and all who come later: an
 * event, a count that is zero.
 */
public abstract class BroadcastContract extends WaitingContract {
    private static final int MANY = 5;

    /** For subclasses. */
    protected BroadcastContract() {}

    @Override
    final boolean remains(boolean kept, boolean taken) {
        return kept;
    }

    /** All get it, from wherever they are, and those who come later, as often as they ask. */
    @EachOrigin
    @Spec({"EV1", "EV2", "EV12", "Q14"})
    void grant_manyWaiting_servesAll(Partners partners) throws Exception {
        Waited waited = fresh();
        List<Partner> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            boolean limited = i % 2 == 0;
            all.add(partners.start(() -> limited ? waited.await(LONG) : awaited(waited)));
        }
        for (Origin origin : Origin.values()) {
            all.add(partners.start(origin, () -> awaited(waited)));
        }
        untilWaiting(waited, all.size());

        assertTrue(waited.grant());

        assertEquals(0, waited.waiting());
        all.forEach(partner -> assertEquals(true, partner.result()));
        assertTrue(waited.tryNow());
        assertTrue(waited.await(LONG));
        assertEquals(true, partners.start(() -> awaited(waited)).result());
    }

    /** Those who are torn away, and those who fail afterwards, do not disturb the others. */
    @EachOrigin
    @Spec({"EV6", "EV10"})
    void grant_someTornSomeFailing_servesTheOthers(Partners partners) {
        for (Tear tear : Tear.values()) {
            Waited waited = fresh();
            var failure = new IllegalStateException("after the wait");
            Partner torn = partners.start(() -> awaited(waited));
            untilWaiting(waited, 1);
            Partner failing =
                    partners.start(
                            () -> {
                                waited.await();
                                throw failure;
                            });
            untilWaiting(waited, 2);
            List<Partner> others = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                others.add(partners.start(() -> awaited(waited)));
            }
            untilWaiting(waited, 2 + MANY);

            Throwable expected = tear.tear(torn);
            assertTrue(waited.grant());

            Throwable thrown = torn.thrown();
            assertTrue(thrown == null || Tear.isSame(expected, thrown), () -> "got " + thrown);
            assertSame(failure, failing.thrown());
            others.forEach(partner -> assertEquals(true, partner.result()));
            assertEquals(0, waited.waiting());
        }
    }
}
