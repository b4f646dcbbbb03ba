package evy.patcher.replacements;

import evy.hubs.Hub;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.util.Date;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;

/**
 * A timer that runs its tasks on a hub if it is made there. The JDK's timer thread keeps the time
 * and the order; each run is a green thread of its own, and the next waits for its end.
 *
 * <p>Tasks that no rewritten code has defined run on the timer thread as ever.
 */
public class PatchedTimer extends Timer {
    private final @Nullable Hub hub = Green.hub();

    /** As {@link Timer#Timer()}. */
    public PatchedTimer() {}

    /**
     * As {@link Timer#Timer(boolean)}.
     *
     * @param isDaemon see there
     */
    public PatchedTimer(boolean isDaemon) {
        super(isDaemon);
    }

    /**
     * As {@link Timer#Timer(String)}.
     *
     * @param name see there
     */
    public PatchedTimer(String name) {
        super(name);
    }

    /**
     * As {@link Timer#Timer(String, boolean)}.
     *
     * @param name see there
     * @param isDaemon see there
     */
    public PatchedTimer(String name, boolean isDaemon) {
        super(name, isDaemon);
    }

    @Override
    public void schedule(TimerTask task, long delay) {
        relay(task, t -> super.schedule(t, delay));
    }

    @Override
    public void schedule(TimerTask task, Date time) {
        relay(task, t -> super.schedule(t, time));
    }

    @Override
    public void schedule(TimerTask task, long delay, long period) {
        relay(task, t -> super.schedule(t, delay, period));
    }

    @Override
    public void schedule(TimerTask task, Date firstTime, long period) {
        relay(task, t -> super.schedule(t, firstTime, period));
    }

    @Override
    public void scheduleAtFixedRate(TimerTask task, long delay, long period) {
        relay(task, t -> super.scheduleAtFixedRate(t, delay, period));
    }

    @Override
    public void scheduleAtFixedRate(TimerTask task, Date firstTime, long period) {
        relay(task, t -> super.scheduleAtFixedRate(t, firstTime, period));
    }

    private void relay(TimerTask task, Consumer<TimerTask> schedule) {
        Hub home = hub;
        if (home == null || !(task instanceof PatchedTimerTask patched)) {
            schedule.accept(task);
            return;
        }
        Relay relay = new Relay(home, patched);
        patched.use(relay);
        try {
            schedule.accept(relay);
        } catch (RuntimeException e) {
            patched.forgetRelay();
            throw e;
        }
    }

    /** Runs a task on a hub, for the timer thread. */
    private static final class Relay extends TimerTask {
        private final Hub hub;
        private final TimerTask task;

        Relay(Hub hub, TimerTask task) {
            this.hub = hub;
            this.task = task;
        }

        @Override
        public void run() {
            Twin.runOn(hub, task);
        }
    }
}
