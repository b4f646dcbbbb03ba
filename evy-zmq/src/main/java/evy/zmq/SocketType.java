package evy.zmq;

import zmq.ZMQ;

/**
 * What a socket does with messages, and whom it can talk to.
 *
 * @source ZeroMQ {@code zmq_socket(3)}
 */
public enum SocketType {
    /** One exclusive peer, both ways. */
    PAIR(ZMQ.ZMQ_PAIR),
    /** Publishes to all subscribers; drops for those whose queue is full. */
    PUB(ZMQ.ZMQ_PUB),
    /** Receives what it has subscribed to. */
    SUB(ZMQ.ZMQ_SUB),
    /** Sends a request, then receives its reply, in turns. */
    REQ(ZMQ.ZMQ_REQ),
    /** Receives a request, then sends its reply, in turns. */
    REP(ZMQ.ZMQ_REP),
    /** A REQ without turns: deals out to its peers, receives fairly from them. Formerly XREQ. */
    DEALER(ZMQ.ZMQ_DEALER),
    /** A REP without turns: the first part of a message names the peer. Formerly XREP. */
    ROUTER(ZMQ.ZMQ_ROUTER),
    /** Receives fairly from those who push. */
    PULL(ZMQ.ZMQ_PULL),
    /** Deals out to those who pull; waits if all their queues are full. */
    PUSH(ZMQ.ZMQ_PUSH),
    /** A PUB that can receive the subscriptions. */
    XPUB(ZMQ.ZMQ_XPUB),
    /** A SUB that subscribes by sending. */
    XSUB(ZMQ.ZMQ_XSUB),
    /** Plain TCP peers that do not speak ZeroMQ: parts are in pairs, who and what. */
    STREAM(ZMQ.ZMQ_STREAM),
    /** Many clients, told apart by {@link Message#routingId}; one part a message. */
    SERVER(ZMQ.ZMQ_SERVER),
    /** A client of a SERVER; one part a message. */
    CLIENT(ZMQ.ZMQ_CLIENT),
    /** Publishes to {@linkplain Message#group groups}; one part a message. */
    RADIO(ZMQ.ZMQ_RADIO),
    /** Receives from the groups it has {@linkplain Socket#join joined}; one part a message. */
    DISH(ZMQ.ZMQ_DISH),
    /** A PAIR; one part a message. */
    CHANNEL(ZMQ.ZMQ_CHANNEL),
    /** Many equal peers, told apart by {@link Message#routingId}; one part a message. */
    PEER(ZMQ.ZMQ_PEER),
    /** TCP peers that do not speak ZeroMQ, told apart by {@link Message#routingId}. */
    RAW(ZMQ.ZMQ_RAW),
    /** A PUSH; one part a message. */
    SCATTER(ZMQ.ZMQ_SCATTER),
    /** A PULL; one part a message. */
    GATHER(ZMQ.ZMQ_GATHER);

    private final int code;

    SocketType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    boolean sends() {
        return switch (this) {
            case SUB, PULL, DISH, GATHER -> false;
            default -> true;
        };
    }

    boolean receives() {
        return switch (this) {
            case PUB, PUSH, RADIO, SCATTER -> false;
            default -> true;
        };
    }
}
