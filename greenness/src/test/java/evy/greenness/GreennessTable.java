package evy.greenness;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code docs/greenness.md}: what was measured, so rounded that a run like the last one writes the
 * same text.
 */
final class GreennessTable {
    private static final List<Long> STEPS = List.of(20L, 50L, 100L, 200L, 500L, 1000L, 5000L);
    private static final String HEAD =
            """
            # Greenness

            Libraries that know nothing of Evy, unmodified from Maven Central, on one hub: %d green threads call a
            server that takes %d ms to answer, all at once, while another green thread of the hub ticks every
            millisecond. Written by the build (module `greenness`), a row for what was measured:

            - **together**: how long all calls took, as a multiple of what one takes
            - **longest gap**: how long the hub let its ticker wait, after warm-up, in the best of up to %d rounds;
              more than %d ms is a failure, and a
              round in which a thread of no hub had to wait as long does not count
            - **answers**: how many were right
            - **timeout**: whether a `Timeout` of %d ms came out of a call that takes %d ms, and no other exception

            The servers run in processes of their own.

            """
                    .formatted(
                            Runner.CALLERS,
                            Runner.DELAY.toMillis(),
                            Runner.ROUNDS,
                            Runner.GAP_LIMIT_MILLIS,
                            Runner.PATIENCE.toMillis(),
                            Runner.TOO_LONG.toMillis());

    private final Map<String, Measurement> withAgent;
    private final Map<String, Measurement> without;

    /**
     * A table.
     *
     * @param withAgent by library; a library that is not there was not measured
     * @param without likewise
     */
    GreennessTable(Map<String, Measurement> withAgent, Map<String, Measurement> without) {
        this.withAgent = withAgent;
        this.without = without;
    }

    /** {@return the document} */
    String text(String startUp) {
        return HEAD
                + "## With the agent\n\n"
                + "The client is made on a green thread. So with the agent the threads that it"
                + " starts are green, too; not Netty's,\n"
                + "whose event loops wait in system calls of their own.\n\n"
                + table(withAgent)
                + "\n"
                + "## Without the agent\n\n"
                + "Green threads need `--add-opens java.base/java.lang=ALL-UNNAMED` then. What the"
                + " JDK parks goes through its own\n"
                + "poller threads, and a timeout reaches such a wait as an interrupt: the JDK"
                + " closes the socket, and some libraries\n"
                + "make something of their own of it.\n\n"
                + table(without)
                + "\n## How they wait\n\n"
                + reasons()
                + "\n## Start-up\n\n"
                + startUp;
    }

    private static String table(Map<String, Measurement> measurements) {
        String rows =
                Rows.all().stream()
                        .filter(row -> measurements.containsKey(row.library()))
                        .map(row -> line(row, measurements.get(row.library())))
                        .collect(Collectors.joining());
        return "| library | version | together | longest gap | answers | timeout | verdict |\n"
                + "| --- | --- | --- | --- | --- | --- | --- |\n"
                + rows;
    }

    private static String line(Row row, Measurement measurement) {
        Round round = measurement.round();
        Set<Finding> findings = Finding.of(measurement);
        return "| %s | %s | %s | %s | %d of %d | %s | %s |\n"
                .formatted(
                        row.library(),
                        Version.of(row.client()),
                        round.isBlocked() ? "never" : together(round.totalMillis()),
                        round.isBlocked() ? "for ever" : gap(round.gapMillis()),
                        round.right(),
                        Runner.CALLERS,
                        findings.contains(Finding.TIMEOUT) ? timeout(measurement) : "cut",
                        verdict(findings));
    }

    private static String together(long totalMillis) {
        long delays = Math.round((double) totalMillis / Runner.DELAY.toMillis());
        return Math.max(1, delays) + " ×";
    }

    private static String gap(long millis) {
        return STEPS.stream()
                .filter(step -> millis <= step)
                .findFirst()
                .map(step -> "≤ " + step + " ms")
                .orElse("> " + STEPS.getLast() + " ms");
    }

    /* What came out instead, without the parts of a text that differ from run to run. */
    private static String timeout(Measurement measurement) {
        String cut = measurement.cut();
        if (measurement.round().isBlocked() || cut.startsWith("answer")) {
            return "not cut";
        }
        String type = cut.split("[:\\s]", 2)[0];
        return "`" + type.substring(type.lastIndexOf('.') + 1) + "`";
    }

    private static String verdict(Set<Finding> findings) {
        if (findings.isEmpty()) {
            return "green";
        }
        return findings.stream()
                .map(finding -> finding.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ", "**fails**: ", ""));
    }

    private static String reasons() {
        return Rows.all().stream()
                .map(row -> "- **" + row.library() + "**: " + row.why() + "\n")
                .collect(Collectors.joining());
    }
}
