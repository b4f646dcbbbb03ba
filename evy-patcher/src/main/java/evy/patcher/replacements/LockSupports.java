package evy.patcher.replacements;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.LockSupport;

/** The methods of {@link LockSupport} that are given a thread. */
public final class LockSupports {
    private LockSupports() {}

    /**
     * As {@link LockSupport#unpark}.
     *
     * @param thread see there
     */
    public static void unpark(@Nullable Thread thread) {
        LockSupport.unpark(thread == null ? null : Twin.running(thread));
    }

    /**
     * As {@link LockSupport#getBlocker}.
     *
     * @param thread see there
     * @return see there
     */
    public static @Nullable Object getBlocker(Thread thread) {
        return LockSupport.getBlocker(Twin.running(thread));
    }
}
