package evy.patcher.spew;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints lines on a thread of its own. Those who bring them never wait: what does not fit any more
 * is left out, and counted.
 */
final class Printer {
    private static final System.Logger LOG = System.getLogger("evy.debug");

    private static final int CAPACITY = 10_000;
    private static final int AT_ONCE = 200;
    private static final long PATIENCE_MILLIS = 1_000;

    private final Sink sink;
    private final Sources sources;
    private final Thread thread;

    // any thread
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger prints = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean asleep;
    private volatile boolean ended;

    Printer(Sink sink, Sources sources) {
        this.sink = sink;
        this.sources = sources;
        thread = Thread.ofPlatform().name("evy-spew").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Whether this is the thread that prints: what it runs must not bring lines itself. */
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Whether a line would be left out. */
    boolean isFull() {
        return ended || waiting.get() >= CAPACITY;
    }

    /** Takes note of a line that is left out. */
    void lose() {
        lost.incrementAndGet();
    }

    /** Brings a line. Never waits. */
    void print(Thread whose, Place place, String values) {
        waiting.incrementAndGet();
        events.add(new Event(whose.threadId(), whose.getName(), place, values, lost.getAndSet(0)));
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        try (sink) {
            StringBuilder text = new StringBuilder();
            while (!ended || !events.isEmpty()) {
                if (events.isEmpty()) {
                    sleep();
                } else {
                    takeSome(text);
                    sink.print(text.toString());
                    prints.incrementAndGet();
                    text.setLength(0);
                }
            }
            if (lost.get() > 0) {
                Event.appendLost(text, lost.get());
                sink.print(text.toString());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the trace is not printed any more: " + e);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "the trace is not printed any more: " + e, e);
        } finally {
            ended = true;
            events.clear();
        }
    }

    private void takeSome(StringBuilder text) {
        for (int i = 0; i < AT_ONCE; i++) {
            Event event = events.poll();
            if (event == null) {
                return;
            }
            waiting.decrementAndGet();
            event.appendTo(text, sources);
        }
    }

    /* Raised before the last look: who brings a line after that sees it. */
    private void sleep() {
        asleep = true;
        if (events.isEmpty() && !ended) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    /** Takes no more, and waits until all is printed, as long as that goes on. */
    void end() {
        ended = true;
        LockSupport.unpark(thread);
        int before;
        do {
            before = prints.get();
            try {
                thread.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        } while (thread.isAlive() && prints.get() != before);
    }
}
