package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import evy.Evy;
import evy.sync.Metaphore;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;

/** Counters that are waited for; see also {@link EventContractTest}. */
@ExtendWith(LeakCheckExtension.class)
class MetaphoreTest {
    @Spec("EV12")
    @Test
    void await_neverCounted_returnsAtOnce() throws Exception {
        var metaphore = new Metaphore();

        metaphore.await();

        assertThat(metaphore.await(Duration.ZERO)).isTrue();
        assertThat(metaphore.count()).isZero();
    }

    @Spec("EV12")
    @Test
    void await_countedUp_isReleasedAtZeroOnlyAndAgain() {
        Evy.run(
                () -> {
                    var metaphore = new Metaphore();
                    for (int round = 0; round < 2; round++) {
                        var log = new ArrayList<String>();
                        metaphore.inc();
                        metaphore.inc(2);
                        var waiter =
                                Evy.spawn(
                                        () -> {
                                            metaphore.await();
                                            log.add("zero");
                                        });

                        for (int left = 2; left > 0; left--) {
                            metaphore.dec();
                            Evy.yield();
                            assertThat(log).isEmpty();
                            assertThat(metaphore.count()).isEqualTo(left);
                        }
                        metaphore.dec();
                        log.add("counted down");
                        waiter.join();

                        assertThat(log).containsExactly("counted down", "zero");
                    }
                });
    }

    @Spec("EV12")
    @Test
    void inc_beforeTheReleasedRuns_doesNotHoldItBack() {
        Evy.run(
                () -> {
                    var metaphore = new Metaphore();
                    metaphore.inc();
                    var waiter = Evy.spawn(() -> metaphore.await());
                    Evy.yield();

                    metaphore.dec();
                    metaphore.inc();

                    waiter.join();
                    assertThat(metaphore.count()).isEqualTo(1);
                });
    }

    @Spec("EV12")
    @Test
    void await_limitOver_returnsFalse() throws Exception {
        try (var manual = ManualHub.open()) {
            var metaphore = new Metaphore();
            metaphore.inc();

            boolean zero = manual.call(() -> metaphore.await(Duration.ofHours(1)));

            assertThat(zero).isFalse();
            assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofHours(1));
        }
    }

    @Spec("EV12")
    @Test
    void count_wrongStep_isRefusedAndLeftAsItWas() {
        var metaphore = new Metaphore();
        metaphore.inc(2);

        for (int by : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> metaphore.inc(by));
            assertThatIllegalArgumentException().isThrownBy(() -> metaphore.dec(by));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> metaphore.dec(3))
                .withMessageContaining("count=2");
        assertThat(metaphore.count()).isEqualTo(2);
        metaphore.dec(2);
        assertThatIllegalStateException().isThrownBy(metaphore::dec);
        assertThat(metaphore.count()).isZero();
    }
}
