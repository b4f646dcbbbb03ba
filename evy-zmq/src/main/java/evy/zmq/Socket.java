package evy.zmq;

import org.jspecify.annotations.Nullable;

import zmq.Msg;
import zmq.ZMQ;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A ZeroMQ socket: sends and receives messages, each of one or more parts.
 *
 * <p>Where a call has to wait, the hub runs other green threads meanwhile. Several threads may use
 * a socket, green ones of any hub and others: those who wait to receive are served in the order
 * they came, and so are those who wait to send, and neither keep up the other. The parts of a
 * message stay together if they are sent, or received, by one call; parts sent one by one by
 * several threads do not.
 *
 * <p>What is sent is copied, what is received is the caller's: there is nothing to track.
 *
 * <p>A kill or timeout ends a wait at once. It loses no message: what was not sent is not sent,
 * what was not received is still there.
 *
 * <p>Memory effects: what was done before a send happens-before what follows the receipt by a
 * socket of the same process.
 *
 * @thread any but a hub's callback
 * @source ZeroMQ {@code zmq_socket(3)}; eventlet {@code green.zmq.Socket}
 */
public final class Socket implements AutoCloseable {
    /** A flag: fail with {@link ZmqError#EAGAIN} instead of waiting. */
    public static final int NOBLOCK = ZMQ.ZMQ_DONTWAIT;

    /** A flag: this part is not the last of its message. */
    public static final int SNDMORE = ZMQ.ZMQ_SNDMORE;

    private final Context context;
    private final SocketType type;
    private final Core core;
    private final SocketOptions options;
    private final IpcEndpoints ipc;

    Socket(Context context, SocketType type, Core core) {
        this.context = context;
        this.type = type;
        this.core = core;
        this.options = new SocketOptions(core);
        this.ipc = new IpcEndpoints(core);
    }

    /** {@return the type it was opened with} */
    public SocketType type() {
        return type;
    }

    /** {@return the context it was opened in} */
    public Context context() {
        return context;
    }

    /** {@return its settings, to be looked at and changed} */
    public SocketOptions options() {
        return options;
    }

    /**
     * Accepts peers at an address.
     *
     * @param endpoint {@code tcp://127.0.0.1:5555}, {@code tcp://*:5555}, {@code ipc:///path},
     *     {@code inproc://name}; with {@code *} as port or path one is chosen
     * @return the address as it really is, good for {@link #connect} and {@link #unbind}
     * @throws ZmqException {@code EADDRINUSE} and the like; for {@code ipc} {@code EADDRINUSE} if
     *     somebody listens at the path, or it is no socket, {@code ENOENT} if its folder does not
     *     exist, {@code EACCES} if nothing may be made there, {@code ENAMETOOLONG}
     */
    public String bind(String endpoint) {
        if (IpcEndpoints.isOne(endpoint)) {
            return ipc.bind(endpoint);
        }
        context.claim(endpoint, this);
        try {
            core.require("bind to " + endpoint, () -> core.base().bind(endpoint));
        } catch (RuntimeException | Error e) {
            context.release(endpoint, this);
            throw e;
        }
        return options.lastEndpoint();
    }

    /**
     * Connects to an address, now or as soon as somebody is there, and again whenever the
     * connection is lost. Does not wait for it.
     *
     * @checkpoint if a name has to be looked up
     * @param endpoint as for {@link #bind}, without wildcards
     * @throws ZmqException if the address makes no sense
     */
    public void connect(String endpoint) {
        prepareConnect(endpoint);
        core.require("connect to " + endpoint, () -> core.base().connect(endpoint));
    }

    /**
     * Connects a PEER or RAW socket; otherwise as {@link #connect}.
     *
     * @param endpoint as for {@link #connect}
     * @return who is there, for {@link Message#to}
     * @throws ZmqException {@code ENOTSUP} on a socket of another type
     */
    public int connectPeer(String endpoint) {
        prepareConnect(endpoint);
        int[] id = {0};
        core.require(
                "connect to " + endpoint, () -> (id[0] = core.base().connectPeer(endpoint)) != 0);
        return id[0];
    }

