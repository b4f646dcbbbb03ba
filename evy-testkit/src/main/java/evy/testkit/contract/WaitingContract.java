package evy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What holds for everything that threads wait for: it is found at once or waited for; the wait ends
 * by a grant, its limit, a kill, a timeout or an interrupt, and by one of them only; whoever is
 * torn from it takes nothing along and leaves nothing behind.
 *
 * <p>Not to be subclassed directly: see {@link HandOverContract} and {@link BroadcastContract}.
 */
@ExtendWith(LeakCheckExtension.class)
public abstract class WaitingContract {
    static final Duration SHORT = Duration.ofMillis(5);
    static final Duration LONG = Duration.ofHours(1);
    static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final int RACES = 4;
    private static final int GRANTS_IN_A_ROW = 200;

    WaitingContract() {}

    /**
     * Makes what is tested.
     *
     * @return a new one, of which nothing can be had before it is granted
     */
    protected abstract Waited fresh();

    /** Asks what can be had after a grant, according to whether the one who waited has it. */
    abstract boolean remains(boolean kept, boolean taken);

    /** One granted before is found at once, by every kind of request. */
    @EachOrigin
    @Spec({"EV2", "SEM1", "Q3"})
    void await_grantedBefore_returnsAtOnce(Partners partners) {
        Waited first = fresh();
        Waited second = fresh();
        Waited third = fresh();
        boolean kept = first.grant() && second.grant() && third.grant();

        assertEquals(kept, first.tryNow(), "granted, and found without waiting");
        if (kept) {
            Partner timed = partners.start(() -> second.await(LONG));
            Partner untimed = partners.start(() -> awaited(third));

            assertEquals(true, timed.result());
            assertEquals(true, untimed.result());
        }
    }

    /** Nothing there: nothing found, and a look does not become a wait. */
    @EachOrigin
    @Spec({"EV9", "SEM1", "SEM7", "Q4", "Q11"})
    void await_zeroLimit_onlyLooks(Partners partners) throws Exception {
        Waited waited = fresh();

        assertFalse(waited.tryNow());
        assertFalse(waited.await(Duration.ZERO));
        Partner partner = partners.start(() -> waited.tryNow() || waited.await(Duration.ZERO));

        assertEquals(false, partner.result());
        assertEquals(0, waited.waiting());
        boolean kept = waited.grant();
        assertEquals(kept, waited.await(Duration.ZERO));
    }

    /** A negative limit is refused or as zero; it is never no limit. */
    @EachOrigin
    @Spec({"SEM7", "Q4"})
    void await_negativeLimit_neverWaits(Partners partners) {
        Waited waited = fresh();
        Partner partner = partners.start(() -> waited.await(Duration.ofNanos(-1)));
        Partner most = partners.start(() -> waited.await(Duration.ofSeconds(Long.MIN_VALUE)));

        if (waited.refusesNegativeLimit()) {
            assertInstanceOf(IllegalArgumentException.class, partner.thrown());
            assertInstanceOf(IllegalArgumentException.class, most.thrown());
        } else {
            assertEquals(false, partner.result());
            assertEquals(false, most.result());
        }
        assertEquals(0, waited.waiting());
    }

    /** Who waits is counted, goes on when granted, and is not counted any more. */
    @EachOrigin
    @Spec({"EV1", "EV12", "SEM1", "SEM3", "Q3", "Q9", "Q14"})
    void await_nothingThere_waitsUntilGranted(Partners partners) {
        Waited waited = fresh();

        Partner partner = partners.start(() -> awaited(waited));
        untilWaiting(waited, 1);
        assertFalse(partner.isDone());
        assertTrue(waited.grant());

        assertEquals(true, partner.result());
        assertEquals(0, waited.waiting());
        assertEquals(remains(true, true), waited.tryNow());
    }

    /** A grant within the limit counts; a limit longer than any number is none. */
    @EachOrigin
    @Spec({"SEM7", "Q4"})
    void await_grantedWithinLimit_returnsTrue(Partners partners) {
        for (Duration limit : List.of(LONG, FOREVER)) {
            Waited waited = fresh();

            Partner partner = partners.start(() -> waited.await(limit));
            untilWaiting(waited, 1);
            assertTrue(waited.grant());

            assertEquals(true, partner.result());
            assertEquals(0, waited.waiting());
        }
    }

