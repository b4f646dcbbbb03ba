package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.sync.BoundedSemaphore;
import evy.sync.Semaphore;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;
import evy.testkit.contract.Partners;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Semaphores; what they share with all that is waited for is in {@link SemaphoreContractTest}. */
@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class SemaphoreTest {
    @Spec("SEM1")
    @Test
    void acquire_noneLeft_waitsForARelease() throws Exception {
        Evy.run(
                () -> {
                    for (Semaphore semaphore : List.of(new Semaphore(2), new BoundedSemaphore(2))) {
                        var log = new ArrayList<String>();
                        semaphore.acquire();
                        assertThat(semaphore.tryAcquire()).isTrue();
                        assertThat(semaphore.isLocked()).isTrue();
                        assertThat(semaphore.tryAcquire()).isFalse();
                        var waiter =
                                Evy.spawn(
                                        () -> {
                                            semaphore.acquire();
                                            log.add("acquired");
                                        });
                        Evy.yield();
                        assertThat(waiter.isDone()).isFalse();

                        semaphore.release();
                        log.add("released");
                        waiter.join();

                        assertThat(log).containsExactly("released", "acquired");
                        assertThat(semaphore.balance()).isZero();
                    }
                });
    }

    @Spec("SEM1")
    @Test
    void enter_bodyFails_releases() throws Exception {
        var semaphore = new Semaphore();

        assertThatThrownBy(
                        () -> {
                            try (var _ = semaphore.enter()) {
                                assertThat(semaphore.isLocked()).isTrue();
                                throw new IllegalArgumentException("body");
                            }
                        })
                .hasMessage("body");

        assertThat(semaphore.isLocked()).isFalse();
        assertThat(semaphore.balance()).isEqualTo(1);
    }

    @Spec("SEM2")
    @Test
    void make_negativePermits_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Semaphore(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> new BoundedSemaphore(-1));
        assertThat(new Semaphore(0).isLocked()).isTrue();
        assertThat(new Semaphore(100).balance()).isEqualTo(100);
    }

    @Spec("SEM3")
    @Test
    void balance_someWaiting_countsThemBelowZero() throws Exception {
        Evy.run(
                () -> {
                    var semaphore = new Semaphore(1);
                    var seen = new ArrayList<Integer>();
                    seen.add(semaphore.balance());
                    semaphore.acquire();
                    seen.add(semaphore.balance());
                    var waiters = new ArrayList<GreenThread<?>>();
                    for (int i = 0; i < 3; i++) {
                        waiters.add(Evy.spawn(() -> semaphore.acquire()));
                        Evy.yield();
                        seen.add(semaphore.balance());
                    }
                    Evy.kill(waiters.remove(1));
                    seen.add(semaphore.balance());

                    for (int i = 0; i < 3; i++) {
                        semaphore.release();
                        seen.add(semaphore.balance());
                    }

                    waiters.forEach(GreenThread::join);
                    assertThat(seen).containsExactly(1, 0, -1, -2, -3, -2, -1, 0, 1);
                });
    }

    @Spec({"SEM4", "SEM10"})
    @Test
    void release_boundedNotAcquired_throwsAndLeavesTheCount() throws Exception {
        var lock = new BoundedSemaphore();
        assertThatIllegalStateException()
                .isThrownBy(lock::release)
                .withMessageContaining("released more often");
        assertThat(lock.balance()).isEqualTo(1);

        lock.acquire();
        lock.release();

        assertThatIllegalStateException().isThrownBy(lock::release);
        assertThat(lock.balance()).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(() -> new BoundedSemaphore(0).release());
    }

    @Spec({"SEM4", "SEM10"})
    @Test
    void release_boundedWithWaiters_isNotTooOften() throws Exception {
        Evy.run(
                () -> {
                    var lock = new BoundedSemaphore();
                    lock.acquire();
                    var waiter = Evy.spawn(() -> lock.acquire());
                    Evy.yield();

                    lock.release();
                    lock.release(); // that of the waiter, which need not have run: any may release
                    waiter.join();

                    assertThat(lock.balance()).isEqualTo(1);
                    assertThatIllegalStateException().isThrownBy(lock::release);
                });
    }

    @Spec("SEM7")
    @Test
    void tryAcquire_limitOver_returnsFalseAfterThatTime() throws Exception {
        try (var manual = ManualHub.open()) {
            var semaphore = new Semaphore(0);

            boolean acquired = manual.call(() -> semaphore.tryAcquire(Duration.ofHours(1)));

            assertThat(acquired).isFalse();
            assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofHours(1));
            assertThat(semaphore.balance()).isZero();
        }
    }

    @Spec("SEM7")
    @Test
    void tryAcquire_negativeLimit_isRefusedEvenIfThereIsOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Semaphore(1).tryAcquire(Duration.ofNanos(-1)))
                .withMessageContaining("timeout");
    }

    @Spec("SEM8")
    @Test
    void acquire_twoLoopingOnOneLock_takeTurns() {
        Evy.run(
                () -> {
                    var lock = new Semaphore();
                    int[] counts = new int[2];
                    var workers = new ArrayList<GreenThread<?>>();
                    for (int i = 0; i < 2; i++) {
                        int number = i;
                        workers.add(
                                Evy.spawn(
                                        () -> {
                                            while (counts[number] < 1000) {
                                                lock.acquire();
                                                counts[number]++;
                                                Evy.yield();
                                                lock.release();
                                                assertThat(counts[0] - counts[1]).isBetween(-1, 1);
                                            }
                                        }));
                    }

                    workers.forEach(GreenThread::join);

                    assertThat(lock.balance()).isEqualTo(1);
                });
    }

    @Spec("SEM8")
    @Test
    void acquire_afterReleaseToAWaiter_standsBehind() throws Exception {
        Evy.run(
                () -> {
                    var lock = new Semaphore();
                    var order = new ArrayList<String>();
                    lock.acquire();
                    for (String name : List.of("a", "b")) {
                        Evy.spawnN(
                                () -> {
                                    lock.acquire();
                                    order.add(name);
                                    lock.release();
                                });
                    }
                    Evy.yield();

                    lock.release();
                    boolean barged = lock.tryAcquire();
                    lock.acquire();
                    order.add("latecomer");
                    lock.release();

                    assertThat(barged).isFalse();
                    assertThat(order).containsExactly("a", "b", "latecomer");
                });
    }

    @Spec("SEM9")
    @Test
    void acquire_killedOrTimedOut_consumesNoPermit() {
        Evy.run(
                () -> {
                    var semaphore = new Semaphore(0);
                    var killed = Evy.spawn(() -> semaphore.acquire());
                    var late = Evy.spawn(() -> semaphore.tryAcquire(Duration.ofMillis(1)));
                    Evy.yield();

                    Evy.kill(killed);
                    boolean acquired = late.join();

                    assertThatThrownBy(killed::join).isInstanceOf(GreenThreadExit.class);
                    assertThat(acquired).isFalse();
                    assertThat(semaphore.balance()).isZero();
                    semaphore.release();
                    assertThat(semaphore.tryAcquire()).isTrue();
                });
    }

    @Spec({"SEM9", "EV10"})
    @Test
    void acquire_tornAway_isForgotten() {
        Evy.run(
                () -> {
                    var semaphore = new Semaphore(0);
                    var victim =
                            Evy.spawn(
                                    () -> {
                                        assertThat(catchThrowable(semaphore::acquire)).isNotNull();
                                    });
                    Evy.yield();
                    var kill = new WeakReference<>(new GreenThreadExit());

                    Evy.kill(victim, kill.get());
                    victim.join();

                    Partners.until(
                            "the waiter, and what it was torn by, are gone",
                            () -> {
                                System.gc();
                                return kill.get() == null;
                            });
                    assertThat(semaphore.balance()).isZero();
                });
    }

    @Spec("SEM10")
    @Test
    void reentrantLock_betweenGreenThreads_letsOthersRun() {
        Evy.run(
                () -> {
                    var lock = new ReentrantLock();
                    var log = new ArrayList<String>();
                    lock.lock();
                    var waiter =
                            Evy.spawn(
                                    () -> {
                                        lock.lock();
                                        log.add("locked");
                                        lock.unlock();
                                    });
                    Evy.spawnN(() -> log.add("another had a turn"));
                    Evy.yield();
                    assertThat(lock.hasQueuedThreads()).isTrue();

                    log.add("unlock");
                    lock.unlock();
                    waiter.join();

                    assertThat(log).containsExactly("another had a turn", "unlock", "locked");
                });
    }

    @Spec("SEM10")
    @Test
    void reentrantLock_unlockByAnother_throws() {
        Evy.run(
                () -> {
                    var lock = new ReentrantLock();
                    assertThatThrownBy(lock::unlock)
                            .isInstanceOf(IllegalMonitorStateException.class);
                    lock.lock();

                    var other = Evy.spawn(lock::unlock);

                    assertThatThrownBy(other::join)
                            .isInstanceOf(IllegalMonitorStateException.class);
                    assertThat(lock.isHeldByCurrentThread()).isTrue();
                    lock.unlock();
                });
    }
}
