package evy.zmq;

import zmq.ZMQ;

import java.util.EnumSet;
import java.util.Set;

/** What a {@link Poller} waits for. */
public enum PollEvent {
    /** A message can be received without waiting. */
    IN(ZMQ.ZMQ_POLLIN),
    /** A message can be sent without waiting. */
    OUT(ZMQ.ZMQ_POLLOUT);

    private final int bit;

    PollEvent(int bit) {
        this.bit = bit;
    }

    static int bits(Set<PollEvent> events) {
        int bits = 0;
        for (PollEvent event : events) {
            bits |= event.bit;
        }
        return bits;
    }

    static Set<PollEvent> of(int bits) {
        EnumSet<PollEvent> events = EnumSet.noneOf(PollEvent.class);
        for (PollEvent event : values()) {
            if ((bits & event.bit) != 0) {
                events.add(event);
            }
        }
        return events;
    }
}
