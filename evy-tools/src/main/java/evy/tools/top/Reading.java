package evy.tools.top;

import org.jspecify.annotations.Nullable;

import java.util.function.ToDoubleFunction;

/**
 * Figures, and those of the time before, from which the rates come.
 *
 * @param figures the latest
 * @param seconds since those before; 0 if there are none
 * @param before of the same process; null if there are none
 */
record Reading(Figures figures, double seconds, @Nullable Figures before, long atNanos) {
    private static final double NANOS_PER_SECOND = 1e9;

    static Reading of(Figures figures, long now, @Nullable Reading last) {
        if (last == null || last.figures.process().pid() != figures.process().pid()) {
            return new Reading(figures, 0, null, now);
        }
        var seconds = (now - last.atNanos) / NANOS_PER_SECOND;
        return new Reading(figures, seconds, last.figures, now);
    }

    /** How much a counter of a hub grew in a second; NaN if that is not known. */
    double rate(Figures.OfHub hub, ToDoubleFunction<Figures.OfHub> counter) {
        if (before == null) {
            return Double.NaN;
        }
        for (var was : before.hubs()) {
            if (was.name().equals(hub.name())) {
                return rate(counter.applyAsDouble(hub), counter.applyAsDouble(was));
            }
        }
        return Double.NaN;
    }

    /** How much a counter of the process grew in a second; NaN if that is not known. */
    double rate(ToDoubleFunction<Figures.OfProcess> counter) {
        return before == null
                ? Double.NaN
                : rate(
                        counter.applyAsDouble(figures.process()),
                        counter.applyAsDouble(before.process()));
    }

    /* Less than before: another hub of that name. */
    private double rate(double now, double was) {
        return seconds <= 0 || now < was ? Double.NaN : (now - was) / seconds;
    }
}
