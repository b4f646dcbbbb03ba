package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.debug.BlockAction;
import evy.debug.BlockCause;
import evy.debug.Debug;
import evy.debug.HubBlock;
import evy.debug.HubBlockedException;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Green threads and callbacks that keep a hub from its loop are found and named. */
@ExtendWith(LeakCheckExtension.class)
class HubBlockingDetectionTest {
    private static final Duration RESOLUTION = Duration.ofMillis(20);

    private final List<HubBlock> found = new CopyOnWriteArrayList<>();
    private Hub hub;

    @BeforeEach
    void open() {
        hub = Hub.open();
    }

    @AfterEach
    void close() {
        Debug.hubBlockingDetection(false);
        hub.close();
    }

    /* The action is for this hub: a loaded machine may stand still, which is told, too. */
    private void detect(BlockAction action) {
        BlockAction both = ((BlockAction) found::add).andThen(action);
        Debug.hubBlockingDetection(
                RESOLUTION,
                block -> {
                    if (block.hub().equals(hub.name())) {
                        both.blocked(block);
                    }
                });
    }

    private boolean isFound(Predicate<HubBlock> wanted) {
        return found.stream().anyMatch(wanted);
    }

    /** Computes until it is found, on the hub's thread. */
    private void compute() {
        long end = System.nanoTime() + NetFixtures.LONG.toNanos();
        while (found.isEmpty() && System.nanoTime() - end < 0) {
            for (int i = 0; i < 10_000 && found.isEmpty(); i++) {
                Thread.onSpinWait(); // mostly: interpreted, the clock is a native call
            }
        }
    }

    private void awaitFound(String what, Predicate<HubBlock> wanted) {
        NetFixtures.awaitTrue(what, () -> isFound(wanted));
    }

    /* What it does on its way there must not be what is found. */
    private static void awaitState(Supplier<Thread> thread, Thread.State state) {
        NetFixtures.awaitTrue(
                state.toString(), () -> thread.get() != null && thread.get().getState() == state);
    }

    @Test
    @Spec("DBG4")
    void computing_longerThanResolution_isFoundWithThreadStackAndDuration() {
        detect(block -> {});

        GreenThread<?> blocks = Evy.spawn(hub, this::compute);
        blocks.join();
        awaitFound("its end", HubBlock::over);

        HubBlock first = found.getFirst();
        assertThat(first.greenThread()).isSameAs(blocks);
        assertThat(first.cause()).isEqualTo(BlockCause.COMPUTING);
        assertThat(first.blocked()).isGreaterThanOrEqualTo(RESOLUTION);
        assertThat(first.stack().toString()).contains("HubBlockingDetectionTest.compute");
        assertThat(first.place()).endsWith("HubBlockingDetectionTest.compute");
        assertThat(first.text())
                .contains("is blocked for")
                .contains(blocks + " computes")
                .contains("    at ");
        assertThat(Debug.hubBlocks()).anyMatch(b -> b.place().equals(first.place()));
        assertThat(Debug.formatHubBlocks()).contains(first.place());
    }

    @Test
    @Spec("DBG4")
    void raise_computingThatGoesOnToWait_getsTheErrorInsideIt() {
        detect(BlockAction.RAISE);

        GreenThread<?> blocks =
                Evy.spawn(
                        hub,
                        () -> {
                            compute();
                            Evy.sleep(NetFixtures.LONG);
                        });

        assertThatThrownBy(blocks::join)
                .isInstanceOf(HubBlockedException.class)
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("blocking detector fired")
                .hasMessageContaining("HubBlockingDetectionTest.compute")
                .satisfies(e -> assertThat(e.getStackTrace()).isNotEmpty());
    }

    @Test
    @Spec("DBG4")
    void raise_inCallback_hasNobodyToRaiseIn() {
        detect(BlockAction.RAISE);

        hub.execute(this::compute);
        awaitFound("the callback", b -> b.greenThread() == null);

        assertThat(Evy.spawn(hub, () -> "alive").join()).isEqualTo("alive");
    }

    @Test
    @Spec("DBG4")
    void kill_computingThatGoesOnToWait_isKilled() {
        detect(BlockAction.KILL);

        GreenThread<?> blocks =
                Evy.spawn(
                        hub,
                        () -> {
                            compute();
                            Evy.sleep(NetFixtures.LONG);
                        });

        assertThatThrownBy(blocks::join).isInstanceOf(GreenThreadExit.class);
    }

