package evy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The runner of the JMH benchmarks, as one calls it; the figures mean nothing. */
class QuickRunIT {
    private static final int PATIENCE_SECONDS = 50;
    private static final Path HERE =
            Path.of(System.getProperty("evy.root")).resolve("benchmarks").toAbsolutePath();

    @TempDir Path out;

    @Test
    @Spec({"BENCH1", "BENCH2", "TEST4"})
    void quick_eachOfTheOriginals_hasFiguresAndRivals() throws Exception {
        var said =
                run(
                        "--quick",
                        "(Event|Spawn|TimerFire|Link|Timer)Benchmark[.](evy.*|stock.*|sched.*)");

        assertThat(Files.readAllLines(out.resolve("jmh.txt")))
                .as(said)
                .anyMatch(line("Event/evy"))
                .anyMatch(line("Event/stockVirtual"))
                .anyMatch(line("TimerFire/evy"))
                .anyMatch(line("TimerFire/scheduledThreadPool"))
                .anyMatch(line("Timer/evy/pending=0"))
                .anyMatch(line("Spawn/evy"))
                .anyMatch(line("Spawn/evyWithoutResult"))
                .anyMatch(line("Spawn/evyPool"))
                .anyMatch(line("Spawn/stockVirtual"))
                .anyMatch(line("Link/evyLink5"))
                .anyMatch(line("Link/evyUnlink"));
        assertThat(Files.readString(out.resolve("jmh.md"))).contains("| SpawnBenchmark | evy |");
    }

    @Test
    @Spec("BENCH2")
    void filter_oneBenchmark_hasALineForEachOfItsIterations() throws Exception {
        var said = run("--quick", "YieldBenchmark.evy$");

        assertThat(Files.readAllLines(out.resolve("jmh.txt")))
                .as(said)
                .filteredOn(line("Yield/evy"))
                .hasSize(2);
        assertThat(said).contains("| YieldBenchmark | evy |").doesNotContain("SpawnBenchmark");
    }

    /** A line as {@code go test -bench} prints it, which benchstat reads. */
    private static Predicate<String> line(String name) {
        return Pattern.compile("^Benchmark" + Pattern.quote(name) + " \\d+ [0-9.e+]+ ns/op$")
                .asMatchPredicate();
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        assumeTrue(isThere("python3"), "python3 is not installed");
        var command = new ArrayList<>(List.of(HERE.resolve("jmh.sh").toString()));
        command.addAll(List.of(arguments));
        var log = out.resolve("log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(log.toFile());
        builder.environment().put("EVY_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("BENCHMARKS_CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("OUT", out.toString());
        var process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
            return Files.readString(log);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static boolean isThere(String tool) {
        for (var folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }
}
