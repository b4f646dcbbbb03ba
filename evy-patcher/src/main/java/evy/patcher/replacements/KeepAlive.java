package evy.patcher.replacements;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the JVM running while a green thread lives that is no daemon, as a platform thread would:
 * by a platform thread that does nothing else.
 */
final class KeepAlive {
    // not a new thread for each of many that live shortly one after the other
    private static final long LINGER_MILLIS = 10;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Condition CHANGED = LOCK.newCondition();

    // guarded by LOCK
    private static int living;
    private static @Nullable Thread keeper;

    private KeepAlive() {}

    /** One more lives. */
    static void enter() {
        LOCK.lock();
        try {
            living++;
            if (keeper == null) {
                keeper =
                        Thread.ofPlatform()
                                .name("evy-keep-alive")
                                .daemon(false)
                                .inheritInheritableThreadLocals(false)
                                .start(KeepAlive::keep);
            }
        } finally {
            LOCK.unlock();
        }
    }

    /** One less lives. */
    static void leave() {
        LOCK.lock();
        try {
            living--;
            if (living == 0) {
                CHANGED.signal();
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static void keep() {
        LOCK.lock();
        try {
            boolean waited = false;
            while (living > 0 || !waited) {
                if (living > 0) {
                    CHANGED.awaitUninterruptibly();
                    waited = false;
                } else {
                    waited = true;
                    CHANGED.await(LINGER_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        } finally {
            keeper = null;
            LOCK.unlock();
        }
    }
}
