package evy.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

class WaitQueueTest {
    private static final long PATIENCE_SECONDS = 20;

    private final WaitQueue queue = new WaitQueue();
    private final List<String> resumed = new ArrayList<>();
    private Hub hub;

    @BeforeEach
    void openHub() {
        hub = Hub.open();
    }

    @AfterEach
    void closeHub() {
        hub.close();
    }

    private FutureTask<?> spawn(Callable<?> body) {
        var task = new FutureTask<>(body);
        new Greenlet(hub, null) {
            @Override
            protected void run() {
                task.run();
            }
        }.start();
        return task;
    }

    private Object waitInQueue(String name) throws InterruptedException {
        Waiter waiter;
        queue.lock();
        try {
            waiter = queue.enter(name);
        } finally {
            queue.unlock();
        }
        boolean woken = queue.await(waiter, Waiter.FOREVER);
        resumed.add(name);
        return woken;
    }

    private static void letOthersRun() {
        for (int i = 0; i < 3; i++) {
            Greenlet.giveTurn();
        }
    }

    /* A thread of another hub that resumed at once would spin for the lock, maybe in its holder's place. */
    @Test
    void wakeFirst_lockHeld_wokenResumesWhenItIsFree() throws Exception {
        var waiting = spawn(() -> waitInQueue("first"));
        var waking =
                spawn(
                        () -> {
                            queue.lock();
                            assertThat(queue.wakeFirst("given")).isTrue();
                            letOthersRun();
                            assertThat(resumed).isEmpty();
                            queue.unlock();
                            letOthersRun();
                            return List.copyOf(resumed);
                        });
        assertThat(waking.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(List.of("first"));
        assertThat(waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(true);
    }

    @Test
    void wakeFirst_lockHeldTwice_wokenResumesAfterTheLastUnlock() throws Exception {
        var waiting = spawn(() -> waitInQueue("first"));
        var waking =
                spawn(
                        () -> {
                            queue.lock();
                            queue.lock();
                            assertThat(queue.wakeFirst()).isNotNull();
                            queue.unlock();
                            letOthersRun();
                            assertThat(resumed).isEmpty();
                            queue.unlock();
                            return null;
                        });
        waking.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(true);
    }

    @Test
    void wakeAll_severalOfTwoQueuesWithOneLock_resumeInTheOrderOfTheirWakes() throws Exception {
        var other = new WaitQueue(queue);
        var waiting = new ArrayList<FutureTask<?>>();
        for (var name : List.of("a", "b", "c")) {
            waiting.add(spawn(() -> waitInQueue(name)));
        }
        waiting.add(
                spawn(
                        () -> {
                            queue.lock();
                            Waiter waiter = other.enter("other");
                            queue.unlock();
                            assertThat(other.await(waiter, Waiter.FOREVER)).isTrue();
                            return resumed.add("other");
                        }));
        var waking =
                spawn(
                        () -> {
                            queue.lock();
                            queue.wakeFirst(null);
                            other.wakeAll(null);
                            queue.wakeAll(null);
                            queue.unlock();
                            return null;
                        });
        waking.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        for (var each : waiting) {
            each.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(resumed).containsExactly("a", "other", "b", "c");
    }
}
