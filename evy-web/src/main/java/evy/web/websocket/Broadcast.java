package evy.web.websocket;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;
import evy.sync.LightQueue;
import evy.sync.QueueClosedException;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends messages to many connections without waiting for any of them: each has an outbox, and while
 * there is something in it a green thread that empties it.
 *
 * <pre>{@code
 * Broadcast room = new Broadcast(100, Broadcast.SlowReader.CLOSE);
 * WebSocketApp.of(ws -> {
 *     try (var _ = room.join(ws)) {
 *         for (Message message : ws) {
 *             room.send(message);
 *         }
 *     }
 * });
 * }</pre>
 *
 * @thread any
 */
public final class Broadcast {
    /** What becomes of a member whose outbox is full. */
    public enum SlowReader {
        /** It misses the message. */
        DROP,

        /** It is closed with the code 1008. */
        CLOSE,

        /** The sender waits for it, and with it all others. */
        BLOCK
    }

    private final int backlog;
    private final SlowReader policy;
    private final Set<Seat> seats = ConcurrentHashMap.newKeySet();
    private final LongAdder dropped = new LongAdder();

    /**
     * Makes one without members.
     *
     * @param backlog how many messages wait for a member at most
     * @param policy what becomes of a member that has not read so many
     * @throws IllegalArgumentException unless {@code backlog} is positive
     */
    public Broadcast(int backlog, SlowReader policy) {
        if (backlog <= 0) {
            throw new IllegalArgumentException("backlog must be > 0: " + backlog);
        }
        this.backlog = backlog;
        this.policy = policy;
    }

    /**
     * Adds a member. It leaves by itself when it can no longer be sent to.
     *
     * @param ws the connection
     * @return what to close when it leaves
     */
    public Seat join(WebSocket ws) {
        Seat seat = new Seat(ws);
        seats.add(seat);
        return seat;
    }

    /**
     * Sends a message to all members, in the order of calls from one thread.
     *
     * @checkpoint if the policy is {@link SlowReader#BLOCK} and an outbox full
     * @param message what to send
     * @throws InterruptedException if interrupted while waiting
     */
    public void send(Message message) throws InterruptedException {
        for (Seat seat : seats) {
            seat.offer(message);
        }
    }

    /** {@return how many members there are} */
    public int size() {
        return seats.size();
    }

    /** {@return how many messages members have missed} */
    public long dropped() {
        return dropped.sum();
    }

    /** A member's place. */
    public final class Seat implements AutoCloseable {
        private final WebSocket ws;
        private final Hub hub = Hub.current(); // the connection's, as its handler joins
        private final LightQueue<Message> outbox = new LightQueue<>(backlog);
        private final AtomicBoolean emptying = new AtomicBoolean();

        Seat(WebSocket ws) {
            this.ws = ws;
        }

        private void offer(Message message) throws InterruptedException {
            try {
                if (!outbox.offer(message)) {
                    offerFull(message);
                }
                wake();
            } catch (QueueClosedException e) {
                // it has left meanwhile
            }
        }

        private void offerFull(Message message) throws InterruptedException {
            switch (policy) {
                case DROP -> dropped.increment();
                case BLOCK -> outbox.put(message);
                case CLOSE -> {
                    close();
                    GreenThread<?> _ =
                            Evy.spawn(hub, () -> ws.close(CloseStatus.POLICY, "reads too slowly"));
                }
            }
        }

        /* Whoever puts something in looks after the flag was lowered, or is looked at before it was. */
        private void wake() {
            if (!outbox.isEmpty() && emptying.compareAndSet(false, true)) {
                GreenThread<?> _ = Evy.spawn(hub, this::empty);
            }
        }

        /* However it ends, nobody must wait for a seat that is not emptied any more. */
        private void empty() {
            boolean emptied = false;
            try {
                for (Message next = outbox.poll(); next != null; next = outbox.poll()) {
                    ws.send(next);
                }
                emptying.set(false);
                wake();
                emptied = true;
            } catch (IOException | QueueClosedException e) {
                return; // it is gone, as whoever receives from it sees, too; or it has left
            } finally {
                if (!emptied) {
                    close();
                }
            }
        }

        /** Leaves: what waits in the outbox is not sent. */
        @Override
        public void close() {
            seats.remove(this);
            outbox.close();
            outbox.clear();
        }
    }
}
