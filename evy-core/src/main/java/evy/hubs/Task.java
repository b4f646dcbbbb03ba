package evy.hubs;

import org.jspecify.annotations.Nullable;

/**
 * An entry of the run queue or the inbox, linked through itself: queueing allocates nothing. A task
 * is in at most one of them, once.
 */
abstract class Task {
    /* Owned by whichever queue holds the task. */
    @Nullable Task next;

    /** Runs on the hub's thread. */
    abstract void run(HubThread thread);

    /** Whether it can run while a thread that cannot be switched keeps the hub's thread. */
    boolean isCallback() {
        return false;
    }

    /** A callback. */
    static final class Call extends Task {
        private final Runnable action;

        Call(Runnable action) {
            this.action = action;
        }

        @Override
        void run(HubThread thread) {
            action.run();
        }

        @Override
        boolean isCallback() {
            return true;
        }
    }

    /** Runs another, which another thread has submitted and which may be queued by itself, too. */
    static final class Relay extends Task {
        private final Task task;

        Relay(Task task) {
            this.task = task;
        }

        @Override
        void run(HubThread thread) {
            task.run(thread);
        }
    }

    /** The next stretch of a virtual thread that a green one has started. */
    static final class Resume extends Task {
        private final Runnable continuation;

        Resume(Runnable continuation) {
            this.continuation = continuation;
        }

        @Override
        void run(HubThread thread) {
            continuation.run();
        }
    }
}
