package evy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evy.GreenThreadExit;
import evy.testkit.Spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What holds for everything of which each grant serves one: the one who has waited longest, whom
 * nobody overtakes, and if that one is torn from its wait the next.
 */
public abstract class HandOverContract extends WaitingContract {
    private static final int MANY = 6;
    private static final int RACES = 3;

    /** For subclasses. */
    protected HandOverContract() {}

    @Override
    final boolean remains(boolean kept, boolean taken) {
        return kept && !taken;
    }

    /** First come, first served, whether or not there is a limit to the wait. */
    @EachOrigin
    @Spec({"SEM8", "Q7"})
    void grant_manyWaiting_servesInOrderOfArrival(Partners partners) {
        Waited waited = fresh();
        List<Partner> line = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            boolean limited = i % 2 == 0;
            line.add(partners.start(() -> limited ? waited.await(LONG) : awaited(waited)));
            untilWaiting(waited, i + 1);
        }

        assertServedInOrder(waited, line);
    }

    /** Threads of all origins stand in one line. */
    @EachOrigin
    @Spec({"SEM8", "Q7"})
    void grant_waitingFromEverywhere_servesInOrderOfArrival(Partners partners) {
        Waited waited = fresh();
        List<Partner> line = new ArrayList<>();
        List<Origin> origins = new ArrayList<>(List.of(Origin.values()));
        Collections.rotate(origins, -origins.indexOf(partners.origin()));
        for (int i = 0; i < MANY; i++) {
            Origin origin = origins.get(i % origins.size());
            line.add(partners.start(origin, () -> awaited(waited)));
            untilWaiting(waited, i + 1);
        }

        assertServedInOrder(waited, line);
    }

    private static void assertServedInOrder(Waited waited, List<Partner> line) {
        int left = line.size();
        for (Partner next : line) {
            assertTrue(waited.grant());
            left--;
            assertEquals(left, waited.waiting());
            assertEquals(true, next.result(), "the one who has waited longest");
        }
        assertFalse(waited.tryNow());
    }

    /** What was granted to one who waits cannot be snatched before that one runs. */
    @EachOrigin
    @Spec({"SEM8", "Q7"})
    void tryNow_grantedToAnother_failsAndOvertakesNobody(Partners partners) throws Exception {
        Waited waited = fresh();
        Partner partner = partners.start(() -> awaited(waited));
        untilWaiting(waited, 1);

        assertTrue(waited.grant());
        boolean snatched = waited.tryNow() || waited.await(Duration.ZERO);

        assertFalse(snatched, "taken from the one who had waited for it");
        assertEquals(true, partner.result());
    }

    /** A latecomer is behind those who wait, even if it asks at the very moment of a grant. */
    @EachOrigin
    @Spec({"SEM8", "Q7"})
    void await_whileAnotherIsGranted_standsBehind(Partners partners) {
        Waited waited = fresh();
        Partner first = partners.start(() -> awaited(waited));
        untilWaiting(waited, 1);
        assertTrue(waited.grant());

        Partner latecomer = partners.start(() -> awaited(waited));

        assertEquals(true, first.result());
        untilWaiting(waited, 1);
        assertFalse(latecomer.isDone());
        assertTrue(waited.grant());
        assertEquals(true, latecomer.result());
    }

    /** What one who is torn away would have got goes to the next in line. */
    @EachOrigin
    @Spec({"Q8", "Q12", "SEM9", "GP16"})
    void grant_firstInLineTorn_servesTheNext(Partners partners) {
        for (int race = 0; race < RACES; race++) {
            for (Tear tear : Tear.values()) {
                Waited waited = fresh();
                Partner first = partners.start(() -> awaited(waited));
                untilWaiting(waited, 1);
                Partner second = partners.start(() -> awaited(waited));
                untilWaiting(waited, 2);

                Throwable _ = tear.tear(first);
                assertTrue(waited.grant());

                if (first.thrown() == null) {
                    assertEquals(1, waited.waiting(), "one grant, two served");
                    assertTrue(waited.grant());
                }
                assertEquals(true, second.result());
                assertEquals(0, waited.waiting());
                assertFalse(waited.tryNow());
            }
        }
    }

    /** One in the middle who leaves takes nobody's place. */
    @EachOrigin
    @Spec({"Q8", "Q9", "SEM3", "SEM9"})
    void grant_oneInTheMiddleTorn_servesTheOthersInOrder(Partners partners) {
        for (int gone = 0; gone < 3; gone++) {
            Waited waited = fresh();
            List<Partner> line = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                line.add(partners.start(() -> awaited(waited)));
                untilWaiting(waited, i + 1);
            }

            Partner torn = line.remove(gone);
            torn.raise(new GreenThreadExit());
            untilWaiting(waited, 2);

            assertServedInOrder(waited, line);
            assertTrue(torn.thrown() instanceof GreenThreadExit);
        }
    }

    /** If all who waited are gone, a grant is kept for whoever comes. */
    @EachOrigin
    @Spec({"Q8", "SEM9"})
    void grant_allTorn_isKept(Partners partners) {
        for (Tear tear : Tear.values()) {
            Waited waited = fresh();
            Partner first = partners.start(() -> awaited(waited));
            Partner second = partners.start(() -> awaited(waited));
            untilWaiting(waited, 2);

            Throwable _ = tear.tear(first);
            Throwable _ = tear.tear(second);
            Partners.until("both are gone", () -> first.isDone() && second.isDone());
            boolean kept = waited.grant();

            assertEquals(0, waited.waiting());
            assertEquals(kept, waited.tryNow());
            assertFalse(waited.tryNow());
        }
    }

    /** Each grant serves one; those that nobody waits for are kept, as far as they can be. */
    @EachOrigin
    @Spec({"SEM1", "SEM3", "Q9"})
    void grant_severalAtOnce_eachServesOne(Partners partners) {
        Waited waited = fresh();
        List<Partner> line = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            line.add(partners.start(() -> awaited(waited)));
        }
        untilWaiting(waited, 3);

        int kept = 0;
        for (int i = 0; i < 5; i++) {
            if (waited.grant()) {
                kept++;
            }
        }

        line.forEach(partner -> assertEquals(true, partner.result()));
        for (int left = kept; left > 3; left--) {
            assertTrue(waited.tryNow());
        }
        assertFalse(waited.tryNow());
    }
}
