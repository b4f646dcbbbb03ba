package evy.zmq;

import evy.hubs.Hub;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import zmq.ZMQ;

import java.time.Duration;
import java.util.Set;

/**
 * The settings of a socket. What is about connections holds for those made later: set it before
 * binding and connecting.
 *
 * <p>The methods that set return this, to be chained. All throw a {@link ZmqException}: {@code
 * EINVAL} if the value makes no sense or this type of socket has no such option, {@code ENOTSOCK}
 * if the socket is closed.
 *
 * @thread any but a hub's callback
 * @source ZeroMQ {@code zmq_setsockopt(3)}
 */
public final class SocketOptions {
    private final Core core;

    // any thread; ours alone: JeroMQ never waits
    private volatile long receiveNanos = Waiter.FOREVER;
    private volatile long sendNanos = Waiter.FOREVER;

    SocketOptions(Core core) {
        this.core = core;
    }

    long receiveNanos() {
        return receiveNanos;
    }

    long sendNanos() {
        return sendNanos;
    }

    /**
     * Sets an option by its number in ZeroMQ's header, for those that have no method here.
     *
     * @param option such as 45 for {@code ZMQ_PLAIN_USERNAME}; {@code RCVTIMEO} and {@code
     *     SNDTIMEO} have methods of their own
     * @param value an Integer, Long, Boolean, String or byte array, as JeroMQ wants it
     * @return this
     */
    public SocketOptions set(int option, @Nullable Object value) {
        if (option == ZMQ.ZMQ_RCVTIMEO || option == ZMQ.ZMQ_SNDTIMEO) {
            throw new ZmqException(
                    ZmqError.EINVAL, "option " + option + ": use receiveTimeout, sendTimeout");
        }
        core.require(
                "set option " + option + " to " + value,
                () -> {
                    boolean done = core.base().setSocketOpt(option, value);
                    if (option == ZMQ.ZMQ_SELECTOR_PROVIDERCHOOSER) {
                        IpcEndpoints.keepChooser(core.base());
                    }
                    return done;
                });
        return this;
    }

    /**
     * Asks for an option by its number in ZeroMQ's header.
     *
     * @param option such as 32 for {@code ZMQ_LAST_ENDPOINT}
     * @return as JeroMQ gives it
     */
    public @Nullable Object get(int option) {
        return core.ask("get option " + option, () -> core.base().getSocketOptx(option));
    }

    private int number(int option) {
        return (int) value(option);
    }

    private Object value(int option) {
        Object value = get(option);
        if (value == null) {
            throw new ZmqException(ZmqError.EINVAL, "option " + option + " is not set");
        }
        return value;
    }

