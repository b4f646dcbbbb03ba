package evy.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import evy.internal.poll.Backend;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The same as {@link HubSleepTest}, with nothing left out: a hub on its own thread that falls
 * asleep in a real poller between any two tasks.
 *
 * <p>Claim: each task handed in is run, and soon: the wake-up reaches a poller that is about to
 * wait as well as one that waits. The twin forgets the former, within a few microseconds; a gap
 * much smaller than that is seldom met here, and is what {@link HubSleepTest} is for.
 */
class HubWakeUpTest {
    private static final int TASKS = 30_000;

    /* Usually some hundred do; on a busy machine the two meet more seldom. */
    private static final int TASKS_FOR_TWIN = 3_000_000;

    /* No pause of a machine is so long; a hub that is not woken sleeps for a minute. */
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LIMIT_FOR_TWIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /* Up to 32 microseconds, short ones as often as long ones. */
    private static final int PAUSE_BITS = 15;

    private final Random random = new Random(25);
    private volatile int done;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void hub_asleepBetweenTasks_runsEach(String kind) throws Exception {
        Backend backend = backend(kind);
        Hub hub = StillHub.made(backend, backend.openPoller());
        hub.thread().start();

        int run = runUntilOneIsLost(hub, TASKS, LIMIT_NANOS);

        assertThat(run).isEqualTo(TASKS);
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void forgetfulPoller_sameTasks_foundOut(String kind) throws Exception {
        Backend backend = backend(kind);
        ForgetfulPoller poller = new ForgetfulPoller(backend.openPoller());
        Hub hub = StillHub.made(backend, poller);
        hub.thread().start();

        int run = runUntilOneIsLost(hub, TASKS_FOR_TWIN, LIMIT_FOR_TWIN_NANOS);

        assertThat(run).isLessThan(TASKS_FOR_TWIN);
        poller.wakeup();
        hub.shutdown();
    }

    private static Backend backend(String kind) {
        for (Backend backend : Backend.all()) {
            if (backend.name().equals(kind) && backend.unavailable() == null) {
                return backend;
            }
        }
        return Assumptions.abort("no " + kind + " here");
    }

    /** Hands in one task after the other; returns how many were run. */
    private int runUntilOneIsLost(Hub hub, int tasks, long limitNanos) {
        for (int i = 1; i <= tasks; i++) {
            int task = i;
            hub.execute(() -> done = task);
            if (!isDoneInTime(task, limitNanos)) {
                return i - 1;
            }
            pause();
        }
        return tasks;
    }

    private boolean isDoneInTime(int task, long limitNanos) {
        long begun = System.nanoTime();
        while (done != task) {
            if (System.nanoTime() - begun > limitNanos) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /* So that the next task meets the hub now here and now there on its way to sleep. */
    private void pause() {
        long until = System.nanoTime() + random.nextInt(1 << random.nextInt(PAUSE_BITS + 1));
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }
}
