package evy.patcher.replacements;

import org.jspecify.annotations.Nullable;

import java.util.TimerTask;

/** A task of a timer that a green {@link PatchedTimer} can run. */
/*
 * Only a timer of the JDK's can know whether a task of the JDK's was cancelled. So what a green
 * timer schedules is a relay, and this task asks it.
 */
public abstract class PatchedTimerTask extends TimerTask {
    private @Nullable TimerTask relay; // guarded by this
    private boolean cancelled; // guarded by this

    /** As {@link TimerTask#TimerTask()}. */
    protected PatchedTimerTask() {}

    /** Takes note of what is scheduled in place of this task. */
    final synchronized void use(TimerTask newRelay) {
        if (cancelled || relay != null) {
            throw new IllegalStateException("Task already scheduled or cancelled");
        }
        relay = newRelay;
    }

    /** Takes {@link #use} back: the relay could not be scheduled. */
    final synchronized void forgetRelay() {
        relay = null;
    }

    @Override
    public synchronized boolean cancel() {
        cancelled = true;
        return relay == null ? super.cancel() : relay.cancel();
    }

    @Override
    public synchronized long scheduledExecutionTime() {
        return relay == null ? super.scheduledExecutionTime() : relay.scheduledExecutionTime();
    }
}
