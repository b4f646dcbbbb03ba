package evy.debug;

import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Processor time of platform threads; unknown without the module {@code java.management}. */
final class ThreadCpu {
    private ThreadCpu() {}

    /** Since it began; null if unknown. */
    static @Nullable Duration of(Thread thread) {
        try {
            long nanos = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
            return nanos < 0 ? null : Duration.ofNanos(nanos);
        } catch (LinkageError | UnsupportedOperationException e) {
            return null;
        }
    }
}
