package evy.web.websocket;

import evy.Timeout;
import evy.sync.Event;
import evy.web.Headers;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A connection by RFC 6455. */
/*
 * Three turns, taken in this order: to receive, to send a message with all its fragments, to send a
 * frame. Control frames need only the last, so they go out between the fragments of a message.
 *
 * Closing. Whoever receives sees the peer's close frame and answers it; whoever closes waits for that,
 * or receives itself if nobody does. Either way ends in end(), once.
 */
final class Rfc6455WebSocket implements WebSocket {
    private static final long GLANCE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final CloseStatus LOST = new CloseStatus(CloseStatus.LOST, "");

    private final Transport transport;
    private final Opening opening;
    private final WebSocketOptions options;
    private final long patienceNanos;
    private final boolean client;
    private final MessageReader reader;
    private final FrameSender frames;
    private final MessageSender messages;
    private final Turn receiving = new Turn();
    private final Event<@Nullable Void> ended = new Event<>();

    // in the turn of receiving
    private long silenceNanos;
    private long glancedAt = System.nanoTime() - GLANCE_INTERVAL_NANOS;
    private boolean glancing; // only what is there
    private int streams;
    private boolean streaming; // the current message is read as a stream

    private volatile boolean deaf; // sent, and has not received since

    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile @Nullable CloseStatus seen;

    /**
     * Begins to speak after a handshake.
     *
     * @param writer masking, if this end is the client
     */
    Rfc6455WebSocket(
            Transport transport, Opening opening, WebSocketOptions options, FrameWriter writer) {
        this.transport = transport;
        this.opening = opening;
        this.options = options;
        this.patienceNanos =
                Math.min(
                        Transport.nanos(options.pingInterval()),
                        Transport.nanos(options.idleTimeout()));
        this.client = writer.isMasking();
        DeflateAgreement agreed = opening.compression();
        this.frames = new FrameSender(writer, () -> end(false));
        this.messages = new MessageSender(frames, agreed, () -> end(false));
        this.reader =
                new MessageReader(
                        new FrameReader(
                                new Arrivals(), !client, agreed != null, options.maxFrame()),
                        new Answers(),
                        agreed == null ? null : new Inflation(agreed),
                        options.maxMessage());
    }

    @Override
    public @Nullable Message receive() throws IOException {
        receiving.take();
        try {
            deaf = false;
            skipStream();
            Message message = isEnded() ? null : reader.receive();
            if (message == null) {
                endByPeer();
            }
            return message;
        } catch (IOException e) {
            endBy(e);
            return null;
        } finally {
            passReceiving();
        }
    }

    @Override
    public @Nullable MessageInput receiveStream() throws IOException {
        receiving.take();
        try {
            deaf = false;
            skipStream();
            if (isEnded() || !reader.begin()) {
                endByPeer();
                return null;
            }
            int number = ++streams;
            streaming = true;
            return new MessageInput((b, o, n) -> readStream(number, b, o, n), reader.isText());
        } catch (IOException e) {
            endBy(e);
            return null;
        } finally {
            passReceiving();
        }
    }

    private void skipStream() throws IOException {
        if (streaming && !isEnded()) {
            streams++;
            skipMessage();
            streaming = false;
        }
    }

    private void skipMessage() throws IOException {
        byte[] skipped = new byte[1024];
        int n;
        do {
            n = reader.read(skipped, 0, skipped.length);
        } while (n >= 0);
    }

    private int readStream(int number, byte[] b, int offset, int length) throws IOException {
        receiving.take();
        try {
            if (number != streams || !streaming || isEnded()) {
                return -1;
            }
            int n = reader.read(b, offset, length);
            streaming = n >= 0;
            return n;
        } catch (IOException e) {
            endBy(e);
            throw new WebSocketException("the message ends early: " + closeStatus());
        } finally {
            passReceiving();
        }
    }

    private void passReceiving() {
        reader.rest();
        if (isEnded()) {
            reader.close();
        }
        receiving.pass();
    }

    /* Silence is broken by pings, and taken for death in the end. */
    private void onSilence() throws IOException {
        if (glancing) {
            throw new SocketTimeoutException("nothing new");
        }
        silenceNanos += patienceNanos;
        if (silenceNanos >= Transport.nanos(options.idleTimeout())) {
            throw new EOFException("the peer has been silent for " + options.idleTimeout());
        }
        frames.tryPing();
    }

    /*
     * A handler that only sends would not hear pings, nor the peer's close. So a sender looks, now and
     * then, whether control frames have come, up to the first message.
     */
    private void glance() throws IOException {
        if (!deaf) {
            deaf = true;
            return;
        }
        if (!receiving.tryTake()) {
            return; // somebody listens
        }
        try {
            long now = System.nanoTime();
            if (now - glancedAt >= GLANCE_INTERVAL_NANOS && !isEnded()) {
                glancedAt = now;
                glancing = true;
                if (!reader.begin()) {
                    endByPeer();
                }
            }
        } catch (SocketTimeoutException e) {
            return; // nothing new
        } catch (IOException e) {
            endBy(e);
        } finally {
            glancing = false;
            passReceiving();
        }
    }

