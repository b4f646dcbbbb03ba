package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/** Sends frames, one at a time, until the close frame. */
/*
 * Whatever throws in the middle of a frame leaves the stream undefined, so the connection is closed.
 */
final class FrameSender {
    private static final byte[] NONE = {};

    private final FrameWriter writer;
    private final Runnable broken;
    private final Turn turn = new Turn();

    // written in turn
    private volatile @Nullable CloseStatus closed;

    // the last ping's, if it could not be answered yet
    private final AtomicReference<byte @Nullable []> pong = new AtomicReference<>();

    /**
     * Makes one.
     *
     * @param broken closes the connection
     */
    FrameSender(FrameWriter writer, Runnable broken) {
        this.writer = writer;
        this.broken = broken;
    }

    /** Sends a ping. */
    void ping(byte[] payload) throws IOException {
        send(Opcode.PING, true, false, payload, 0, payload.length);
    }

    /** Sends an empty ping, unless something is being sent just now. */
    void tryPing() throws IOException {
        if (turn.tryTake()) {
            try {
                if (closed == null) {
                    write(Opcode.PING, true, false, NONE, 0, 0);
                }
            } finally {
                pass();
            }
        }
    }

    /**
     * Answers a ping: now, or when what is being sent has gone out; of several meanwhile the last.
     * Whoever receives must not wait for a sender, who may wait for a peer that waits for us to
     * receive.
     */
    void pong(byte[] payload) throws IOException {
        pong.set(payload);
        answer();
    }

    private void answer() throws IOException {
        while (pong.get() != null && turn.tryTake()) {
            try {
                byte[] payload = pong.getAndSet(null);
                if (payload != null && closed == null) {
                    write(Opcode.PONG, true, false, payload, 0, payload.length);
                }
            } finally {
                turn.pass();
            }
        }
    }

    /* A ping that came meanwhile found the turn taken. */
    private void pass() throws IOException {
        turn.pass();
        if (pong.get() != null) {
            answer();
        }
    }

    /**
     * Sends a frame.
     *
     * @throws WebSocketException if the close frame has gone out
     */
    void send(int opcode, boolean fin, boolean compressed, byte[] b, int offset, int length)
            throws IOException {
        turn.take();
        try {
            CloseStatus status = closed;
            if (status != null) {
                throw new WebSocketException("the WebSocket is closed: " + status);
            }
            write(opcode, fin, compressed, b, offset, length);
        } finally {
            pass();
        }
    }

    /**
     * Sends the close frame, unless it has gone out.
     *
     * @param status one that can be sent
     */
    void close(CloseStatus status) throws IOException {
        turn.take();
        try {
            if (closed == null) {
                closed = status;
                byte[] payload = payloadOf(status);
                write(Opcode.CLOSE, true, false, payload, 0, payload.length);
            }
        } finally {
            turn.pass();
        }
    }

    private static byte[] payloadOf(CloseStatus status) {
        byte[] reason = status.reason().getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[Short.BYTES + reason.length];
        payload[0] = (byte) (status.code() >>> Byte.SIZE);
        payload[1] = (byte) status.code();
        System.arraycopy(reason, 0, payload, Short.BYTES, reason.length);
        return payload;
    }

    private void write(
            int opcode, boolean fin, boolean compressed, byte[] b, int offset, int length)
            throws IOException {
        boolean whole = false;
        try {
            writer.write(opcode, fin, compressed, b, offset, length);
            whole = true;
        } catch (SocketException e) {
            throw new WebSocketException("the peer is gone", e);
        } catch (SocketTimeoutException e) {
            throw new WebSocketException("the peer has taken nothing for too long", e);
        } finally {
            if (!whole) {
                broken.run();
            }
        }
    }

    /** With what it was closed; null if it was not. */
    @Nullable CloseStatus closed() {
        return closed;
    }
}
