package evy.proofs;

import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.infra.grading.TestGrading;

import java.util.List;
import java.util.Locale;

/**
 * What a jcstress test comes to.
 *
 * @param name of the test
 * @param problem why it cannot be counted; empty if it can
 * @param outcomes seen or expected
 */
record Verdict(String name, String problem, List<GradingResult> outcomes) {
    /* Fewer cannot have met in all ways. */
    private static final long FEWEST_SAMPLES = 1_000;

    static Verdict notRun(String name) {
        return new Verdict(name, "was not run", List.of());
    }

    static Verdict of(TestResult result) {
        List<GradingResult> outcomes =
                List.copyOf(TestGrading.grade(result).gradingResults.values());
        boolean complete = result.status() == Status.NORMAL;
        String problem = complete ? "" : "ended with " + result.status();
        return new Verdict(result.getName(), problem, outcomes);
    }

    boolean isTwin() {
        return name.contains("BrokenTest");
    }

    boolean isGood() {
        return complaint().isEmpty();
    }

    /** True if a longer run may show what this one did not. A forbidden outcome is final. */
    boolean isOpen() {
        return !isGood() && (isTwin() || forbidden() == 0);
    }

    /* What is wrong with it; empty if nothing is. */
    private String complaint() {
        if (!problem.isEmpty()) {
            return problem;
        }
        if (isTwin()) {
            return forbidden() > 0 ? "" : "the twin was not found out";
        }
        if (forbidden() > 0) {
            return "a forbidden outcome was seen";
        }
        if (samples() < FEWEST_SAMPLES) {
            return "too few samples";
        }
        return acceptable() > 1 && seen() < 2 ? "the threads never met" : "";
    }

    private long samples() {
        return outcomes.stream().mapToLong(o -> o.count).sum();
    }

    private long forbidden() {
        return outcomes.stream().filter(o -> o.expect == FORBIDDEN).mapToLong(o -> o.count).sum();
    }

    private long acceptable() {
        return outcomes.stream().filter(o -> o.expect != FORBIDDEN).count();
    }

    private long seen() {
        return outcomes.stream().filter(o -> o.count > 0).count();
    }

    /** Every outcome and how often it was seen, in Markdown. */
    String table() {
        var table = new StringBuilder("### " + this + "\n\n");
        if (outcomes.isEmpty()) {
            return table.toString();
        }
        table.append("| outcome | samples | share | |\n| --- | ---: | ---: | --- |\n");
        for (GradingResult o : outcomes) {
            String verdict = o.expect == FORBIDDEN ? "**forbidden**" : "acceptable";
            table.append(
                    format("| %s | %,d | %s | %s |\n", o.id, o.count, share(o.count), verdict));
        }
        return table.toString();
    }

    private String share(long count) {
        double percent = 100.0 * count / Math.max(1, samples());
        return count > 0 && percent < 0.01 ? "< 0.01 %" : format("%.2f %%", percent);
    }

    @Override
    public String toString() {
        String complaint = complaint();
        String found = isTwin() ? "found out by " + share(forbidden()) : "holds";
        return format(
                "%s %s: %,d samples, %s",
                isTwin() ? "twin " : "proof",
                name,
                samples(),
                complaint.isEmpty() ? found : "NOT AS CLAIMED: " + complaint);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