    /** The limit is waited out, not less; nothing is taken then, nor later. */
    @EachOrigin
    @Spec({"EV10", "EV11", "SEM7", "SEM9", "Q4", "Q5", "Q8"})
    void await_limitOver_returnsFalse(Partners partners) {
        Waited waited = fresh();

        Partner partner =
                partners.start(
                        () -> {
                            long start = System.nanoTime();
                            boolean got = waited.await(SHORT);
                            return got ? null : System.nanoTime() - start;
                        });

        Object nanos = partner.result();
        assertNotNull(nanos, "granted by nobody");
        assertTrue((Long) nanos >= SHORT.toNanos(), () -> nanos + " ns");
        assertEquals(0, waited.waiting());
        assertEquals(waited.grant(), waited.tryNow());
    }

    /** A kill, a timeout and an interrupt come as they are, and leave all as it was. */
    @EachOrigin
    @Spec({"EV10", "SEM9", "Q8", "Q9"})
    void await_tornWhileWaiting_throwsThatAndTakesNothing(Partners partners) {
        for (Tear tear : Tear.values()) {
            for (Duration limit : List.of(LONG, FOREVER)) {
                Waited waited = fresh();

                var interrupted = new AtomicReference<@Nullable Boolean>();
                Partner partner =
                        partners.start(
                                () -> {
                                    try {
                                        return waited.await(limit);
                                    } finally {
                                        interrupted.set(Thread.currentThread().isInterrupted());
                                    }
                                });
                untilWaiting(waited, 1);
                Throwable expected = tear.tear(partner);

                Throwable thrown = partner.thrown();
                assertNotNull(thrown, tear + " of a wait that nobody granted");
                assertTrue(Tear.isSame(expected, thrown), () -> tear + " came as " + thrown);
                assertEquals(false, interrupted.get(), tear + ": interrupt status");
                assertEquals(0, waited.waiting());
                assertEquals(waited.grant(), waited.tryNow(), tear + " took something along");
            }
        }
    }

    /** A kill or an interrupt that came before the wait ends it at its start. */
    @EachOrigin
    @Spec({"EV10", "SEM9", "Q8"})
    void await_tornBefore_throwsWithoutWaiting(Partners partners) {
        Waited waited = fresh();
        var kill = new GreenThreadExit("beforehand");

        Partner killed =
                partners.start(
                        () -> {
                            Greenlet.current().raise(kill);
                            return awaited(waited);
                        });
        Partner interrupted =
                partners.start(
                        () -> {
                            Thread.currentThread().interrupt();
                            return awaited(waited);
                        });

        assertSame(kill, killed.thrown());
        assertInstanceOf(InterruptedException.class, interrupted.thrown());
        assertEquals(0, waited.waiting());
        assertEquals(waited.grant(), waited.tryNow());
    }

    /** What can be had is had even if a kill is on its way, which comes at the next wait. */
    @EachOrigin
    @Spec({"SEM1", "EV2"})
    void await_grantedAndKilledBefore_returnsFirst(Partners partners) {
        Waited waited = fresh();
        Waited never = fresh();
        if (!waited.grant()) {
            return; // it cannot be kept: there is no finding it
        }
        var kill = new GreenThreadExit("on its way");
        var got = new CompletableFuture<Boolean>();

        Partner partner =
                partners.start(
                        () -> {
                            Greenlet.current().raise(kill);
                            got.complete(awaited(waited));
                            return awaited(never);
                        });

        assertSame(kill, partner.thrown());
        assertTrue(got.getNow(false));
        assertEquals(0, never.waiting());
    }

    /** An expired {@link Timeout} ends the wait, a cancelled one leaves the next wait alone. */
    @EachOrigin
    @Spec({"EV10", "SEM9", "Q8"})
    void await_underTimeout_throwsItAndNextWaitIsUndisturbed(Partners partners) {
        Waited waited = fresh();
        Waited next = fresh();

        Partner partner =
                partners.start(
                        () -> {
                            var timeout = new Timeout(SHORT);
                            Timeout thrown =
                                    assertThrows(
                                            Timeout.class,
                                            () -> timeout.during(() -> awaited(waited)));
                            assertSame(timeout, thrown);
                            try (var _ = new Timeout(LONG)) {
                                return next.await(SHORT);
                            }
                        });

        assertEquals(false, partner.result());
        assertEquals(0, waited.waiting());
        assertEquals(0, next.waiting());
        assertEquals(waited.grant(), waited.tryNow());
    }

    /**
     * Torn and granted in the same turn of the hub, or at the same moment of two threads: the one
     * or the other, not both and not neither; and the thread's next wait knows of none of it.
     */
    @EachOrigin
    @Spec({"EV10", "Q8", "Q12", "SEM9", "GP16"})
    void await_tornAndGrantedAtOnce_isEitherAndLeavesNothingBehind(Partners partners) {
        int races = partners.origin() == Origin.OWN_HUB ? 1 : RACES;
        for (int race = 0; race < races; race++) {
            for (Tear tear : Tear.values()) {
                for (boolean tornFirst : new boolean[] {true, false}) {
                    tearAndGrant(partners, tear, tornFirst);
                }
            }
        }
    }

