package evy.zmq;

import evy.sync.LightQueue;
import evy.sync.QueueClosedException;

import org.jspecify.annotations.Nullable;

import zmq.ZMQ;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells what happens to the connections of a socket. Ends with the socket, or when closed.
 *
 * @thread any
 * @source ZeroMQ {@code zmq_socket_monitor(3)}
 */
public final class Monitor implements AutoCloseable {
    /* More are dropped if nobody reads them. */
    private static final int CAPACITY = 10_000;

    private final LightQueue<MonitorEvent> events = new LightQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
    private final Core core;

    private Monitor(Core core) {
        this.core = core;
    }

    static Monitor of(Core core, MonitorEvent.Kind... kinds) {
        Monitor monitor = new Monitor(core);
        int mask = 0;
        for (MonitorEvent.Kind kind : kinds.length == 0 ? MonitorEvent.Kind.values() : kinds) {
            mask |= kind.bit();
        }
        int wanted = mask;
        core.require("monitor", () -> core.base().setEventHook(monitor.new Tap(), wanted));
        return monitor;
    }

    /**
     * Waits for the next event.
     *
     * @checkpoint if there is none
     * @return null if there will be none
     * @throws ZmqException {@code EINTR} if the thread is interrupted
     */
    public @Nullable MonitorEvent next() {
        try {
            return events.take();
        } catch (QueueClosedException e) {
            return null;
        } catch (InterruptedException e) {
            throw Side.interrupted(e);
        }
    }

    /**
     * Waits for the next event, but not for ever.
     *
     * @checkpoint if there is none
     * @param timeout longest wait; zero only looks
     * @return null if there was none in that time, or will be none
     * @throws ZmqException {@code EINTR} if the thread is interrupted
     */
    public @Nullable MonitorEvent next(Duration timeout) {
        try {
            return events.poll(timeout);
        } catch (QueueClosedException e) {
            return null;
        } catch (InterruptedException e) {
            throw Side.interrupted(e);
        }
    }

    /**
     * {@return the number of events lost because nobody read those before, ten thousand of them}
     */
    public long dropped() {
        return dropped.get();
    }

    /** Ends it; what was told before can still be read. The socket may be monitored anew. */
    @Override
    public void close() {
        if (!events.isClosed() && !core.isClosed()) {
            try {
                core.require("stop to monitor", () -> core.base().setEventHook(null, 0));
            } catch (ZmqException e) {
                if (!core.isClosed()) {
                    throw e;
                } // else the socket was closed meanwhile
            }
        }
        events.close();
    }

    /** JeroMQ's end: called on its threads and on the socket's users', one at a time. */
    private final class Tap implements ZMQ.EventConsummer {
        @Override
        public void consume(ZMQ.Event event) {
            for (MonitorEvent.Kind kind : MonitorEvent.Kind.values()) {
                if (kind.bit() == event.event) {
                    int value = event.arg instanceof Integer number ? number : 0;
                    tell(new MonitorEvent(kind, event.addr == null ? "" : event.addr, value));
                }
            }
        }

        private void tell(MonitorEvent event) {
            try {
                if (!events.offer(event)) {
                    dropped.incrementAndGet();
                }
            } catch (QueueClosedException e) {
                dropped.incrementAndGet(); // it came while the monitor was being closed
            }
        }

        @Override
        public void close() {
            events.close();
        }
    }
}