    private void prepareConnect(String endpoint) {
        if (IpcEndpoints.isOne(endpoint)) {
            ipc.prepareConnect(endpoint);
        }
    }

    /**
     * Accepts no more peers at an address, and parts with those that came by it.
     *
     * @param endpoint as returned by {@link #bind}
     * @throws ZmqException {@code ENOENT} if it is not bound to it
     */
    public void unbind(String endpoint) {
        core.require("unbind from " + endpoint, () -> core.base().termEndpoint(endpoint));
        context.release(endpoint, this);
        ipc.forget(endpoint);
    }

    /**
     * Parts with an address. What has not left is lost, unless the socket lingers.
     *
     * @param endpoint as given to {@link #connect}
     * @throws ZmqException {@code ENOENT} if it is not connected to it
     */
    public void disconnect(String endpoint) {
        core.require("disconnect from " + endpoint, () -> core.base().termEndpoint(endpoint));
    }

    /**
     * Parts with a peer of a SERVER or PEER socket.
     *
     * @param routingId from a message received, or {@link #connectPeer}
     * @throws ZmqException {@code EHOSTUNREACH} if there is no such peer
     */
    public void disconnectPeer(int routingId) {
        core.require("disconnect peer " + routingId, () -> core.base().disconnectPeer(routingId));
    }

    /**
     * Subscribes a SUB socket to all messages that begin with something.
     *
     * @param prefix empty for all
     */
    public void subscribe(byte[] prefix) {
        core.require(
                "subscribe", () -> core.base().setSocketOpt(ZMQ.ZMQ_SUBSCRIBE, prefix.clone()));
    }

    /**
     * Subscribes as {@link #subscribe(byte[])}.
     *
     * @param prefix sent in UTF-8
     */
    public void subscribe(String prefix) {
        subscribe(utf8(prefix));
    }

    /**
     * Takes one subscription back.
     *
     * @param prefix as given to {@link #subscribe(byte[])}
     */
    public void unsubscribe(byte[] prefix) {
        core.require(
                "unsubscribe", () -> core.base().setSocketOpt(ZMQ.ZMQ_UNSUBSCRIBE, prefix.clone()));
    }

    /**
     * Takes one subscription back.
     *
     * @param prefix as given to {@link #subscribe(String)}
     */
    public void unsubscribe(String prefix) {
        unsubscribe(utf8(prefix));
    }

    /**
     * Has a DISH socket receive what is sent to a group.
     *
     * @param group at most 255 characters
     */
    public void join(String group) {
        core.require("join " + group, () -> core.base().join(group));
    }

    /**
     * Takes a {@link #join} back.
     *
     * @param group as given there
     */
    public void leave(String group) {
        core.require("leave " + group, () -> core.base().leave(group));
    }

    /**
     * Sends a message of one part.
     *
     * @checkpoint always
     * @param data copied
     * @throws ZmqTimeoutException if the {@linkplain SocketOptions#sendTimeout send timeout} passes
     * @throws ZmqException {@code EFSM} if it is not this socket's turn; {@code EHOSTUNREACH} if
     *     there is no such peer and the socket is to say so; {@code ENOTSUP} if it cannot send;
     *     {@code ENOTSOCK} or {@code ETERM} if it is closed, now or meanwhile; {@code EINTR} if the
     *     thread is interrupted
     */
    public void send(byte[] data) {
        send(data, 0);
    }

    /**
     * Sends a part; otherwise as {@link #send(byte[])}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param data copied
     * @param flags sum of {@link #NOBLOCK} and {@link #SNDMORE}, or 0
     * @throws ZmqException {@code EAGAIN} if it would have to wait and must not
     */
    public void send(byte[] data, int flags) {
        put(new Msg(data.clone()), flags);
    }

    /**
     * Sends a message of one part; otherwise as {@link #send(byte[])}.
     *
     * @checkpoint always
     * @param text sent in UTF-8
     */
    public void send(String text) {
        send(text, 0);
    }

    /**
     * Sends a part; otherwise as {@link #send(byte[], int)}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param text sent in UTF-8
     * @param flags sum of {@link #NOBLOCK} and {@link #SNDMORE}, or 0
     */
    public void send(String text, int flags) {
        put(new Msg(utf8(text)), flags);
    }

