package evy.tools.profiler;

import java.time.Duration;

/**
 * What was spent in a function.
 *
 * @param name its class and method
 * @param samples how many samples it was on the stack of
 * @param switches how often green threads were switched out in it, or in what it called; estimated
 *     from some if there were many
 * @param cumulative in it and in what it called; once only where it calls itself
 * @param own in it, but not in what it called
 */
public record FunctionTime(
        String name, long samples, long switches, Duration cumulative, Duration own) {
    /** {@return in what it called} */
    public Duration child() {
        return cumulative.minus(own);
    }
}
