package evy.patcher.replacements;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The methods of {@link Thread} that a {@link PatchedThread} cannot override, and those that say
 * who the current thread is.
 */
public final class Threads {
    private Threads() {}

    /** {@return the current thread: what rewritten code has made and started, if it is green} */
    public static Thread currentThread() {
        return Twin.currentShell();
    }

    /**
     * As {@link Thread#isAlive}.
     *
     * @param thread the thread
     * @return see there
     */
    public static boolean isAlive(Thread thread) {
        return Twin.running(thread).isAlive();
    }

    /**
     * As {@link Thread#join()}.
     *
     * @param thread the thread
     * @throws InterruptedException see there
     */
    public static void join(Thread thread) throws InterruptedException {
        Twin.running(thread).join();
    }

    /**
     * As {@link Thread#join(long)}.
     *
     * @param thread the thread
     * @param millis see there
     * @throws InterruptedException see there
     */
    public static void join(Thread thread, long millis) throws InterruptedException {
        Twin.running(thread).join(millis);
    }

    /**
     * As {@link Thread#join(long, int)}.
     *
     * @param thread the thread
     * @param millis see there
     * @param nanos see there
     * @throws InterruptedException see there
     */
    public static void join(Thread thread, long millis, int nanos) throws InterruptedException {
        Twin.running(thread).join(millis, nanos);
    }

    /**
     * As {@link Thread#join(Duration)}.
     *
     * @param thread the thread
     * @param duration see there
     * @return see there
     * @throws InterruptedException see there
     */
    public static boolean join(Thread thread, Duration duration) throws InterruptedException {
        return Twin.running(thread).join(duration);
    }

    /**
     * As {@link Thread#setName}.
     *
     * @param thread the thread
     * @param name see there
     */
    public static void setName(Thread thread, String name) {
        thread.setName(name);
        Thread running = Twin.running(thread);
        if (running != thread) {
            running.setName(name);
        }
    }

    /**
     * As {@link Thread#setDaemon}.
     *
     * @param thread the thread
     * @param on see there
     * @throws IllegalThreadStateException if the thread is alive
     */
    public static void setDaemon(Thread thread, boolean on) {
        Twin twin = PatchedThread.twinOf(thread);
        if (twin != null && twin.thread().isAlive()) {
            throw new IllegalThreadStateException();
        }
        thread.setDaemon(on);
    }

    /**
     * As {@link Thread#getThreadGroup}.
     *
     * @param thread the thread
     * @return see there; null if the thread has ended
     */
    public static @Nullable ThreadGroup getThreadGroup(Thread thread) {
        Twin twin = PatchedThread.twinOf(thread);
        return twin != null && twin.isDead() ? null : thread.getThreadGroup();
    }

    /** As {@link Thread#onSpinWait}; on a green thread, what is waited for gets a turn. */
    public static void onSpinWait() {
        if (Current.isGreen()) {
            Greenlet.giveTurn();
        } else {
            Thread.onSpinWait();
        }
    }

    /**
     * As {@link Thread#ofPlatform}.
     *
     * @return see there; on a green thread a thread that it makes is a daemon if {@code new Thread}
     *     would be
     */
    public static Thread.Builder.OfPlatform ofPlatform() {
        Thread.Builder.OfPlatform builder = Thread.ofPlatform();
        return Current.isGreen() ? builder.daemon(Twin.isCurrentDaemon()) : builder;
    }
}
