package evy.zmq;

import zmq.ZMQ;

/**
 * What happened to a connection of a monitored socket.
 *
 * @param kind what
 * @param endpoint of which endpoint; empty if of none
 * @param value more, by kind: milliseconds until the next try, JeroMQ's error number, the status of
 *     the authentication; 0 if there is nothing more
 * @source ZeroMQ {@code zmq_socket_monitor(3)}
 */
public record MonitorEvent(Kind kind, String endpoint, int value) {
    /** What can happen. */
    public enum Kind {
        /** Connected to a peer. */
        CONNECTED(ZMQ.ZMQ_EVENT_CONNECTED),
        /** The connection is being made. */
        CONNECT_DELAYED(ZMQ.ZMQ_EVENT_CONNECT_DELAYED),
        /** It failed, and is tried again after some milliseconds. */
        CONNECT_RETRIED(ZMQ.ZMQ_EVENT_CONNECT_RETRIED),
        /** Bound. */
        LISTENING(ZMQ.ZMQ_EVENT_LISTENING),
        /** Could not bind. */
        BIND_FAILED(ZMQ.ZMQ_EVENT_BIND_FAILED),
        /** A peer has come. */
        ACCEPTED(ZMQ.ZMQ_EVENT_ACCEPTED),
        /** A peer could not be let in. */
        ACCEPT_FAILED(ZMQ.ZMQ_EVENT_ACCEPT_FAILED),
        /** An endpoint was closed here. */
        CLOSED(ZMQ.ZMQ_EVENT_CLOSED),
        /** It could not be closed. */
        CLOSE_FAILED(ZMQ.ZMQ_EVENT_CLOSE_FAILED),
        /** A peer has gone. */
        DISCONNECTED(ZMQ.ZMQ_EVENT_DISCONNECTED),
        /** Nothing more will be told. */
        MONITOR_STOPPED(ZMQ.ZMQ_EVENT_MONITOR_STOPPED),
        /** The handshake failed by an error of the system. */
        HANDSHAKE_FAILED_NO_DETAIL(ZMQ.ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL),
        /** Both sides know each other; JeroMQ 0.6.0 does not tell it. */
        HANDSHAKE_SUCCEEDED(ZMQ.ZMQ_EVENT_HANDSHAKE_SUCCEEDED),
        /** The peer does not speak the protocol. */
        HANDSHAKE_FAILED_PROTOCOL(ZMQ.ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL),
        /** The peer has turned this socket away; the value is the status it gave, such as 400. */
        HANDSHAKE_FAILED_AUTH(ZMQ.ZMQ_EVENT_HANDSHAKE_FAILED_AUTH),
        /** The version of the protocol is settled. */
        HANDSHAKE_PROTOCOL(ZMQ.ZMQ_EVENT_HANDSHAKE_PROTOCOL);

        private final int bit;

        Kind(int bit) {
            this.bit = bit;
        }

        int bit() {
            return bit;
        }
    }
}
