package evy.debug;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** How long the collectors have worked; unknown without the module {@code java.management}. */
final class GcTime {
    private GcTime() {}

    /** Milliseconds since the start; -1 if unknown. */
    static long millis() {
        try {
            long sum = 0;
            for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
                sum += Math.max(0, bean.getCollectionTime());
            }
            return sum;
        } catch (LinkageError e) {
            return -1;
        }
    }
}
