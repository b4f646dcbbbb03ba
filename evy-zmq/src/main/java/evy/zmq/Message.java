package evy.zmq;

import org.jspecify.annotations.Nullable;

import zmq.Msg;
import zmq.io.Metadata;

import java.nio.charset.StandardCharsets;

/**
 * A part of a message with what ZeroMQ knows of it besides its bytes. Only {@link
 * SocketType#SERVER}, {@link SocketType#PEER}, {@link SocketType#RAW}, {@link SocketType#RADIO} and
 * {@link SocketType#DISH} need it; for the rest bytes and strings do.
 *
 * @thread any; does not change
 */
public final class Message {
    private final Msg msg;

    private Message(Msg msg) {
        this.msg = msg;
    }

    static Message received(Msg msg) {
        return new Message(msg);
    }

    /**
     * Makes a part of bytes.
     *
     * @param data copied
     * @return to be sent
     */
    public static Message of(byte[] data) {
        return new Message(new Msg(data.clone()));
    }

    /**
     * Makes a part of a string.
     *
     * @param text sent in UTF-8
     * @return to be sent
     */
    public static Message of(String text) {
        return new Message(new Msg(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The same to a certain peer of a SERVER, PEER or RAW socket.
     *
     * @param routingId from a message received, or {@link Socket#connectPeer}
     * @return a new one
     */
    public Message to(int routingId) {
        Msg copy = copy();
        copy.setRoutingId(routingId);
        return new Message(copy);
    }

    /**
     * The same to a group, by a RADIO socket.
     *
     * @param group at most 255 characters
     * @return a new one
     * @throws IllegalArgumentException if {@code group} is too long
     */
    public Message toGroup(String group) {
        Msg copy = copy();
        if (!copy.setGroup(group)) {
            throw new IllegalArgumentException("group must have at most 255 characters: " + group);
        }
        return new Message(copy);
    }

    /** {@return its bytes, a copy} */
    public byte[] data() {
        return msg.data().clone();
    }

    /** {@return its bytes read as UTF-8} */
    public String text() {
        return new String(msg.data(), StandardCharsets.UTF_8);
    }

    /** {@return the number of bytes} */
    public int size() {
        return msg.size();
    }

    /** {@return true if it was received and another part of the same message follows} */
    public boolean hasMore() {
        return msg.hasMore();
    }

    /** {@return whom it is from, or to; 0 if that is not known} */
    public int routingId() {
        return msg.getRoutingId();
    }

    /** {@return the group it was sent to, or null} */
    public @Nullable String group() {
        return msg.getGroup();
    }

    /**
     * What is known of the connection it came by.
     *
     * @param property such as {@code Socket-Type}, {@code Identity}, {@code User-Id} or {@code
     *     Peer-Address}
     * @return null if it is not known
     */
    public @Nullable String metadata(String property) {
        Metadata metadata = msg.getMetadata();
        return metadata == null ? null : metadata.get(property);
    }

    /** A message of JeroMQ's that it may change and keep; the bytes are shared. */
    Msg copy() {
        Msg copy = new Msg(msg);
        copy.resetFlags(Msg.MORE);
        if (msg.getRoutingId() != 0) {
            copy.setRoutingId(msg.getRoutingId());
        }
        String group = msg.getGroup();
        if (group != null) {
            copy.setGroup(group);
        }
        return copy;
    }

    @Override
    public String toString() {
        return "message of " + size() + " bytes";
    }
}
