package evy.zmq.it;

import evy.Evy;
import evy.Timeout;
import evy.hubs.Greenlet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Workers on one hub that are killed and timed out at random wherever they wait, and go on where
 * they were. Each does its steps until it has done all; what a step has changed before it was torn
 * is the test's to look at.
 */
final class Storm {
    private static final int TIMEOUT_MAX_NANOS = 200_000;
    private static final int PAUSE_MAX_NANOS = 300_000;

    private final long seed;
    private final Random random;
    private final List<Worker> workers = new ArrayList<>();
    private int working;
    private int kills;
    private int timeouts;

    Storm(long seed) {
        this.seed = seed;
        random = new Random(seed);
    }

    /** A step that may be torn at any wait. */
    interface Step {
        void run() throws Exception;
    }

    /** Adds a worker: it repeats the step until it is done. */
    void worker(BooleanSupplier done, Step step) {
        workers.add(new Worker(done, step));
    }

    /** Lets it rain until all is done. */
    void run() {
        working = workers.size();
        workers.forEach(Worker::begin);
        while (working > 0) {
            Worker victim = workers.get(random.nextInt(workers.size()));
            if (victim.isWorking()) {
                kills++;
                Evy.kill(victim.thread);
                // one that JeroMQ's thread has just woken first does what it was woken for
                while (!victim.thread.isDead()) {
                    Evy.yield();
                }
                victim.begin();
            }
            Evy.sleep(Duration.ofNanos(random.nextInt(PAUSE_MAX_NANOS)));
            if (workers.stream().allMatch(w -> w.done.getAsBoolean())
                    || workers.stream().anyMatch(w -> w.failure != null)) {
                workers.forEach(Worker::end); // those who wait for what will not come
            }
        }
        workers.stream().map(w -> w.failure).filter(f -> f != null).forEach(this::fail);
    }

    private void fail(Throwable failure) {
        throw new AssertionError("a worker failed, seed " + seed, failure);
    }

    /** Steps of several messages at a time: bursts. */
    int burst() {
        return random.nextInt(4) == 0 ? 1 + random.nextInt(200) : 1;
    }

    /** How often it struck. */
    int tears() {
        return kills + timeouts;
    }

    private final class Worker {
        final BooleanSupplier done;
        final Step step;
        Greenlet thread;
        boolean ended;
        Throwable failure;

        Worker(BooleanSupplier done, Step step) {
            this.done = done;
            this.step = step;
        }

        boolean isWorking() {
            return !ended;
        }

        void begin() {
            if (!ended) {
                thread = Evy.spawnN(this::work);
            }
        }

        /* Killed, it is neither done nor failed. */
        private void work() throws Exception {
            try {
                while (!done.getAsBoolean()) {
                    if (random.nextInt(16) == 0) {
                        Duration limit = Duration.ofNanos(random.nextInt(TIMEOUT_MAX_NANOS));
                        timeouts += Timeout.run(limit, step::run) ? 0 : 1;
                    } else {
                        step.run();
                    }
                }
                finish();
            } catch (Exception | AssertionError e) {
                failure = e;
                finish();
            }
        }

        private void finish() {
            ended = true;
            working--;
        }

        void end() {
            if (!ended) {
                Evy.kill(thread);
                if (!ended) {
                    finish();
                }
            }
        }
    }
}
