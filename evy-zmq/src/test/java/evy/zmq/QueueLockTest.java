package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;

/** {@link QueueLock}. */
@ExtendWith(LeakCheckExtension.class)
class QueueLockTest {
    private final QueueLock lock = new QueueLock("a turn");

    @Test
    @Spec("ZMQ11")
    void acquire_severalWait_firstComeFirstServed() throws Exception {
        Evy.run(
                () -> {
                    List<Integer> order = new ArrayList<>();
                    lock.acquire(Waiter.FOREVER);
                    List<GreenThread<?>> threads = new ArrayList<>();
                    for (int i = 1; i <= 3; i++) {
                        int me = i;
                        threads.add(
                                Evy.spawn(
                                        () -> {
                                            lock.acquire(Waiter.FOREVER);
                                            order.add(me);
                                            lock.release();
                                        }));
                    }
                    Evy.yield();
                    assertThat(order).isEmpty();

                    lock.release();
                    threads.forEach(GreenThread::join);

                    assertThat(order).containsExactly(1, 2, 3);
                    assertThat(lock.isHeld()).isFalse();
                });
    }

    @Test
    @Spec("ZMQ11")
    void acquire_again_needsAsManyReleases() throws Exception {
        Evy.run(
                () -> {
                    boolean[] got = {false};
                    lock.acquire(0);
                    lock.acquire(0);
                    GreenThread<?> other =
                            Evy.spawn(
                                    () -> {
                                        lock.acquire(Waiter.FOREVER);
                                        got[0] = true;
                                        lock.release();
                                    });
                    Evy.yield();

                    lock.release();
                    Evy.yield();
                    assertThat(lock.isHeld()).isTrue();
                    assertThat(lock.isHeldByOther()).isFalse();
                    assertThat(got[0]).isFalse();

                    lock.release();
                    assertThat(lock.isHeldByOther()).isTrue();
                    other.join();
                    assertThat(got[0]).isTrue();
                });
    }

    @Test
    @Spec("ZMQ11")
    void release_notHeld_isAnError() throws Exception {
        assertThatThrownBy(lock::release).isInstanceOf(IllegalMonitorStateException.class);

        Evy.run(
                () -> {
                    lock.acquire(0);
                    GreenThread<?> other = Evy.spawn(() -> lock.release());

                    assertThatThrownBy(other::join)
                            .isInstanceOf(IllegalMonitorStateException.class)
                            .hasMessageContaining("a turn");
                    lock.release();
                    assertThatThrownBy(lock::release)
                            .isInstanceOf(IllegalMonitorStateException.class);
                });
    }

    @Test
    @Spec("ZMQ11")
    void acquire_killedOrTooLate_isPassedOver() throws Exception {
        Evy.run(
                () -> {
                    lock.acquire(0);
                    GreenThread<?> killed = Evy.spawn(() -> lock.acquire(Waiter.FOREVER));
                    GreenThread<Boolean> late = Evy.spawn(() -> lock.acquire(1));
                    GreenThread<Boolean> last =
                            Evy.spawn(
                                    () -> {
                                        boolean held = lock.acquire(Waiter.FOREVER);
                                        lock.release();
                                        return held;
                                    });
                    Evy.yield();

                    killed.kill();
                    assertThat(late.join()).isFalse();
                    lock.release();

                    assertThat(last.join()).isTrue();
                    assertThat(lock.isHeld()).isFalse();
                });
    }

    @Test
    @Spec("ZMQ11")
    void acquire_fromSeveralHubsAndAPlatformThread_oneAtATime() throws Exception {
        int[] inside = {0};
        int[] total = {0};
        try (Hub other = Hub.open()) {
            List<GreenThread<?>> threads = new ArrayList<>();
            for (Hub hub : List.of(other, Hub.getDefault(), other, Hub.getDefault())) {
                threads.add(Evy.spawn(hub, () -> workUnderLock(inside, total)));
            }
            workUnderLock(inside, total);
            threads.forEach(GreenThread::join);
        }

        assertThat(total[0]).isEqualTo(500);
    }

    private void workUnderLock(int[] inside, int[] total) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            lock.acquire(Waiter.FOREVER);
            assertThat(++inside[0]).isEqualTo(1);
            total[0]++;
            inside[0]--;
            lock.release();
        }
    }

    @Test
    void acquire_noTime_takesAFreeOneOnly() throws Exception {
        Evy.run(
                () -> {
                    assertThat(lock.acquire(0)).isTrue();
                    assertThat(Evy.spawn(() -> lock.acquire(0)).join()).isFalse();
                    lock.release();
                    assertThat(Evy.spawn(() -> takeAndGive()).join()).isTrue();
                });
    }

    private boolean takeAndGive() throws InterruptedException {
        boolean got = lock.acquire(0);
        lock.release();
        return got;
    }
}
