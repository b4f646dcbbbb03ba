package evy.zmq;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Waits for several sockets at once.
 *
 * <p>Mostly a green thread for each is simpler. What it says may be taken by another thread that
 * uses the same socket: receive with {@link Socket#NOBLOCK} then.
 *
 * @thread one at a time
 * @source pyzmq {@code Poller}; ZeroMQ {@code zmq_poll(3)}
 */
public final class Poller implements AutoCloseable, Waiter.External {
    private final Map<Socket, Integer> wanted = new LinkedHashMap<>();
    private final BlockedThread blocked = new BlockedThread();

    /** Makes one that waits for nothing yet. */
    public Poller() {}

    /**
     * Adds a socket, or changes what is wanted of it.
     *
     * @param socket open
     * @param events none to take it out
     */
    public void register(Socket socket, Set<PollEvent> events) {
        if (events.isEmpty()) {
            unregister(socket);
        } else if (wanted.put(socket, PollEvent.bits(events)) == null) {
            socket.core().watch(blocked);
        }
    }

    /**
     * Adds a socket; otherwise as {@link #register(Socket, Set)}.
     *
     * @param socket open
     * @param events what for; none for messages
     */
    public void register(Socket socket, PollEvent... events) {
        register(socket, events.length == 0 ? Set.of(PollEvent.IN) : Set.of(events));
    }

    /**
     * Takes a socket out.
     *
     * @param socket any
     * @return false if it was not in
     */
    public boolean unregister(Socket socket) {
        if (wanted.remove(socket) == null) {
            return false;
        }
        socket.core().unwatch(blocked);
        return true;
    }

    /**
     * Waits until something can be done with one of the sockets.
     *
     * @checkpoint always
     * @param timeout longest wait; zero only looks
     * @return the sockets of which something can be done without waiting, in the order they were
     *     registered, and what; empty if the time is over
     * @throws ZmqException {@code ENOTSOCK} or {@code ETERM} if one is closed, now or meanwhile;
     *     {@code EINTR} if the thread is interrupted
     */
    public Map<Socket, Set<PollEvent>> poll(Duration timeout) {
        return poll(Hub.saturatedNanos(timeout));
    }

    /**
     * Waits without limit; otherwise as {@link #poll(Duration)}.
     *
     * @checkpoint always
     * @return at least one
     */
    public Map<Socket, Set<PollEvent>> poll() {
        return poll(Waiter.FOREVER);
    }

    private Map<Socket, Set<PollEvent>> poll(long nanos) {
        Greenlet.checkRaised();
        Map<Socket, Set<PollEvent>> ready = look();
        if (!ready.isEmpty() || nanos <= 0) {
            return ready;
        }
        long deadline = nanos == Waiter.FOREVER ? 0 : Side.deadline(nanos);
        try {
            boolean intime = true;
            while (ready.isEmpty() && intime) {
                blocked.block(this);
                wanted.keySet().forEach(socket -> socket.core().listen());
                ready = look();
                intime = !ready.isEmpty() || blocked.await(Side.left(nanos, deadline));
            }
            return ready;
        } catch (InterruptedException e) {
            throw Side.interrupted(e);
        } finally {
            blocked.leave();
        }
    }

    private Map<Socket, Set<PollEvent>> look() {
        Map<Socket, Set<PollEvent>> ready = new LinkedHashMap<>();
        wanted.forEach(
                (socket, bits) -> {
                    int now = socket.core().events() & bits;
                    if (now != 0) {
                        ready.put(socket, PollEvent.of(now));
                    }
                });
        return ready;
    }

    /** Takes all sockets out; leaves them open. */
    @Override
    public void close() {
        wanted.keySet().forEach(socket -> socket.core().unwatch(blocked));
        wanted.clear();
    }

    @Override
    public String toString() {
        return "poll of " + wanted.keySet();
    }
}
