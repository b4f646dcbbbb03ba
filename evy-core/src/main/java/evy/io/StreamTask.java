package evy.io;

import evy.hubs.Cancellation;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.sync.Event;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** A green thread that feeds or drains a stream on behalf of another, which stops or joins it. */
final class StreamTask extends Greenlet {
    private final Body body;
    private final Event<@Nullable Throwable> end = new Event<>();

    private StreamTask(String name, Body body) {
        super(Hub.current(), name);
        this.body = body;
    }

    /** What is done. */
    @FunctionalInterface
    interface Body {
        void run() throws IOException;
    }

    static StreamTask start(String what, Object whose, Body body) {
        StreamTask task = new StreamTask(what + " " + whose, body);
        task.start();
        return task;
    }

    @Override
    protected void run() throws IOException {
        body.run();
    }

    @Override
    protected void ended(@Nullable Throwable failure) {
        end.send(failure);
    }

    void join() throws InterruptedException, IOException {
        Throwable failure = end.await();
        if (failure != null) {
            throw failure instanceof Stop
                    ? new IOException(this + " was stopped")
                    : Greenlet.<IOException>thrown(failure);
        }
    }

    /** Ends it, if it has not; its stream is free for others then. */
    void stop() {
        if (!isDead()) {
            kill(new Stop());
        }
    }

    /** Ends a task whose owner was torn away. */
    private static final class Stop extends Cancellation {
        private static final long serialVersionUID = 1L;

        Stop() {
            super("no longer wanted");
        }
    }
}
