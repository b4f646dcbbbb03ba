package evy.patcher.replacements;

import evy.GreenThreadExit;
import evy.hubs.Greenlet;
import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The green thread that runs what a {@link PatchedThread} would run. Whoever asks rewritten code
 * who it is gets the patched thread.
 */
final class Twin extends Greenlet {
    private final PatchedThread shell;
    private boolean keptAlive;

    Twin(Hub hub, PatchedThread shell) {
        super(hub, shell.getName());
        this.shell = shell;
    }

    /** A twin that inherits nothing from the current thread. */
    static Twin withoutThreadLocals(Hub hub, PatchedThread shell) {
        // whoever makes a virtual thread hands down its own; a fresh platform thread has none
        Thread.Builder maker = Thread.ofPlatform().inheritInheritableThreadLocals(false);
        return CompletableFuture.supplyAsync(() -> new Twin(hub, shell), maker::start).join();
    }

    /**
     * Runs something on a hub as the current platform thread would, and waits for its end. Its
     * failure is the caller's.
     */
    static void runOn(Hub hub, Runnable task) {
        FutureTask<@Nullable Void> run = new FutureTask<>(task, null);
        PatchedThread shell = new PatchedThread(hub, run, Thread.currentThread().getName());
        shell.start();
        try {
            Threads.join(shell);
        } catch (InterruptedException e) {
            shell.interrupt();
            Thread.currentThread().interrupt();
        }
        if (run.state() == Future.State.FAILED) {
            throw Greenlet.<RuntimeException>thrown(run.exceptionNow());
        }
    }

    /** The thread that runs, as it knows itself. */
    static Thread currentShell() {
        return Greenlet.currentOrNull() instanceof Twin twin ? twin.shell : Thread.currentThread();
    }

    /** The thread that lives, parks and dies where the program knows this one. */
    static Thread running(Thread thread) {
        Twin twin = PatchedThread.twinOf(thread);
        return twin == null ? thread : twin.thread();
    }

    /** Whether what the current green thread makes is a daemon: not if Evy has made that. */
    static boolean isCurrentDaemon() {
        return Greenlet.currentOrNull() instanceof Twin twin && twin.shell.isDaemon();
    }

    /** Starts the thread. */
    void begin() {
        if (thread().getState() != Thread.State.NEW) {
            throw new IllegalThreadStateException();
        }
        thread().setName(shell.getName());
        keepAlive();
        try {
            thread().start();
        } catch (RuntimeException | Error e) {
            letGo();
            throw e;
        }
    }

    /** The state that it would have as a platform thread. */
    Thread.State state() {
        Thread.State state = thread().getState();
        boolean sleeps = state == Thread.State.WAITING && waitsFor() == Sleeps.REASON;
        return sleeps ? Thread.State.TIMED_WAITING : state;
    }

    @Override
    @SuppressWarnings("DoNotCall") // to run it in its place is what a twin is for
    protected void run() {
        keepAlive(); // an executor has started the thread
        shell.run();
    }

    @Override
    protected void ended(@Nullable Throwable failure) {
        try {
            if (failure != null && !isQuiet(failure)) {
                Thread.UncaughtExceptionHandler handler = shell.getUncaughtExceptionHandler();
                if (handler != null) {
                    handler.uncaughtException(shell, failure);
                }
            }
        } finally {
            letGo();
        }
    }

    @Override
    protected boolean isQuiet(Throwable failure) {
        return failure instanceof GreenThreadExit || super.isQuiet(failure);
    }

    private void keepAlive() {
        if (!keptAlive && !shell.isDaemon()) {
            keptAlive = true;
            KeepAlive.enter();
        }
    }

    private void letGo() {
        if (keptAlive) {
            keptAlive = false;
            KeepAlive.leave();
        }
    }
}
