package evy.tools.profiler;

import java.time.Duration;

/**
 * What green threads waited for.
 *
 * @param kind in a word, such as {@code read}, {@code sleep}, {@code queue}, {@code lock}; {@code
 *     yield} for a turn given to others; {@code stack not taken} for what is not known
 * @param what in detail, with the number and address of a descriptor
 * @param switches how often; estimated from some if there were many
 * @param waiting how long, all green threads together
 */
public record WaitTime(String kind, String what, long switches, Duration waiting) {}
