package evy.patcher.replacements;

import java.util.concurrent.TimeUnit;

/** The method of {@link TimeUnit} that waits for a time. */
public final class TimeUnits {
    private TimeUnits() {}

    /**
     * As {@link TimeUnit#sleep}.
     *
     * @param unit the unit
     * @param timeout see there
     * @throws InterruptedException see there
     */
    public static void sleep(TimeUnit unit, long timeout) throws InterruptedException {
        if (timeout > 0 && Current.isGreen()) {
            Sleeps.sleepNanos(unit.toNanos(timeout));
        } else {
            unit.sleep(timeout);
        }
    }
}