    /** Milliseconds, rounded up, as ZeroMQ's options want them. */
    static int millis(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration must be >= 0: " + duration);
        }
        long nanos = Hub.saturatedNanos(duration);
        return (int)
                Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1));
    }

    private SocketOptions setMillis(int option, @Nullable Duration duration) {
        return set(option, duration == null ? -1 : millis(duration));
    }

    private @Nullable Duration getMillis(int option) {
        int millis = number(option);
        return millis < 0 ? null : Duration.ofMillis(millis);
    }

    private static long nanos(@Nullable Duration timeout) {
        if (timeout == null) {
            return Waiter.FOREVER;
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "timeout must be >= 0, or null for none: " + timeout);
        }
        return Hub.saturatedNanos(timeout);
    }

    private static @Nullable Duration duration(long nanos) {
        return nanos == Waiter.FOREVER ? null : Duration.ofNanos(nanos);
    }

    /**
     * Limits the waits to receive ({@code RCVTIMEO}), from the next one on.
     *
     * @param timeout zero never to wait; null, the default, for no limit
     * @return this
     */
    public SocketOptions receiveTimeout(@Nullable Duration timeout) {
        receiveNanos = nanos(timeout);
        return this;
    }

    /** {@return the longest wait to receive; null for no limit} */
    public @Nullable Duration receiveTimeout() {
        return duration(receiveNanos);
    }

    /**
     * Limits the waits to send ({@code SNDTIMEO}), from the next one on.
     *
     * @param timeout zero never to wait; null, the default, for no limit
     * @return this
     */
    public SocketOptions sendTimeout(@Nullable Duration timeout) {
        sendNanos = nanos(timeout);
        return this;
    }

    /** {@return the longest wait to send; null for no limit} */
    public @Nullable Duration sendTimeout() {
        return duration(sendNanos);
    }

    /** {@return the endpoint bound or connected last, as it really is; empty if there is none} */
    public String lastEndpoint() {
        return get(ZMQ.ZMQ_LAST_ENDPOINT) instanceof String endpoint ? endpoint : "";
    }

    /** {@return what can be done now without waiting} */
    public Set<PollEvent> events() {
        return PollEvent.of(core.events());
    }

    /**
     * Sets how long messages that have not left may still do so when the socket is closed ({@code
     * LINGER}).
     *
     * @param duration in milliseconds; zero to drop them; null for no limit, the default
     * @return this
     */
    public SocketOptions linger(@Nullable Duration duration) {
        return setMillis(ZMQ.ZMQ_LINGER, duration);
    }

    /** {@return how long messages linger; null for no limit} */
    public @Nullable Duration linger() {
        return getMillis(ZMQ.ZMQ_LINGER);
    }

    /**
     * Limits the messages queued for each peer ({@code SNDHWM}). What happens beyond depends on the
     * type: PUSH, DEALER, REQ, PAIR wait, PUB and ROUTER drop.
     *
     * @param number messages, not bytes; 0 for no limit, 1000 by default
     * @return this
     */
    public SocketOptions sendHighWaterMark(int number) {
        return set(ZMQ.ZMQ_SNDHWM, number);
    }

    /** {@return most messages queued to be sent to a peer; 0 for no limit} */
    public int sendHighWaterMark() {
        return number(ZMQ.ZMQ_SNDHWM);
    }

    /**
     * Limits the messages queued from each peer ({@code RCVHWM}). The peer has to queue what comes
     * beyond.
     *
     * @param number messages, not bytes; 0 for no limit, 1000 by default
     * @return this
     */
    public SocketOptions receiveHighWaterMark(int number) {
        return set(ZMQ.ZMQ_RCVHWM, number);
    }

    /** {@return most messages queued from a peer; 0 for no limit} */
    public int receiveHighWaterMark() {
        return number(ZMQ.ZMQ_RCVHWM);
    }

    /**
     * Sets the name by which a ROUTER knows this socket ({@code IDENTITY}, {@code ROUTING_ID}).
     *
     * @param value 1 to 255 bytes, the first not 0
     * @return this
     */
    public SocketOptions identity(byte[] value) {
        return set(ZMQ.ZMQ_IDENTITY, value.clone());
    }

    /** {@return the name by which a ROUTER knows this socket; empty if it is given one there} */
    public byte[] identity() {
        return get(ZMQ.ZMQ_IDENTITY) instanceof byte[] identity ? identity.clone() : new byte[0];
    }

    /**
     * Sets the name by which this ROUTER or STREAM socket is to know the peer it connects to next
     * ({@code CONNECT_ROUTING_ID}).
     *
     * @param value 1 to 255 bytes
     * @return this
     */
    public SocketOptions connectIdentity(byte[] value) {
        return set(ZMQ.ZMQ_CONNECT_RID, value.clone());
    }

    /**
     * Sets the size of the system's send buffer ({@code SNDBUF}).
     *
     * @param number bytes; 0, the default, for the system's choice
     * @return this
     */
    public SocketOptions sendBuffer(int number) {
        return set(ZMQ.ZMQ_SNDBUF, number);
    }

    /** {@return size of the send buffer in bytes; 0 for the system's choice} */
    public int sendBuffer() {
        return number(ZMQ.ZMQ_SNDBUF);
    }

    /**
     * Sets the size of the system's receive buffer ({@code RCVBUF}).
     *
     * @param number bytes; 0, the default, for the system's choice
     * @return this
     */
    public SocketOptions receiveBuffer(int number) {
        return set(ZMQ.ZMQ_RCVBUF, number);
    }

    /** {@return size of the receive buffer in bytes; 0 for the system's choice} */
    public int receiveBuffer() {
        return number(ZMQ.ZMQ_RCVBUF);
    }

    /**
     * Limits the size of a message received ({@code MAXMSGSIZE}). The connection of a peer that
     * sends a longer one is closed.
     *
     * @param bytes a quarter of the heap by default, as a longer one might end JeroMQ's I/O thread;
     *     negative for no limit
     * @return this
     */
    public SocketOptions maxMessageSize(long bytes) {
        return set(ZMQ.ZMQ_MAXMSGSIZE, bytes);
    }

    /** {@return the longest message received, in bytes; negative for no limit} */
    public long maxMessageSize() {
        return (long) value(ZMQ.ZMQ_MAXMSGSIZE);
    }

    /**
     * Chooses the I/O threads for connections made later ({@code AFFINITY}).
     *
     * @param mask bit 0 for the first; 0, the default, for all
     * @return this
     */
    public SocketOptions affinity(long mask) {
        return set(ZMQ.ZMQ_AFFINITY, mask);
    }

    /**
     * Sets how many peers may wait to be accepted ({@code BACKLOG}).
     *
     * @param number connections; 100 by default
     * @return this
     */
    public SocketOptions backlog(int number) {
        return set(ZMQ.ZMQ_BACKLOG, number);
    }

    /** {@return connections that may wait to be accepted} */
    public int backlog() {
        return number(ZMQ.ZMQ_BACKLOG);
    }

    /**
     * Sets the pause before a lost connection is tried again ({@code RECONNECT_IVL}).
     *
     * @param duration in milliseconds; 100 by default; null never to try
     * @return this
     */
    public SocketOptions reconnectInterval(@Nullable Duration duration) {
        return setMillis(ZMQ.ZMQ_RECONNECT_IVL, duration);
    }

    /** {@return the pause before the next try; null for none} */
    public @Nullable Duration reconnectInterval() {
        return getMillis(ZMQ.ZMQ_RECONNECT_IVL);
    }

    /**
     * Has that pause double at each failure, up to this ({@code RECONNECT_IVL_MAX}).
     *
     * @param duration in milliseconds; zero, the default, for a pause that stays the same
     * @return this
     */
    public SocketOptions maxReconnectInterval(Duration duration) {
        return setMillis(ZMQ.ZMQ_RECONNECT_IVL_MAX, duration);
    }

    /** {@return the longest pause; zero if it stays the same} */
    public @Nullable Duration maxReconnectInterval() {
        return getMillis(ZMQ.ZMQ_RECONNECT_IVL_MAX);
    }

    /**
     * Sets how long the handshake of a connection may take ({@code HANDSHAKE_IVL}).
     *
     * @param duration in milliseconds; zero for no limit, 30 seconds by default
     * @return this
     */
    public SocketOptions handshakeTimeout(Duration duration) {
        return setMillis(ZMQ.ZMQ_HANDSHAKE_IVL, duration);
    }

    /** {@return how long a handshake may take; zero for no limit} */
    public @Nullable Duration handshakeTimeout() {
        return getMillis(ZMQ.ZMQ_HANDSHAKE_IVL);
    }

    /**
     * Sends heartbeats to each peer ({@code HEARTBEAT_IVL}).
     *
     * @param duration in milliseconds; zero, the default, for none
     * @return this
     */
    public SocketOptions heartbeatInterval(Duration duration) {
        return setMillis(ZMQ.ZMQ_HEARTBEAT_IVL, duration);
    }

    /** {@return the pause between heartbeats; zero for none} */
    public @Nullable Duration heartbeatInterval() {
        return getMillis(ZMQ.ZMQ_HEARTBEAT_IVL);
    }

    /**
     * Sets how long a peer may take to answer a heartbeat before its connection is closed ({@code
     * HEARTBEAT_TIMEOUT}).
     *
     * @param duration in milliseconds
     * @return this
     */
    public SocketOptions heartbeatTimeout(Duration duration) {
        return setMillis(ZMQ.ZMQ_HEARTBEAT_TIMEOUT, duration);
    }

    /** {@return how long the answer to a heartbeat may take; null if it is not set} */
    public @Nullable Duration heartbeatTimeout() {
        return getMillis(ZMQ.ZMQ_HEARTBEAT_TIMEOUT);
    }

    /**
     * Asks each peer to close the connection if it hears nothing for so long ({@code
     * HEARTBEAT_TTL}).
     *
     * @param duration in milliseconds, cut to tenths of a second, up to 655.3 s
     * @return this
     */
    public SocketOptions heartbeatTtl(Duration duration) {
        return setMillis(ZMQ.ZMQ_HEARTBEAT_TTL, duration);
    }

    /** {@return after what silence peers are to close the connection; zero for never} */
    public @Nullable Duration heartbeatTtl() {
        return getMillis(ZMQ.ZMQ_HEARTBEAT_TTL);
    }

    /**
     * Queues messages for peers only once they are connected, not from the moment on that {@code
     * connect} is called ({@code IMMEDIATE}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions onlyCompletedConnections(boolean on) {
        return set(ZMQ.ZMQ_IMMEDIATE, !on); // JeroMQ's has the opposite meaning
    }

    /** {@return true if messages are queued for connected peers only} */
    public boolean onlyCompletedConnections() {
        return !(boolean) value(ZMQ.ZMQ_IMMEDIATE);
    }

    /**
     * Uses IPv6 beside IPv4 ({@code IPV6}).
     *
     * @param on as in {@link ContextOptions#ipv6} by default
     * @return this
     */
    public SocketOptions ipv6(boolean on) {
        return set(ZMQ.ZMQ_IPV6, on);
    }

    /** {@return true if IPv6 is used, too} */
    public boolean ipv6() {
        return (boolean) value(ZMQ.ZMQ_IPV6);
    }

    /**
     * Keeps only the last message in each queue ({@code CONFLATE}), for PUSH, PULL, PUB, SUB and
     * DEALER without multipart messages.
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions conflate(boolean on) {
        return set(ZMQ.ZMQ_CONFLATE, on);
    }

    /** {@return true if only the last message is kept} */
    public boolean conflate() {
        return (boolean) value(ZMQ.ZMQ_CONFLATE);
    }

    /**
     * Has a ROUTER fail with {@code EHOSTUNREACH} instead of dropping messages to unknown peers,
     * and wait for room instead of dropping those to slow ones ({@code ROUTER_MANDATORY}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions routerMandatory(boolean on) {
        return set(ZMQ.ZMQ_ROUTER_MANDATORY, on);
    }

    /**
     * Has a ROUTER give a name to the newer of two peers that claim it ({@code ROUTER_HANDOVER}).
     *
     * @param on false by default: it stays with the older
     * @return this
     */
    public SocketOptions routerHandover(boolean on) {
        return set(ZMQ.ZMQ_ROUTER_HANDOVER, on);
    }

    /**
     * Sends an empty message to each new peer, so that a ROUTER learns of this socket ({@code
     * PROBE_ROUTER}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions probeRouter(boolean on) {
        return set(ZMQ.ZMQ_PROBE_ROUTER, on);
    }

    /**
     * Has a REQ mark its requests, so that a late reply to an earlier one is not taken for the
     * right one ({@code REQ_CORRELATE}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions requestCorrelate(boolean on) {
        return set(ZMQ.ZMQ_REQ_CORRELATE, on);
    }

    /**
     * Lets a REQ send again without having received a reply ({@code REQ_RELAXED}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions requestRelaxed(boolean on) {
        return set(ZMQ.ZMQ_REQ_RELAXED, on);
    }

    /**
     * Has an XPUB receive every subscription, not only the first to something ({@code
     * XPUB_VERBOSE}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions xpubVerbose(boolean on) {
        return set(ZMQ.ZMQ_XPUB_VERBOSE, on);
    }

    /**
     * Has an XPUB receive every subscription and every end of one ({@code XPUB_VERBOSER}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions xpubVerboser(boolean on) {
        return set(ZMQ.ZMQ_XPUB_VERBOSER, on);
    }

    /**
     * Has an XPUB or PUB wait for slow subscribers instead of dropping messages to them ({@code
     * XPUB_NODROP}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions xpubNoDrop(boolean on) {
        return set(ZMQ.ZMQ_XPUB_NODROP, on);
    }

    /**
     * Lets the user of an XPUB decide what the peer whose subscription was received last is
     * subscribed to ({@code XPUB_MANUAL}).
     *
     * @param on false by default
     * @return this
     */
    public SocketOptions xpubManual(boolean on) {
        return set(ZMQ.ZMQ_XPUB_MANUAL, on);
    }

    /**
     * Switches TCP keep-alive ({@code TCP_KEEPALIVE}).
     *
     * @param number 1 on, 0 off, -1, the default, for the system's choice
     * @return this
     */
    public SocketOptions tcpKeepAlive(int number) {
        return set(ZMQ.ZMQ_TCP_KEEPALIVE, number);
    }

    /** {@return 1 if on, 0 if off, -1 for the system's choice} */
    public int tcpKeepAlive() {
        return number(ZMQ.ZMQ_TCP_KEEPALIVE);
    }

    /**
     * Sets the type of service of connections ({@code TOS}). JeroMQ 0.6.0 takes it for the size of
     * the send buffer instead: leave it alone.
     *
     * @param number as in the IP header; 0 by default
     * @return this
     */
    public SocketOptions typeOfService(int number) {
        return set(ZMQ.ZMQ_TOS, number);
    }

    /** {@return the type of service} */
    public int typeOfService() {
        return number(ZMQ.ZMQ_TOS);
    }

    /**
     * Connects through a SOCKS5 proxy ({@code SOCKS_PROXY}).
     *
     * @param value host and port, with a colon between them
     * @return this
     */
    public SocketOptions socksProxy(String value) {
        return set(ZMQ.ZMQ_SOCKS_PROXY, value);
    }

    /**
     * Sends a message to each new peer ({@code HELLO_MSG}), from ROUTER, DEALER, CLIENT, SERVER,
     * SCATTER, GATHER and PEER.
     *
     * @param value empty for none
     * @return this
     */
    public SocketOptions helloMessage(byte[] value) {
        return set(ZMQ.ZMQ_HELLO_MSG, value.clone());
    }

    /**
     * Lets this socket receive a message when a peer has gone ({@code DISCONNECT_MSG}), on ROUTER,
     * SERVER and PEER.
     *
     * @param value empty for none
     * @return this
     */
    public SocketOptions disconnectMessage(byte[] value) {
        return set(ZMQ.ZMQ_DISCONNECT_MSG, value.clone());
    }

    /**
     * Names the domain that an {@link Authenticator} is told ({@code ZAP_DOMAIN}). Peers without
     * credentials are asked about only if it is set.
     *
     * @param value at most 255 characters
     * @return this
     */
    public SocketOptions zapDomain(String value) {
        return set(ZMQ.ZMQ_ZAP_DOMAIN, value);
    }

    /**
     * Lets peers in by user and password, as an {@link Authenticator} decides ({@code
     * PLAIN_SERVER}). Without one, nobody is asked. Passwords cross the network unencrypted.
     *
     * @return this
     */
    public SocketOptions plainServer() {
        return set(ZMQ.ZMQ_PLAIN_SERVER, true);
    }

    /**
     * Shows peers a user and a password ({@code PLAIN_USERNAME}, {@code PLAIN_PASSWORD}).
     *
     * @param user at most 255 bytes
     * @param password at most 255 bytes
     * @return this
     */
    public SocketOptions plainClient(String user, String password) {
        return set(ZMQ.ZMQ_PLAIN_USERNAME, user).set(ZMQ.ZMQ_PLAIN_PASSWORD, password);
    }

    /**
     * Encrypts, and lets peers in who know this socket's public key, and whom an {@link
     * Authenticator} allows, if there is one ({@code CURVE_SERVER}).
     *
     * @param keys this socket's; only the secret one is used
     * @return this
     */
    public SocketOptions curveServer(CurveKeyPair keys) {
        return set(ZMQ.ZMQ_CURVE_SERVER, true)
                .set(ZMQ.ZMQ_CURVE_PUBLICKEY, keys.publicKey())
                .set(ZMQ.ZMQ_CURVE_SECRETKEY, keys.secretKey());
    }

    /**
     * Encrypts, and talks to nobody but who has the secret to a certain public key ({@code
     * CURVE_SERVERKEY}).
     *
     * @param keys this socket's own
     * @param serverKey the other's public key, 40 characters of Z85
     * @return this
     */
    public SocketOptions curveClient(CurveKeyPair keys, String serverKey) {
        CurveKeyPair.check("server key", serverKey);
        return set(ZMQ.ZMQ_CURVE_SERVER, false)
                .set(ZMQ.ZMQ_CURVE_SERVERKEY, serverKey)
                .set(ZMQ.ZMQ_CURVE_PUBLICKEY, keys.publicKey())
                .set(ZMQ.ZMQ_CURVE_SECRETKEY, keys.secretKey());
    }

    /** {@return NULL, PLAIN, CURVE or GSSAPI} */
    public String mechanism() {
        return value(ZMQ.ZMQ_MECHANISM).toString();
    }
}