    private boolean isEnded() {
        return ended.isReady();
    }

    /* What ends a connection in the ordinary way ends it here; the rest is thrown on. */
    private void endBy(IOException e) throws IOException {
        switch (e) {
            case ProtocolException p -> fail(p.status());
            case InterruptedIOException i -> throw i;
            case EOFException _, SocketException _, WebSocketException _ -> end(false);
            default -> {
                end(false);
                throw e;
            }
        }
    }

    private void fail(CloseStatus status) {
        boolean told = false;
        try {
            told = sayClose(status);
        } catch (IOException e) {
            // the peer is gone, too
        } finally {
            end(told);
        }
    }

    /* Not for ever: a sender may be in the way that waits for a peer that does not read. */
    private boolean sayClose(CloseStatus status) throws IOException {
        return Timeout.run(options.closeTimeout(), () -> frames.close(status));
    }

    /* It is for the server to close the connection under a closed WebSocket: section 7.1.1. */
    private void endByPeer() throws IOException {
        if (client && seen != null && !ending.get()) {
            transport.awaitEnd();
        }
        end(false);
    }

    /* After a failure the peer may be in the middle of sending: then the close frame must not be lost. */
    private void end(boolean lingering) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        try {
            if (lingering) {
                transport.linger();
            }
        } finally {
            transport.close();
            ended.send(null);
            messages.close();
            if (receiving.tryTake()) {
                passReceiving(); // else whoever has the turn frees what is the reader's
            }
        }
    }

    @Override
    public void send(String text) throws IOException {
        glance();
        messages.send(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        glance();
        messages.send(Opcode.BINARY, bytes);
    }

    @Override
    public OutputStream sendStream() throws IOException {
        glance();
        return messages.stream(Opcode.BINARY);
    }

    @Override
    public Writer sendText() throws IOException {
        glance();
        return new OutputStreamWriter(messages.stream(Opcode.TEXT), StandardCharsets.UTF_8);
    }

    @Override
    public void ping(byte[] payload) throws IOException {
        if (payload.length > Opcode.MAX_CONTROL) {
            throw new IllegalArgumentException(
                    "ping must have at most " + Opcode.MAX_CONTROL + " bytes: " + payload.length);
        }
        frames.ping(payload);
    }

    @Override
    public void close(int code, String reason) {
        if (!CloseStatus.isSendable(code)) {
            throw new IllegalArgumentException(
                    "close code must be in 1000-1003, 1007-1014 or 3000-4999: " + code);
        }
        CloseStatus status = new CloseStatus(code, reason);
        if (isEnded()) {
            return;
        }
        try {
            boolean _ =
                    Timeout.run(
                            options.closeTimeout(),
                            () -> {
                                frames.close(status);
                                awaitPeersClose();
                            });
        } catch (IOException e) {
            // the connection is gone, or the peer broke the protocol: there is nobody left to tell
        } finally {
            end(false);
        }
    }

    private void awaitPeersClose() throws IOException {
        if (receiving.tryTake()) {
            try {
                while (!isEnded() && reader.begin()) {
                    skipMessage();
                }
                endByPeer();
            } finally {
                passReceiving();
            }
        } else {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while closing");
            }
        }
    }

    @Override
    public @Nullable CloseStatus closeStatus() {
        CloseStatus first = seen;
        if (first == null) {
            first = frames.closed();
        }
        return first != null || !isEnded() ? first : LOST;
    }

    @Override
    public String target() {
        return opening.target();
    }

    @Override
    public Headers headers() {
        return opening.headers();
    }

    @Override
    public @Nullable String subprotocol() {
        return opening.subprotocol();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return transport.remoteAddress();
    }

    @Override
    public Iterator<Message> iterator() {
        return new Messages(this);
    }

    @Override
    public String toString() {
        CloseStatus status = closeStatus();
        return "WebSocket " + target() + (status == null ? "" : " closed by " + status);
    }

    /** Answers the peer's control frames. */
    private final class Answers implements MessageReader.Control {
        @Override
        public void onPing(byte[] payload) throws IOException {
            frames.pong(payload);
        }

        @Override
        public void onClose(CloseStatus status) throws IOException {
            seen = status;
            boolean unsaid = status.code() == CloseStatus.NONE;
            boolean _ = sayClose(unsaid ? new CloseStatus(CloseStatus.NORMAL, "") : status);
        }
    }

    /** What the reader reads. */
    private final class Arrivals implements FrameReader.Source {
        @Override
        public int tryRead(byte[] b, int offset, int length) throws IOException {
            int n = transport.tryRead(b, offset, length);
            if (n > 0) {
                silenceNanos = 0;
            }
            return n;
        }

        @Override
        public void await() throws IOException {
            while (!transport.awaitReadable(limit())) {
                onSilence();
            }
        }

        @Override
        public int read(byte[] b, int offset, int length) throws IOException {
            while (true) {
                try {
                    int n = transport.read(b, offset, length, limit());
                    silenceNanos = 0;
                    return n;
                } catch (SocketTimeoutException e) {
                    onSilence();
                }
            }
        }

        private long limit() {
            return glancing ? GLANCE_NANOS : patienceNanos;
        }
    }
}
