package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import evy.Evy;
import evy.GreenThread;
import evy.sync.CappedSemaphore;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;

/** Capped semaphores; see also {@link SemaphoreContractTest}. */
@ExtendWith(LeakCheckExtension.class)
class CappedSemaphoreTest {
    @Spec("SEM5")
    @Test
    void acquireAndRelease_twoOfThree_balanceGoesFromEndToEnd() throws Exception {
        Evy.run(
                () -> {
                    var semaphore = new CappedSemaphore(2, 3);
                    assertThat(semaphore.balance()).isEqualTo(1);
                    semaphore.acquire();
                    semaphore.acquire();
                    var acquirer = Evy.spawn(() -> semaphore.acquire());
                    Evy.yield();

                    assertThat(acquirer.isDone()).isFalse();
                    assertThat(semaphore.balance()).isEqualTo(-4);
                    semaphore.release();
                    acquirer.join();
                    assertThat(semaphore.balance()).isEqualTo(-3);
                    assertThat(semaphore.isLocked()).isTrue();

                    for (int balance = -1; balance <= 3; balance += 2) {
                        assertThat(semaphore.isBounded()).isFalse();
                        semaphore.release();
                        assertThat(semaphore.balance()).isEqualTo(balance);
                    }
                    assertThat(semaphore.isBounded()).isTrue();
                    assertThat(semaphore.isLocked()).isFalse();
                });
    }

    @Spec("SEM5")
    @Test
    void release_atTheLimit_waitsForAnAcquire() throws Exception {
        Evy.run(
                () -> {
                    var semaphore = new CappedSemaphore(1, 1);
                    var log = new ArrayList<String>();
                    assertThat(semaphore.isBounded()).isTrue();
                    assertThat(semaphore.tryRelease()).isFalse();
                    var releaser =
                            Evy.spawn(
                                    () -> {
                                        semaphore.release();
                                        log.add("released");
                                    });
                    Evy.yield();
                    assertThat(releaser.isDone()).isFalse();

                    semaphore.acquire();
                    log.add("acquired");
                    releaser.join();

                    assertThat(log).containsExactly("acquired", "released");
                    assertThat(semaphore.isBounded()).as("the released one is there").isTrue();
                });
    }

    @Spec("SEM5")
    @Test
    void make_countOutOfRange_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CappedSemaphore(-1, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CappedSemaphore(4, 3))
                .withMessageContaining("limit 3");
        assertThatIllegalArgumentException().isThrownBy(() -> new CappedSemaphore(0, -1));
    }

    @Spec("SEM6")
    @Test
    void acquire_limitZero_meetsARelease() throws Exception {
        Evy.run(
                () -> {
                    var semaphore = new CappedSemaphore(0, 0);
                    var log = new ArrayList<String>();
                    assertThat(semaphore.isLocked()).isTrue();
                    assertThat(semaphore.isBounded()).isTrue();
                    assertThat(semaphore.tryAcquire()).isFalse();
                    assertThat(semaphore.tryRelease()).isFalse();
                    var acquirers = new ArrayList<GreenThread<?>>();
                    for (int i = 0; i < 2; i++) {
                        acquirers.add(
                                Evy.spawn(
                                        () -> {
                                            semaphore.acquire();
                                            log.add("acquired");
                                        }));
                    }
                    Evy.yield();
                    assertThat(semaphore.isBounded()).as("somebody waits").isFalse();

                    semaphore.release();
                    assertThat(semaphore.tryRelease()).isTrue();
                    assertThat(semaphore.tryRelease()).isFalse();
                    log.add("released");
                    acquirers.forEach(GreenThread::join);

                    assertThat(log).containsExactly("released", "acquired", "acquired");
                    assertThat(semaphore.balance()).isZero();
                });
    }

    @Spec("SEM7")
    @Test
    void tryForms_limitOver_returnFalseAfterThatTime() throws Exception {
        try (var manual = ManualHub.open()) {
            var empty = new CappedSemaphore(0, 1);
            var full = new CappedSemaphore(1, 1);

            boolean acquired = manual.call(() -> empty.tryAcquire(Duration.ofHours(1)));
            boolean released = manual.call(() -> full.tryRelease(Duration.ofHours(2)));

            assertThat(acquired).isFalse();
            assertThat(released).isFalse();
            assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofHours(3));
            assertThat(empty.balance()).isEqualTo(-1);
            assertThat(full.balance()).isEqualTo(1);
        }
    }
}
