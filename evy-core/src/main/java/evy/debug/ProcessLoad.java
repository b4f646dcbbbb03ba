package evy.debug;

import java.time.Duration;
import java.time.Instant;

/**
 * What the whole program takes.
 *
 * @param pid its process
 * @param name what it was started as, without the arguments; empty if unknown
 * @param uptime how long it has run
 * @param cpu processor time it has used
 * @param gc time the garbage collectors have worked; zero if unknown
 * @param heapUsed bytes of heap in use, garbage included
 * @param heapMax bytes of heap it may have
 */
public record ProcessLoad(
        long pid,
        String name,
        Duration uptime,
        Duration cpu,
        Duration gc,
        long heapUsed,
        long heapMax) {
    /* What the evy script starts, which says little about the program. */
    private static final String STARTER = "^evy\\.tools\\.Main (run )?";

    static ProcessLoad take() {
        ProcessHandle process = ProcessHandle.current();
        Runtime runtime = Runtime.getRuntime();
        Instant now = Instant.now();
        Instant start = process.info().startInstant().orElse(now);
        return new ProcessLoad(
                process.pid(),
                programName(),
                Duration.between(start, now),
                process.info().totalCpuDuration().orElse(Duration.ZERO),
                Duration.ofMillis(Math.max(0, GcTime.millis())),
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory());
    }

    /* The rest of the command line may hold secrets. */
    private static String programName() {
        String command = System.getProperty("sun.java.command", "");
        return command.replaceFirst(STARTER, "").split(" ", 2)[0];
    }
}
