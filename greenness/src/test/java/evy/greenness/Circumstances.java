package evy.greenness;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What kept this JVM from running that no scheduler can help: by it a bad figure is judged.
 *
 * @param collectingMillis time spent by the garbage collectors
 * @param stolenMillis time the host gave to others, of all processors; 0 where it is not told
 */
record Circumstances(long collectingMillis, long stolenMillis) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final int STEAL = 8;
    private static final int MILLIS_PER_TICK = 10;

    /** {@return the totals since the start of this JVM and of this machine} */
    static Circumstances now() throws IOException {
        long collecting =
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum();
        return new Circumstances(collecting, readStolenMillis());
    }

    private static long readStolenMillis() throws IOException {
        if (!Files.isReadable(STAT)) {
            return 0;
        }
        String[] cpu = Files.readAllLines(STAT).getFirst().split(" +");
        return cpu.length > STEAL ? Long.parseLong(cpu[STEAL]) * MILLIS_PER_TICK : 0;
    }

    /** {@return what has been added since} */
    Circumstances since(Circumstances earlier) {
        return new Circumstances(
                collectingMillis - earlier.collectingMillis, stolenMillis - earlier.stolenMillis);
    }
}
