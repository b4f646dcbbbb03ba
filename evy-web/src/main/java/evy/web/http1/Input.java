package evy.web.http1;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/**
 * What was received and not consumed yet. Waits with a time limit, and sends what waits in the
 * output before it does.
 *
 * <p>The head of the request being served stays where it is, below {@code floor}, so that it can be
 * looked at without a copy.
 */
public final class Input {
    private static final byte[] NONE = new byte[0];
    private static final int ROOM_FOR_BODY = 4096;

    private final Wire wire;
    private final Buffers buffers;
    private final Output output;
    private final Pace pace;

    private byte[] buffer = NONE;
    private int floor;
    private int position;
    private int limit;

    // of the current body
    private long waitedNanos;
    private long received;

    /**
     * Nothing yet.
     *
     * @param wire where it comes from
     * @param buffers where the buffer is from
     * @param output sent before each wait
     * @param pace how slow the peer may be
     */
    public Input(Wire wire, Buffers buffers, Output output, Pace pace) {
        this.wire = wire;
        this.buffers = buffers;
        this.output = output;
        this.pace = pace;
    }

    /**
     * Waits for the first byte of a request. Meanwhile the connection has no buffers.
     *
     * @checkpoint if nothing is there
     * @param nanos longest wait
     * @return false if the time is over or nothing more will come
     * @throws IOException if the connection is lost
     */
    public boolean awaitRequest(long nanos) throws IOException {
        release();
        if (position < limit) {
            return true;
        }
        output.flush();
        output.rest();
        int n = tryFill();
        if (n == 0) {
            rest();
            n = wire.awaitReadable(nanos) ? fill(nanos) : -1;
        }
        return n > 0;
    }

    /* Receives what is there now; 0 if that has to be waited for. */
    private int tryFill() throws IOException {
        makeRoom();
        int n = wire.tryRead(buffer, limit, buffer.length - limit);
        limit += Math.max(n, 0);
        return n;
    }

    /** Gives the buffer back if nothing is in it. */
    public void rest() {
        if (position == limit && buffer.length != 0) {
            buffers.release(buffer);
            buffer = NONE;
            position = 0;
            limit = 0;
        }
    }

    /** Forgets what is there, and gives the buffer back. */
    public void close() {
        position = limit;
        rest();
    }

    /** Lets go of the head: the request is over. */
    public void release() {
        floor = 0;
        waitedNanos = 0;
        received = 0;
    }

    /** {@return how many bytes wait to be consumed} */
    public int buffered() {
        return limit - position;
    }

    byte[] buffer() {
        return buffer;
    }

    int position() {
        return position;
    }

    byte at(int offset) {
        return buffer[position + offset];
    }

    void consume(int count) {
        position += count;
    }

    /** Consumes the head, which has so many bytes, and keeps it in place. */
    void consumeHead(int count) {
        position += count;
        floor = position;
    }

    /**
     * Finds the end of a line, receiving what is missing.
     *
     * @param offset where the line begins, after the position
     * @param longest shorter than this it must be
     * @param status to refuse with if it is not
     * @param patience to wait with
     * @return where its CR is, after the position
     */
    int lineEnd(int offset, int longest, int status, Patience patience) throws IOException {
        int scanned = offset;
        while (true) {
            int end = limit - position;
            for (int i = scanned; i < end; i++) {
                if (buffer[position + i] == '\n') {
                    return checkedEnd(offset, i, longest, status);
                }
            }
            if (end - offset > longest) {
                throw tooLong(longest, status);
            }
            scanned = end;
            if (fill(patience.left()) < 0) {
                throw BadRequestException.malformed("end of input in the middle of a line");
            }
        }
    }

    private int checkedEnd(int from, int newline, int longest, int status)
            throws BadRequestException {
        if (newline - from > longest) { // first, as it is when the end of the line is not there yet
            throw tooLong(longest, status);
        }
        if (newline == from || at(newline - 1) != '\r') {
            throw BadRequestException.malformed("line ends without CR");
        }
        return newline - 1;
    }

    private static BadRequestException tooLong(int longest, int status) {
        return new BadRequestException(status, "line has " + longest + " bytes or more");
    }

    /** Receives more behind what is there; returns -1 at the end. */
    int fill(long nanos) throws IOException {
        makeRoom();
        output.flush();
        int n = wire.read(buffer, limit, buffer.length - limit, nanos);
        if (n > 0) {
            limit += n;
        }
        return n;
    }

    private void makeRoom() {
        if (position == limit) {
            position = floor;
            limit = floor;
        }
        if (buffer.length == 0) {
            buffer = buffers.take();
        } else if (buffer.length - limit < (floor > 0 ? ROOM_FOR_BODY : 1)) {
            if (position > floor) {
                System.arraycopy(buffer, position, buffer, floor, limit - position);
                limit -= position - floor;
                position = floor;
            }
            if (buffer.length - limit < ROOM_FOR_BODY) {
                byte[] old = buffer;
                buffer = Arrays.copyOf(old, old.length * 2);
                buffers.release(old);
            }
        }
    }

    /** Receives more of a body; returns -1 at the end. */
    int fillBody() throws IOException {
        long start = System.nanoTime();
        return paced(start, fill(bodyPatience()));
    }

    /**
     * Reads a body's bytes into a buffer of the caller's, past this one if it is empty.
     *
     * @return bytes read, -1 at the end
     */
    int readBody(byte[] target, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= ROOM_FOR_BODY) {
                output.flush();
                long start = System.nanoTime();
                return paced(start, wire.read(target, offset, length, bodyPatience()));
            }
            if (fillBody() < 0) {
                return -1;
            }
        }
        int n = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, n);
        position += n;
        return n;
    }

    private int paced(long start, int n) {
        waitedNanos += System.nanoTime() - start;
        received += Math.max(n, 0);
        return n;
    }

    private long bodyPatience() throws SocketTimeoutException {
        long left = Math.min(pace.stall(), pace.patience(received) - waitedNanos);
        if (left <= 0) {
            throw new SocketTimeoutException(
                    "body too slow: " + received + " bytes in " + waitedNanos / 1_000_000 + " ms");
        }
        return left;
    }

    /** How long a part of a body may be waited for at this point. */
    Patience body() {
        return new Patience(pace.stall());
    }

    /** How long a head may be waited for from now on. */
    Patience head() {
        return new Patience(pace.head());
    }

    /**
     * Reads and forgets what the peer still sends, so that closing does not destroy the answer it
     * has not read yet.
     *
     * @checkpoint always
     * @param most bytes
     * @param nanos in all
     */
    public void linger(long most, long nanos) {
        position = floor;
        limit = floor;
        Patience patience = new Patience(nanos);
        long rest = most;
        try {
            for (int n = 0; n >= 0 && rest > 0; rest -= n) {
                limit = position;
                n = fill(patience.left());
            }
        } catch (IOException e) {
            return; // it has had its chance
        } finally {
            limit = position;
        }
    }

    /**
     * Takes all that was received and not consumed. The head is kept, but not the buffer, as the
     * connection may now last for days.
     *
     * @return the bytes
     */
    public byte[] takeRest() {
        byte[] all = buffer;
        byte[] rest = Arrays.copyOfRange(all, position, limit);
        limit = position;
        buffer = Arrays.copyOf(all, floor);
        buffers.release(all);
        return rest;
    }
}
