package evy.jsr166;

import static evy.jsr166.Side.PATIENCE_SECONDS;
import static evy.jsr166.Side.SHORT_MILLIS;
import static evy.jsr166.Side.millisSince;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.behaviour.AnyPoller;
import evy.sync.Semaphore;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What a fair semaphore promises. */
@ExtendWith(LeakCheckExtension.class)
@Timeout(Side.TEST_SECONDS)
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("kinds")
@AnyPoller
class SemaphoreTckTest {
    private static final Duration SHORT = Duration.ofMillis(SHORT_MILLIS);
    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    private final boolean ours;
    private final Side side;

    SemaphoreTckTest(String type, Side side) {
        this.ours = type.startsWith("evy");
        this.side = side;
    }

    static Stream<Arguments> kinds() {
        return Stream.of("evy.sync.Semaphore", "java.util.concurrent.Semaphore")
                .flatMap(t -> Stream.of(Side.values()).map(s -> Arguments.of(t, s)));
    }

    /** What ours and the JDK's have in common. */
    private interface Permits {
        void acquire() throws InterruptedException;

        boolean tryAcquire();

        boolean tryAcquire(Duration timeout) throws InterruptedException;

        void release();

        int waiting();
    }

    private Permits permits(int count) {
        if (ours) {
            return new Ours(new Semaphore(count));
        }
        return new Jdks(new java.util.concurrent.Semaphore(count, true));
    }

    private record Ours(Semaphore semaphore) implements Permits {
        @Override
        public void acquire() throws InterruptedException {
            semaphore.acquire();
        }

        @Override
        public boolean tryAcquire() {
            return semaphore.tryAcquire();
        }

        @Override
        public boolean tryAcquire(Duration timeout) throws InterruptedException {
            return semaphore.tryAcquire(timeout);
        }

        @Override
        public void release() {
            semaphore.release();
        }

        @Override
        public int waiting() {
            return Math.max(0, -semaphore.balance());
        }
    }

    private record Jdks(java.util.concurrent.Semaphore semaphore) implements Permits {
        @Override
        public void acquire() throws InterruptedException {
            semaphore.acquire();
        }

        @Override
        public boolean tryAcquire() {
            return semaphore.tryAcquire();
        }

        @Override
        public boolean tryAcquire(Duration timeout) throws InterruptedException {
            return semaphore.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void release() {
            semaphore.release();
        }

        @Override
        public int waiting() {
            return semaphore.getQueueLength();
        }
    }

    @Test
    void tryAcquire_permits_areThereAsManyTimes() throws Exception {
        side.run(
                () -> {
                    Permits permits = permits(2);
                    assertThat(permits.tryAcquire()).isTrue();
                    assertThat(permits.tryAcquire(Duration.ZERO)).isTrue();
                    assertThat(permits.tryAcquire()).isFalse();
                    assertThat(permits.tryAcquire(Duration.ZERO)).isFalse();

                    permits.release();

                    permits.acquire();
                    assertThat(permits.tryAcquire()).isFalse();
                });
    }

    @Test
    void tryAcquire_timeOver_hasWaitedThatLong() throws Exception {
        side.run(
                () -> {
                    Permits permits = permits(0);
                    long start = System.nanoTime();

                    assertThat(permits.tryAcquire(SHORT)).isFalse();

                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(SHORT_MILLIS);
                    permits.release();
                    assertThat(permits.tryAcquire(PATIENCE)).isTrue();
                });
    }

    @Test
    void release_moreThanAcquired_addsPermits() throws Exception {
        side.run(
                () -> {
                    Permits permits = permits(0);
                    permits.release();
                    permits.release();
                    assertThat(permits.tryAcquire()).isTrue();
                    assertThat(permits.tryAcquire()).isTrue();
                    assertThat(permits.tryAcquire()).isFalse();
                });
    }