    @Test
    @Spec("DBG4")
    void off_again_nothingIsFound() {
        detect(block -> {});
        Debug.hubBlockingDetection(false);

        GreenThread<?> blocks =
                Evy.spawn(
                        hub,
                        () -> {
                            long end = System.nanoTime() + 3 * RESOLUTION.toNanos();
                            while (System.nanoTime() - end < 0) {
                                Thread.onSpinWait();
                            }
                        });
        blocks.join();

        assertThat(found).isEmpty();
        assertThat(Debug.hubBlocks()).isEmpty();
    }

    @Test
    @Spec("DBG4")
    void resolution_notAboveZero_isRefused() {
        assertThatThrownBy(() -> Debug.hubBlockingDetection(true, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resolution must be > 0: PT0S");
        assertThatThrownBy(() -> Debug.hubBlockingDetection(Duration.ofSeconds(-1), b -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Spec("DBG4")
    void idleHub_isNeverFound() {
        GreenThread<?> waits = Evy.spawn(hub, () -> Evy.sleep(NetFixtures.LONG));
        hub.letAllRun();
        detect(block -> {});

        Evy.sleep(RESOLUTION.multipliedBy(5));

        assertThat(found).isEmpty();
        waits.kill();
    }

    @Test
    void classInitialiser_thatBlocks_isNamedAsSuch() {
        detect(block -> {});
        Slow.work = this::compute;

        Evy.spawn(hub, () -> Slow.touch()).join();

        assertThat(found.getFirst().cause()).isEqualTo(BlockCause.CLASS_INITIALIZER);
        assertThat(found.getFirst().place()).contains("HubBlockingDetectionTest");
    }

    /** Does its work when it is initialised. */
    private static final class Slow {
        private static final class Late {
            static final int VALUE = run();

            static int run() {
                work.run();
                return 1;
            }
        }

        static Runnable work = () -> {};

        static int touch() {
            return Late.VALUE;
        }
    }

    @Test
    void callback_thatSleeps_isAWaitThatCannotBeSwitched() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicReference<Thread> waits = new AtomicReference<>();

        hub.execute(
                () -> {
                    waits.set(Thread.currentThread());
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        awaitState(waits::get, Thread.State.WAITING);
        detect(block -> {});
        awaitFound("the wait", b -> b.cause() == BlockCause.PINNED_WAIT);
        end.countDown();

        assertThat(found.getFirst().greenThread()).isNull();
    }

    @Test
    void raise_pinnedWait_isInterruptedAtOnce() {
        GreenThread<?> blocks =
                Evy.spawn(
                        hub,
                        () -> {
                            Pinned.await();
                            Evy.sleep(NetFixtures.LONG);
                        });
        awaitState(blocks::thread, Thread.State.TIMED_WAITING);
        detect(BlockAction.RAISE);

        assertThatThrownBy(blocks::join).isInstanceOf(HubBlockedException.class);
        assertThat(Pinned.interrupted).isTrue();
    }

    /** Waits where it cannot be switched, in a class initialiser, until it is interrupted. */
    private static final class Pinned {
        static boolean interrupted;

        private static final class Late {
            static final int VALUE = run();

            static int run() {
                try {
                    Thread.sleep(NetFixtures.LONG);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                return 1;
            }
        }

        static int await() {
            return Late.VALUE;
        }
    }

    @Test
    void action_thatTakesItsTime_isNoPauseToExcuse() {
        Duration slow = RESOLUTION.multipliedBy(5);
        CountDownLatch acted = new CountDownLatch(1);
        detect(
                block -> {
                    LockSupport.parkNanos(slow.toNanos());
                    acted.countDown();
                });

        Evy.spawn(
                        hub,
                        () -> {
                            while (acted.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                        })
                .join();
        awaitFound("its end", HubBlock::over);

        assertThat(found.getLast().blocked()).isGreaterThanOrEqualTo(slow);
    }

    @Test
    void action_thatFails_isLoggedAndTheNextIsCalled() {
        detect(
                block -> {
                    throw new IllegalStateException("the action is ill");
                });

        Evy.spawn(hub, this::compute).join();
        awaitFound("its end", HubBlock::over);

        assertThat(found).hasSize(2);
    }
}
