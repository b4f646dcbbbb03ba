package evy.tools.top;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks a {@link Source} again and again, on a thread of its own: the program looked at may take its
 * time, or for ever, and the screen goes on.
 */
final class Watcher implements Runnable {
    private final Source source;
    private final Duration interval;
    private final Consumer<Heard> listener;

    /* Another question comes at once. */
    private final BlockingQueue<Question> asked = new SynchronousQueue<>();
    private volatile Question question;

    /**
     * Makes one.
     *
     * @param listener gets what comes of each asking, on the watcher's thread
     */
    Watcher(Source source, Duration interval, Question question, Consumer<Heard> listener) {
        this.source = source;
        this.interval = interval;
        this.question = question;
        this.listener = listener;
    }

    /** What came of it. */
    sealed interface Heard {
        /** It answered. */
        record Answer(Figures figures) implements Heard {}

        /** It did not. */
        record Failure(String why) implements Heard {}
    }

    void start() {
        Thread.ofPlatform().daemon().name("evy-top-watcher").start(this);
    }

    /** Asks something else from now on. */
    void ask(Question next) {
        question = next;
        boolean _ = asked.offer(next); // false: it is at it, and asks the new one next time
    }

    @Override
    public void run() {
        try {
            while (true) {
                listener.accept(look());
                asked.poll(interval.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Heard look() {
        try {
            return new Heard.Answer(Figures.of(source.read(question)));
        } catch (IOException e) {
            var message = e.getMessage();
            return new Heard.Failure(message == null ? e.toString() : message);
        } catch (RuntimeException e) {
            return new Heard.Failure(e.toString());
        }
    }
}
