package evy.patcher.replacements;

import evy.hubs.Hub;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

/**
 * A thread that is green if it is made on a green thread: its {@link Twin} runs what it would run.
 *
 * <p>Rewritten code makes it for {@code new Thread}, and its subclasses of {@link Thread} are
 * subclasses of this. Name, group, priority, daemon flag and handler are those of any thread. It is
 * a daemon if a thread that rewritten code has made makes it, and that is one.
 */
@SuppressWarnings("this-escape") // the twin runs nothing before start()
public class PatchedThread extends Thread {
    private @Nullable Twin twin;

    /** As {@link Thread#Thread()}. */
    public PatchedThread() {
        twin = twinOfCurrent();
    }

    /**
     * As {@link Thread#Thread(Runnable)}.
     *
     * @param task see there
     */
    public PatchedThread(@Nullable Runnable task) {
        super(task);
        twin = twinOfCurrent();
    }

    /**
     * As {@link Thread#Thread(ThreadGroup, Runnable)}.
     *
     * @param group see there
     * @param task see there
     */
    public PatchedThread(@Nullable ThreadGroup group, @Nullable Runnable task) {
        super(group, task);
        twin = twinOfCurrent();
    }

    /**
     * As {@link Thread#Thread(String)}.
     *
     * @param name see there
     */
    public PatchedThread(String name) {
        super(name);
        twin = twinOfCurrent();
    }

    /**
     * As {@link Thread#Thread(ThreadGroup, String)}.
     *
     * @param group see there
     * @param name see there
     */
    public PatchedThread(@Nullable ThreadGroup group, String name) {
        super(group, name);
        twin = twinOfCurrent();
    }

    /**
     * As {@link Thread#Thread(Runnable, String)}.
     *
     * @param task see there
     * @param name see there
     */
    public PatchedThread(@Nullable Runnable task, String name) {
        super(task, name);
        twin = twinOfCurrent();
    }

    /**
     * As {@link Thread#Thread(ThreadGroup, Runnable, String)}.
     *
     * @param group see there
     * @param task see there
     * @param name see there
     */
    public PatchedThread(@Nullable ThreadGroup group, @Nullable Runnable task, String name) {
        super(group, task, name);
        twin = twinOfCurrent();
    }

    /**
     * As {@link Thread#Thread(ThreadGroup, Runnable, String, long)}.
     *
     * @param group see there
     * @param task see there
     * @param name see there
     * @param stackSize see there; of no consequence if it is green
     */
    public PatchedThread(
            @Nullable ThreadGroup group, @Nullable Runnable task, String name, long stackSize) {
        super(group, task, name, stackSize);
        twin = twinOfCurrent();
    }

    /**
     * As {@link Thread#Thread(ThreadGroup, Runnable, String, long, boolean)}.
     *
     * @param group see there
     * @param task see there
     * @param name see there
     * @param stackSize see there; of no consequence if it is green
     * @param inheritThreadLocals see there
     */
    public PatchedThread(
            @Nullable ThreadGroup group,
            @Nullable Runnable task,
            String name,
            long stackSize,
            boolean inheritThreadLocals) {
        super(group, task, name, stackSize, inheritThreadLocals);
        Hub hub = Green.hub();
        if (hub != null && !inheritThreadLocals) {
            setDaemon(Twin.isCurrentDaemon());
            twin = Twin.withoutThreadLocals(hub, this);
        } else {
            twin = twinOfCurrent();
        }
    }

    /** On a hub, whoever makes it; a daemon as who makes it. */
    PatchedThread(Hub hub, Runnable task, String name) {
        super(task, name);
        twin = new Twin(hub, this);
    }

    private @Nullable Twin twinOfCurrent() {
        Hub hub = Green.hub();
        if (hub == null) {
            return null;
        }
        setDaemon(Twin.isCurrentDaemon());
        return new Twin(hub, this);
    }

    /**
     * Makes a thread with the properties of another; green as this class says.
     *
     * @param template a thread that is never started
     * @param task what the new one runs
     * @return the new thread
     */
    static Thread like(Thread template, @Nullable Runnable task) {
        ThreadGroup group = template.getThreadGroup();
        Thread made = new PatchedThread(group, task, template.getName());
        made.setDaemon(template.isDaemon());
        made.setPriority(template.getPriority());
        made.setContextClassLoader(template.getContextClassLoader());
        Thread.UncaughtExceptionHandler handler = template.getUncaughtExceptionHandler();
        if (handler != group) {
            made.setUncaughtExceptionHandler(handler);
        }
        return made;
    }

    /** The twin of a thread; null if it has none, and is what it seems to be. */
    static @Nullable Twin twinOf(Thread thread) {
        return thread instanceof PatchedThread patched ? patched.twin() : null;
    }

    /* Code that is not rewritten may have found a way to start this itself: then it counts. */
    private @Nullable Twin twin() {
        Twin t = twin;
        return t != null && super.getState() == State.NEW ? t : null;
    }

    /** Has this run as a platform thread after all, unless it has been started. */
    final void makeNative() {
        Twin t = twin;
        if (t != null && t.thread().getState() == State.NEW) {
            twin = null;
        }
    }

    @Override
    public void start() {
        Twin t = twin();
        if (t == null) {
            super.start();
        } else {
            t.begin();
        }
    }

    @Override
    public void interrupt() {
        Twin t = twin();
        if (t == null) {
            super.interrupt();
        } else {
            t.thread().interrupt();
        }
    }

    @Override
    public boolean isInterrupted() {
        Twin t = twin();
        return t == null ? super.isInterrupted() : t.thread().isInterrupted();
    }

    @Override
    public State getState() {
        Twin t = twin();
        return t == null ? super.getState() : t.state();
    }

    @Override
    public StackTraceElement[] getStackTrace() {
        Twin t = twin();
        return t == null ? super.getStackTrace() : t.thread().getStackTrace();
    }

    @Override
    public @Nullable ClassLoader getContextClassLoader() {
        Twin t = twin();
        return t == null ? super.getContextClassLoader() : t.thread().getContextClassLoader();
    }

    @Override
    public void setContextClassLoader(@Nullable ClassLoader loader) {
        Twin t = twin();
        if (t == null) {
            super.setContextClassLoader(loader);
        } else {
            t.thread().setContextClassLoader(loader);
        }
    }

    @Override
    public @Nullable UncaughtExceptionHandler getUncaughtExceptionHandler() {
        Twin t = twin();
        return t == null || !t.isDead() ? super.getUncaughtExceptionHandler() : null;
    }
}