    private void tearAndGrant(Partners partners, Tear tear, boolean tornFirst) {
        Waited waited = fresh();
        Waited next = fresh();
        var expected = new CompletableFuture<Throwable>();
        Partner partner = partners.start(() -> awaitBoth(waited, next, expected));
        untilWaiting(waited, 1);

        boolean kept;
        if (tornFirst) {
            expected.complete(tear.tear(partner));
            kept = waited.grant();
        } else {
            kept = waited.grant();
            expected.complete(tear.tear(partner));
        }

        boolean taken = Boolean.TRUE.equals(partner.result());
        String what = tear + (tornFirst ? " before" : " after") + " a grant";
        if (partners.origin() == Origin.OWN_HUB && tear != Tear.INTERRUPT) {
            assertEquals(!tornFirst, taken, what + ": the first one wins");
        }
        assertTrue(kept || !taken, what + ": it was given to nobody, yet somebody has it");
        assertEquals(remains(kept, taken), waited.tryNow(), what + ", taken: " + taken);
        assertEquals(0, waited.waiting());
        assertEquals(0, next.waiting());
    }

    /* Waits for one thing, and then for another, which never comes. True if the first one came. */
    private static boolean awaitBoth(
            Waited first, Waited second, CompletableFuture<Throwable> expected) throws Exception {
        Throwable torn = null;
        try {
            first.await();
        } catch (Throwable t) {
            torn = t;
        }
        boolean granted = torn == null;
        try {
            assertFalse(second.await(Duration.ofMillis(1)), "a wake-up from the wait before");
        } catch (InterruptedException | GreenThreadExit | Timeout late) {
            assertTrue(granted, () -> "torn twice, the second time by " + late);
            torn = late;
        }
        if (torn != null) {
            Throwable wanted = expected.get(Partners.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!Tear.isSame(wanted, torn)) {
                throw new AssertionError("torn by something else", torn);
            }
        }
        return granted;
    }

    /** However a grant falls between look and wait, it is never lost. */
    @EachOrigin
    @Spec({"SEM1", "Q3", "EV1"})
    void await_grantedAtAnyMoment_isNeverLost(Partners partners) {
        List<Waited> all = new ArrayList<>();
        for (int i = 0; i < GRANTS_IN_A_ROW; i++) {
            all.add(fresh());
        }

        Partner partner =
                partners.start(
                        () -> {
                            for (Waited waited : all) {
                                waited.await();
                            }
                            return true;
                        });
        for (Waited waited : all) {
            Partners.until("somebody takes it", waited::grant);
        }

        assertEquals(true, partner.result());
    }

    /** A hub's callback can grant and look; what may block is refused and leaves no trace. */
    @EachOrigin
    @Spec({"Q11", "EV1"})
    void call_inHubCallback_worksIfItNeedNotBlock(Partners partners) throws Exception {
        Waited waited = fresh();

        Throwable refusal = inCallback(() -> awaited(waited));
        Throwable timedRefusal = inCallback(() -> waited.await(LONG));
        assertNull(inCallback(() -> assertFalse(waited.tryNow())));
        assertEquals(0, waited.waiting());
        Partner partner = partners.start(() -> awaited(waited));
        untilWaiting(waited, 1);
        assertNull(inCallback(() -> assertTrue(waited.grant())));

        for (Throwable t : new @Nullable Throwable[] {refusal, timedRefusal}) {
            String message = assertInstanceOf(IllegalStateException.class, t).getMessage();
            assertTrue(String.valueOf(message).contains("must not block"), message);
        }
        assertEquals(true, partner.result());
    }

    /* What a call on the hub's thread, but in no green thread, throws. */
    private static @Nullable Throwable inCallback(Callback callback) throws Exception {
        var thrown = new CompletableFuture<@Nullable Throwable>();
        Hub.current()
                .execute(
                        () -> {
                            try {
                                callback.call();
                                thrown.complete(null);
                            } catch (Throwable t) {
                                thrown.complete(t);
                            }
                        });
        return thrown.get(Partners.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    static void untilWaiting(Waited waited, int count) {
        Partners.until(count + " wait", () -> waited.waiting() == count);
    }

    static boolean awaited(Waited waited) throws InterruptedException {
        waited.await();
        return true;
    }

    /** What happens on a hub's own thread. */
    @FunctionalInterface
    private interface Callback {
        void call() throws Exception;
    }
}