    /**
     * Sends a part; otherwise as {@link #send(byte[], int)}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param data its remaining bytes are copied; its position advances to its limit when they are
     *     sent
     * @param flags sum of {@link #NOBLOCK} and {@link #SNDMORE}, or 0
     */
    public void send(ByteBuffer data, int flags) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        put(new Msg(bytes), flags);
        data.position(data.limit());
    }

    /**
     * Sends a part; otherwise as {@link #send(byte[], int)}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param message may be sent again
     * @param flags sum of {@link #NOBLOCK} and {@link #SNDMORE}, or 0
     */
    public void send(Message message, int flags) {
        put(message.copy(), flags);
    }

    private void put(Msg msg, int flags) {
        core.send(msg, flags & SNDMORE, (flags & NOBLOCK) == 0, options.sendNanos());
    }

    /**
     * Sends a message of one part if there is room for it. Never waits.
     *
     * @param data copied
     * @return false if there is none, or others wait for it
     */
    public boolean trySend(byte[] data) {
        return core.offer(new Msg(data.clone()), 0);
    }

    /**
     * Sends a message; otherwise as {@link #send(byte[])}. Its parts stay together.
     *
     * @checkpoint always
     * @param parts at least one; copied
     * @throws IllegalArgumentException if there is none
     */
    public void sendMultipart(List<byte[]> parts) {
        sendMultipart(parts, 0);
    }

    /**
     * Sends parts, which stay together; otherwise as {@link #send(byte[], int)}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param parts at least one; copied
     * @param flags sum of {@link #NOBLOCK} and {@link #SNDMORE}, which is about the last of them
     * @throws IllegalArgumentException if there is none
     */
    public void sendMultipart(List<byte[]> parts, int flags) {
        List<Msg> messages = new ArrayList<>(parts.size());
        for (byte[] part : parts) {
            messages.add(new Msg(part.clone()));
        }
        putAll(messages, flags);
    }

    /**
     * Sends a message of strings; otherwise as {@link #sendMultipart(List)}.
     *
     * @checkpoint always
     * @param parts at least one; sent in UTF-8
     */
    public void sendStrings(String... parts) {
        List<Msg> messages = new ArrayList<>(parts.length);
        for (String part : parts) {
            messages.add(new Msg(utf8(part)));
        }
        putAll(messages, 0);
    }

    private void putAll(List<Msg> parts, int flags) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a message must have at least one part");
        }
        core.sendAll(parts, flags & SNDMORE, (flags & NOBLOCK) == 0, options.sendNanos());
    }

    /** Hands on a whole message that was received. */
    void forward(List<Msg> parts) {
        core.sendAll(parts, 0, true, options.sendNanos());
    }

    /** Receives a whole message, to hand it on. */
    List<Msg> take() {
        return core.receiveAll(true, options.receiveNanos());
    }

    /**
     * Receives a part of a message.
     *
     * @checkpoint always
     * @return its bytes
     * @throws ZmqTimeoutException if the {@linkplain SocketOptions#receiveTimeout receive timeout}
     *     passes
     * @throws ZmqException {@code EFSM} if it is not this socket's turn; {@code ENOTSUP} if it
     *     cannot receive; {@code ENOTSOCK} or {@code ETERM} if it is closed, now or meanwhile;
     *     {@code EINTR} if the thread is interrupted
     */
    public byte[] recv() {
        return recv(0);
    }

    /**
     * Receives a part; otherwise as {@link #recv()}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param flags {@link #NOBLOCK} or 0
     * @return its bytes
     * @throws ZmqException {@code EAGAIN} if it would have to wait and must not
     */
    public byte[] recv(int flags) {
        return bytes(get(flags));
    }

    /**
     * Receives a part if there is one. Never waits.
     *
     * @return null if there is none, or others wait for it
     */
    public byte @Nullable [] tryRecv() {
        Msg msg = core.poll();
        return msg == null ? null : bytes(msg);
    }

    /**
     * Receives a part; otherwise as {@link #recv()}.
     *
     * @checkpoint always
     * @return read as UTF-8
     */
    public String recvString() {
        return recvString(0);
    }

    /**
     * Receives a part; otherwise as {@link #recv(int)}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param flags {@link #NOBLOCK} or 0
     * @return read as UTF-8
     */
    public String recvString(int flags) {
        return text(get(flags));
    }

    /**
     * Receives a part with all that is known of it; otherwise as {@link #recv(int)}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param flags {@link #NOBLOCK} or 0
     * @return the part
     */
    public Message recvMessage(int flags) {
        return Message.received(get(flags));
    }

    private Msg get(int flags) {
        return core.receive((flags & NOBLOCK) == 0, options.receiveNanos());
    }

    /**
     * Receives a message, or what is left of it; otherwise as {@link #recv()}.
     *
     * @checkpoint always
     * @return its parts; empty ones, too
     */
    public List<byte[]> recvMultipart() {
        return recvMultipart(0);
    }

    /**
     * Receives a message, or what is left of it; otherwise as {@link #recv(int)}.
     *
     * @checkpoint unless {@link #NOBLOCK}
     * @param flags {@link #NOBLOCK} or 0
     * @return its parts; empty ones, too
     */
    public List<byte[]> recvMultipart(int flags) {
        List<byte[]> parts = new ArrayList<>(4);
        for (Msg msg : getAll(flags)) {
            parts.add(bytes(msg));
        }
        return parts;
    }

    /**
     * Receives a message of strings; otherwise as {@link #recvMultipart()}.
     *
     * @checkpoint always
     * @return its parts, read as UTF-8
     */
    public List<String> recvStrings() {
        List<String> parts = new ArrayList<>(4);
        for (Msg msg : getAll(0)) {
            parts.add(text(msg));
        }
        return parts;
    }

    private List<Msg> getAll(int flags) {
        return core.receiveAll((flags & NOBLOCK) == 0, options.receiveNanos());
    }

    /** {@return true if the part received last is not the last of its message} */
    public boolean hasMore() {
        return core.hasMore();
    }

    /**
     * Waits until something can be done without waiting.
     *
     * @checkpoint always
     * @param timeout longest wait; zero only looks
     * @param events for what; none for messages
     * @return which of them can be done; none if the time is over. Another thread may be faster
     */
    public Set<PollEvent> poll(Duration timeout, PollEvent... events) {
        try (Poller poller = new Poller()) {
            poller.register(this, events);
            return poller.poll(timeout).getOrDefault(this, Set.of());
        }
    }

    /**
     * Tells what happens to the connections of this socket from now on.
     *
     * @param kinds of events; none for all
     * @return to read them from; one at a time for a socket
     * @throws ZmqException {@code EINVAL} if there is one
     */
    public Monitor monitor(MonitorEvent.Kind... kinds) {
        return Monitor.of(core, kinds);
    }

    Core core() {
        return core;
    }

    /** {@return true once it is closed} */
    public boolean isClosed() {
        return core.isClosed();
    }

    /**
     * Closes it: wakes everybody who waits for it with {@code ENOTSOCK}. Does not wait: messages
     * that have not left do so in the background, for as long as its {@linkplain
     * SocketOptions#linger linger} says. Idempotent.
     */
    @Override
    public void close() {
        close(ZmqError.ENOTSOCK, -1);
    }

    /**
     * Closes it; otherwise as {@link #close()}.
     *
     * @param linger how long messages may take to leave; zero drops them
     */
    public void close(Duration linger) {
        if (!isClosed()) {
            try {
                options.linger(linger);
            } catch (ZmqException e) {
                if (!isClosed()) {
                    throw e;
                } // else somebody else was faster
            }
        }
        close();
    }

    void close(ZmqError error, int linger) {
        if (core.close(error, linger, context.names(this))) {
            context.forget(this);
            ipc.removeFiles();
        }
    }

    /* A message published within the process is the same for all who receive it. */
    private byte[] bytes(Msg msg) {
        byte[] data = msg.data();
        return switch (type) {
            case SUB, XSUB, DISH -> data.clone();
            default -> data;
        };
    }

    private static String text(Msg msg) {
        return new String(msg.data(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return type + " socket" + (isClosed() ? ", closed" : "");
    }
}
