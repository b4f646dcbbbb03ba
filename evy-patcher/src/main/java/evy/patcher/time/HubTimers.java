package evy.patcher.time;

import evy.hubs.Clock;
import evy.hubs.Hub;
import evy.hubs.Timer;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Times the waits of the virtual threads that a hub carries.
 *
 * <p>Runs on the carrier when the virtual thread has just left it, so the current thread is the
 * hub's own, and must not block.
 */
final class HubTimers implements Bridge.Timers {
    /** Makes them, with all that they need. */
    HubTimers() {
        Green.load(HubTimers.class.getDeclaredClasses());
        Green.load(Timer.class.getDeclaredClasses());
    }

    @Override
    public @Nullable Future<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Hub hub = Hub.currentOrNull();
        // the JDK measures such a wait by the system's clock
        if (hub == null || hub.clock() != Clock.system()) {
            return null;
        }
        return new TimerFuture(hub.schedule(Duration.ofNanos(unit.toNanos(delay)), command));
    }

    /** A timer as the JDK wants it: to be cancelled, and nothing else. */
    private record TimerFuture(Timer timer) implements Future<Void> {
        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean pending = timer.isPending();
            timer.cancel();
            return pending;
        }

        @Override
        public boolean isCancelled() {
            return !timer.isPending();
        }

        @Override
        public boolean isDone() {
            return !timer.isPending();
        }

        @Override
        public Void get() {
            throw new UnsupportedOperationException("a timer has no result to wait for");
        }

        @Override
        public Void get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException("a timer has no result to wait for");
        }
    }
}
