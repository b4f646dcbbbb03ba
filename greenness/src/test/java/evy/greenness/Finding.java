package evy.greenness;

import java.util.EnumSet;
import java.util.Set;

/** What can be wrong with a library on green threads. */
enum Finding {
    /** The calls did not run at the same time. */
    OVERLAP,
    /** The hub was kept from running others. */
    TICKER,
    /** An answer was wrong, or there was none. */
    RESULTS,
    /** A timeout did not end a call, or something else than the timeout came out of it. */
    TIMEOUT;

    private static final long CUT_LIMIT_MILLIS = 1500;

    /** {@return what is wrong; nothing: the library is green} */
    static Set<Finding> of(Measurement measurement) {
        Set<Finding> findings = EnumSet.noneOf(Finding.class);
        Round round = measurement.round();
        if (round.isTooSlow()) {
            findings.add(OVERLAP);
        }
        if (round.isGapTooLong()) {
            findings.add(TICKER);
        }
        if (round.right() != Runner.CALLERS) {
            findings.add(RESULTS);
        }
        if (!measurement.cut().equals(Measurement.CUT)
                || measurement.cutMillis() > CUT_LIMIT_MILLIS) {
            findings.add(TIMEOUT);
        }
        return findings;
    }
}
