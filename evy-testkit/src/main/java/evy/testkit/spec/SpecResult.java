package evy.testkit.spec;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One test that names behaviours, and how it ended; a line of a results file.
 *
 * @param ids the behaviours it names
 * @param test class and method
 * @param reason why it was skipped, else empty
 */
record SpecResult(SortedSet<String> ids, String test, Outcome outcome, String reason) {
    /**
     * Two runs of one test, such as two invocations of a parameterized one: the worse one counts.
     */
    SpecResult and(SpecResult other) {
        var worse = outcome.worse(other.outcome) == outcome ? this : other;
        var all = new TreeSet<>(ids);
        all.addAll(other.ids);
        return new SpecResult(all, test, worse.outcome, worse.reason);
    }

    String toLine() {
        return String.join("\t", String.join(",", ids), test, outcome.toString(), oneLine(reason));
    }

    static SpecResult parse(String line) throws IOException {
        var fields = line.split("\t", -1);
        if (fields.length != 4) {
            throw new IOException("not a line of test results: '" + line + "'");
        }
        var ids = new TreeSet<>(List.of(fields[0].split(",", -1)));
        return new SpecResult(ids, fields[1], Outcome.parse(fields[2]), fields[3]);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
