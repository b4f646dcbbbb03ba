package evy.zmq;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.sync.Event;

import org.jspecify.annotations.Nullable;

import zmq.Msg;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands on messages between two sockets, both ways where both can: a queue (ROUTER and DEALER), a
 * forwarder (XSUB and XPUB), a streamer (PULL and PUSH).
 *
 * <p>A green thread for each way, so that one that stands still does not hold up the other. A
 * message is received only when there is room to send it: none is lost when the proxy is stopped,
 * unless others send by the same sockets.
 *
 * {@snippet :
 * try (var proxy = Proxy.start(router, dealer)) {
 *     proxy.await(); // until a socket is closed
 * }
 * }
 *
 * @thread any
 * @source ZeroMQ {@code zmq_proxy_steerable(3)}
 */
public final class Proxy implements AutoCloseable {
    private final @Nullable Socket capture;
    private final List<Way> ways = new ArrayList<>(2);
    private final AtomicLong messages = new AtomicLong();

    // written under lock; there while paused, sent when that is over
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Event<Boolean> pause;

    private Proxy(@Nullable Socket capture) {
        this.capture = capture;
    }

    /**
     * Starts a proxy on the current hub.
     *
     * @param frontend one socket; stays the caller's
     * @param backend the other
     * @return a running proxy
     * @throws IllegalArgumentException if neither way is possible
     */
    public static Proxy start(Socket frontend, Socket backend) {
        return start(frontend, backend, null);
    }

    /**
     * Starts a proxy on the current hub that sends a copy of each message to a third socket.
     *
     * @param frontend one socket; stays the caller's
     * @param backend the other
     * @param capture PUB, PUSH, DEALER or PAIR; if it has no room, the proxy waits. Null for none
     * @return a running proxy
     * @throws IllegalArgumentException if neither way is possible
     */
    public static Proxy start(Socket frontend, Socket backend, @Nullable Socket capture) {
        Proxy proxy = new Proxy(capture);
        proxy.connect(frontend, backend);
        proxy.connect(backend, frontend);
        if (proxy.ways.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing can be handed on between " + frontend + " and " + backend);
        }
        proxy.ways.forEach(Way::start);
        return proxy;
    }

    private void connect(Socket from, Socket to) {
        if (from.type().receives() && to.type().sends()) {
            ways.add(new Way(from, to));
        }
    }

    /**
     * Waits until the proxy ends: it, one of its sockets or their context is closed. A kill ends
     * the wait, not the proxy.
     *
     * <p>Throws what made it fail, if anything else did.
     *
     * @checkpoint if it runs
     */
    public void await() {
        for (Way way : ways) {
            way.await();
        }
    }

    /** Hands on nothing more until {@link #resume}; messages wait in the sockets' queues. */
    public void pause() {
        lock.lock();
        try {
            if (pause == null) {
                pause = new Event<>();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Goes on after {@link #pause}. */
    public void resume() {
        lock.lock();
        try {
            Event<Boolean> event = pause;
            pause = null;
            if (event != null) {
                event.send(true);
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitResume() {
        try {
            for (Event<Boolean> event = pause; event != null; event = pause) {
                event.await();
            }
        } catch (InterruptedException e) {
            throw Side.interrupted(e);
        }
    }

    /** {@return the number of messages handed on} */
    public long messages() {
        return messages.get();
    }

    /**
     * Stops it; leaves the sockets open. Idempotent.
     *
     * @checkpoint if it runs
     */
    @Override
    public void close() {
        ways.forEach(Way::stop);
    }

    /** One of the two directions. */
    private final class Way {
        private final Socket from;
        private final Socket to;
        private @Nullable GreenThread<@Nullable Void> thread;

        Way(Socket from, Socket to) {
            this.from = from;
            this.to = to;
        }

        void start() {
            thread = Evy.spawn(this::run);
        }

        private void run() {
            try (Poller arrival = new Poller();
                    Poller room = new Poller()) {
                arrival.register(from, PollEvent.IN);
                room.register(to, PollEvent.OUT);
                while (true) {
                    awaitMessage(arrival, room);
                    handOn(from.take());
                }
            } catch (ZmqException e) {
                if (!isOver()) {
                    throw e;
                }
            } finally {
                stopOther();
            }
        }

        private void awaitMessage(Poller arrival, Poller room) {
            do {
                awaitResume();
                arrival.poll();
                room.poll();
            } while (pause != null);
        }

        private void handOn(List<Msg> parts) {
            Socket copies = capture;
            if (copies != null) {
                List<Msg> copy = new ArrayList<>(parts.size());
                for (Msg part : parts) {
                    copy.add(new Msg(part));
                }
                copies.forward(copy);
            }
            to.forward(parts);
            messages.incrementAndGet();
        }

        private boolean isOver() {
            Socket copies = capture;
            return from.isClosed() || to.isClosed() || (copies != null && copies.isClosed());
        }

        /* With one socket gone the other way has nothing left to do. */
        private void stopOther() {
            for (Way way : ways) {
                GreenThread<?> other = way.thread;
                if (way != this && other != null) {
                    other.raise(new GreenThreadExit());
                }
            }
        }

        void stop() {
            GreenThread<?> running = thread;
            if (running != null && !running.isDead()) {
                running.kill();
            }
        }

        void await() {
            GreenThread<?> running = thread;
            assert running != null;
            try {
                running.join();
            } catch (GreenThreadExit e) {
                if (!running.isDone() || !running.isCancelled()) {
                    throw e; // the caller's own
                }
            }
        }
    }
}
