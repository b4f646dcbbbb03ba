package evy.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;
import evy.hubs.HubOptions;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;

class SpinLockTest {
    private static final int STEPS = 5_000;

    private final SpinLock lock = new SpinLock();
    private int count; // guarded by lock

    private void countUp() {
        lock.lock();
        try {
            count++;
            for (int i = 0; i < 20; i++) {
                Thread.onSpinWait(); // or it would hardly ever be contended
            }
        } finally {
            lock.unlock();
        }
    }

    private void countUp(int steps) {
        for (int i = 0; i < steps; i++) {
            countUp();
        }
    }

    @Test
    void lock_platformThreads_excludeEachOther() throws Exception {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> countUp(STEPS)));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(count).isEqualTo(4 * STEPS);
    }

    @Test
    void lock_byItsHolder_goesDeeper() throws Exception {
        lock.lock();
        lock.lock();
        lock.unlock();

        assertThat(lock.isHeld()).isTrue();
        var held = new boolean[1];
        var other = Thread.ofPlatform().start(() -> held[0] = lock.isHeld());
        other.join();
        assertThat(held[0]).isFalse();

        lock.unlock();
        assertThat(lock.isHeld()).isFalse();
        var another = Thread.ofPlatform().start(() -> countUp(1));
        another.join();
        assertThat(count).isEqualTo(1);
    }

    /*
     * A fair lock would stand still here: it promises the turn to a green thread whose hub's own
     * thread waits behind it, in a callback.
     */
    @Test
    void lock_callbacksAndGreenThreadsOfTwoHubs_allGoOn() throws Exception {
        try (var first = Hub.open(HubOptions.DEFAULT);
                var second = Hub.open(HubOptions.DEFAULT)) {
            var threads = new ArrayList<GreenThread<?>>();
            var callbacks = new CountDownLatch(2 * STEPS);
            for (var hub : new Hub[] {first, second}) {
                for (int i = 0; i < 4; i++) {
                    threads.add(
                            Evy.spawn(
                                    hub,
                                    () -> {
                                        for (int step = 0; step < STEPS; step++) {
                                            countUp();
                                            if (step % 100 == 0) {
                                                Evy.yield();
                                            }
                                        }
                                    }));
                }
                hub.execute(() -> callBack(hub, STEPS, callbacks));
            }

            threads.forEach(thread -> thread.join());
            callbacks.await();

            assertThat(count).isEqualTo(10 * STEPS);
        }
    }

    private void callBack(Hub hub, int left, CountDownLatch done) {
        countUp();
        done.countDown();
        if (left > 1) {
            hub.execute(() -> callBack(hub, left - 1, done));
        }
    }

    /* The holder is off its hub, and the lock is wanted there: the hub must come round to it. */
    @Test
    void lock_heldByAGreenThreadThatYields_letsItGoOn() throws Exception {
        Evy.run(
                () -> {
                    var holder =
                            Evy.spawn(
                                    () -> {
                                        lock.lock();
                                        try {
                                            Evy.yield();
                                            Evy.yield();
                                        } finally {
                                            lock.unlock();
                                        }
                                    });
                    Evy.yield();

                    countUp(1);

                    assertThat(count).isEqualTo(1);
                    holder.join();
                });
    }
}
