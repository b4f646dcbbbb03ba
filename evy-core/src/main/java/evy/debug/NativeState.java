package evy.debug;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;

/**
 * Whether a platform thread is in native code. The frames of a call by the foreign-function API are
 * hidden, so its stack does not say so. Unknown without the module {@code java.management}.
 */
final class NativeState {
    private NativeState() {}

    /** {@return whether it is in native code now; false if unknown} */
    static boolean of(Thread thread) {
        try {
            ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.threadId());
            return info != null && info.isInNative();
        } catch (LinkageError e) {
            return false;
        }
    }
}