    @Test
    void acquire_none_waitsForARelease() throws Exception {
        side.run(
                () -> {
                    Permits permits = permits(0);
                    var first = side.start(permits::acquire).blocked();
                    var second = side.start(() -> permits.tryAcquire(PATIENCE)).blocked();
                    assertThat(permits.waiting()).isEqualTo(2);

                    permits.release();
                    first.result();
                    assertThat(second.isDone()).isFalse();
                    permits.release();

                    assertThat(second.result()).isTrue();
                    assertThat(permits.waiting()).isZero();
                    assertThat(permits.tryAcquire()).isFalse();
                });
    }

    @Test
    void acquire_interruptedWhileWaiting_takesNothing() throws Exception {
        side.run(
                () -> {
                    Permits permits = permits(0);
                    var first = side.start(permits::acquire).blocked();
                    var second = side.start(() -> permits.tryAcquire(PATIENCE)).blocked();

                    assertThat(first.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);
                    assertThat(second.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);

                    assertThat(permits.waiting()).isZero();
                    permits.release();
                    assertThat(permits.tryAcquire()).isTrue();
                });
    }

    @Test
    void acquire_interruptedBefore_throwsIfItHadToWait() throws Exception {
        side.run(
                () -> {
                    Permits permits = permits(0);
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(permits::acquire).isInstanceOf(InterruptedException.class);
                    assertThat(Thread.interrupted()).isFalse();
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> permits.tryAcquire(PATIENCE))
                            .isInstanceOf(InterruptedException.class);
                    assertThat(Thread.interrupted()).isFalse();
                    permits.release();
                    assertThat(permits.tryAcquire()).isTrue();
                });
    }

    /** A deliberate difference: the JDK's throws although it need not wait. */
    @Test
    void acquire_interruptedBeforeAndPermitThere_takesItAndKeepsTheFlag() throws Exception {
        Assumptions.assumeTrue(ours, "the JDK's throws here");
        side.run(
                () -> {
                    Permits permits = permits(2);
                    Thread.currentThread().interrupt();

                    permits.acquire();
                    assertThat(permits.tryAcquire(PATIENCE)).isTrue();

                    assertThat(Thread.interrupted()).isTrue();
                });
    }

    @Test
    void acquire_several_areServedInOrder() throws Exception {
        side.run(
                () -> {
                    Permits permits = permits(0);
                    Queue<Integer> order = new ConcurrentLinkedQueue<>();
                    List<Side.Helper<Void>> helpers = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        int number = i;
                        helpers.add(
                                side.start(
                                                () -> {
                                                    permits.acquire();
                                                    order.add(number);
                                                })
                                        .blocked());
                    }

                    for (var helper : helpers) {
                        permits.release();
                        helper.result();
                    }

                    assertThat(order).containsExactly(0, 1, 2, 3);
                });
    }

    @Test
    void acquire_manyThreads_neverMoreInsideThanPermits() throws Exception {
        side.run(
                () -> {
                    Permits permits = permits(2);
                    var inside = new AtomicInteger();
                    var most = new AtomicInteger();
                    List<Side.Helper<Void>> helpers = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        helpers.add(
                                side.start(
                                        () -> {
                                            for (int n = 0; n < 100; n++) {
                                                permits.acquire();
                                                most.accumulateAndGet(
                                                        inside.incrementAndGet(), Math::max);
                                                Thread.yield();
                                                inside.decrementAndGet();
                                                permits.release();
                                            }
                                        }));
                    }
                    for (var helper : helpers) {
                        helper.result();
                    }

                    assertThat(most.get()).isBetween(1, 2);
                    assertThat(permits.tryAcquire()).isTrue();
                    assertThat(permits.tryAcquire()).isTrue();
                    assertThat(permits.tryAcquire()).isFalse();
                });
    }

    /** A deliberate difference: the JDK's may begin with a debt. */
    @Test
    void constructor_negative_isRefused() {
        Assumptions.assumeTrue(ours, "the JDK's takes it");

        assertThatIllegalArgumentException().isThrownBy(() -> new Semaphore(-1));
    }
}
