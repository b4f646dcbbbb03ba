package evy.web.http1;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * What is to be sent, gathered into one buffer. It goes out when the buffer is full, when somebody
 * wants it out, and before the connection waits for more input.
 */
public final class Output {
    private static final byte[] NONE = new byte[0];
    private static final byte[] DIGITS = Grammar.ascii("0123456789abcdef");

    private static final int CHUNK_HEAD = 6; // four digits, CR LF

    private final Wire wire;
    private final Buffers buffers;
    private final long stallNanos;
    private byte[] buffer = NONE;
    private int count;
    private long sent;
    private boolean broken;
    private int chunk = -1; // where the open one begins

    /**
     * Nothing yet.
     *
     * @param wire where it goes
     * @param buffers where the buffer is from
     * @param stallNanos how long the peer may take for 64 KiB
     */
    public Output(Wire wire, Buffers buffers, long stallNanos) {
        this.wire = wire;
        this.buffers = buffers;
        this.stallNanos = stallNanos;
    }

    /** {@return how many bytes were written, sent or not} */
    public long position() {
        return sent + count;
    }

    /**
     * Asks whether any byte behind a position was sent.
     *
     * @param position from {@link #position}
     * @return false if {@link #rewind} is still possible
     */
    public boolean isSentAfter(long position) {
        return sent > position;
    }

    /**
     * Forgets what was written behind a position.
     *
     * @param position from {@link #position}
     * @throws IllegalStateException if it was sent
     */
    public void rewind(long position) {
        if (isSentAfter(position)) {
            throw new IllegalStateException("sent already: " + (sent - position) + " bytes");
        }
        count = (int) (position - sent);
        chunk = -1;
    }

    /** {@return true if nothing waits to be sent} */
    public boolean isEmpty() {
        return count == 0;
    }

    /**
     * Writes ASCII or Latin-1.
     *
     * @param text no character beyond Latin-1
     * @throws IOException if it had to be sent, and the connection is lost
     */
    @SuppressWarnings("deprecation") // exactly what is needed: the low bytes
    public void text(String text) throws IOException {
        int done = 0;
        while (done < text.length()) {
            int n = Math.min(text.length() - done, room(1));
            text.getBytes(done, done + n, buffer, count);
            count += n;
            done += n;
        }
    }

    /**
     * Writes a number.
     *
     * @param value at least 0
     * @throws IOException if it had to be sent, and the connection is lost
     */
    public void decimal(long value) throws IOException {
        room(20);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = count + digits - 1; i >= count; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        count += digits;
    }

    /**
     * Writes bytes.
     *
     * @param bytes all of them
     * @throws IOException if they had to be sent, and the connection is lost
     */
    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /**
     * Writes bytes. Many at once are sent from where they are, together with what waits.
     *
     * @param bytes the array
     * @param offset of the first
     * @param length how many
     * @throws IOException if they had to be sent, and the connection is lost
     */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.length - count) {
            if (length >= Buffers.SIZE / 2) {
                closeChunk();
                send(bytes, offset, length);
                return;
            }
            room(length);
        }
        System.arraycopy(bytes, offset, buffer, count, length);
        count += length;
    }

    /** Makes room for so many bytes, at most a quarter of a buffer; returns how much there is. */
    private int room(int wanted) throws IOException {
        if (buffer.length == 0) {
            buffer = buffers.take();
        } else if (buffer.length - count < wanted) {
            flush();
            buffer = buffer.length == 0 ? buffers.take() : buffer;
        }
        return buffer.length - count;
    }

    /**
     * Appends to the open chunk, opening one if there is none.
     *
     * @return how many bytes it had room for; if not all, close it and come again
     */
    int toChunk(byte[] bytes, int offset, int length) throws IOException {
        if (chunk < 0) {
            room(Buffers.SIZE / 4);
            chunk = count;
            count += CHUNK_HEAD;
        }
        int n = Math.min(length, buffer.length - count - 2);
        System.arraycopy(bytes, offset, buffer, count, n);
        count += n;
        return n;
    }

    /** How many bytes the open chunk has. */
    int chunkSize() {
        return chunk < 0 ? 0 : count - chunk - CHUNK_HEAD;
    }

    /** Ends the open chunk, if there is one: writes its size before it. */
    void closeChunk() {
        if (chunk < 0) {
            return;
        }
        int size = chunkSize();
        int digits = (35 - Integer.numberOfLeadingZeros(size)) / 4;
        int gap = CHUNK_HEAD - 2 - digits;
        if (gap > 0) {
            System.arraycopy(buffer, chunk + CHUNK_HEAD, buffer, chunk + CHUNK_HEAD - gap, size);
            count -= gap;
        }
        int at = chunk;
        chunk = -1;
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            buffer[at++] = DIGITS[size >>> shift & 15];
        }
        buffer[at++] = '\r';
        buffer[at] = '\n';
        buffer[count++] = '\r';
        buffer[count++] = '\n';
    }

    /**
     * Sends what waits to be sent.
     *
     * @checkpoint if the peer does not take it
     * @throws IOException if the connection is lost or the peer is too slow
     */
    public void flush() throws IOException {
        closeChunk();
        if (count > 0) {
            send(NONE, 0, 0);
        }
    }

    /* Sends what waits, and these bytes behind it. */
    private void send(byte[] bytes, int offset, int length) throws IOException {
        int waiting = count;
        count = 0;
        sent += waiting + length; // some of it, if this fails
        boolean taken = false;
        try {
            if (length == 0) {
                wire.write(buffer, 0, waiting, stallNanos);
            } else if (waiting == 0) {
                wire.write(bytes, offset, length, stallNanos);
            } else {
                wire.write(buffer, waiting, bytes, offset, length, stallNanos);
            }
            taken = true;
        } finally {
            broken |= !taken;
        }
    }

    /** Asks whether {@link #sendFile} can be called. */
    boolean sendsFiles() {
        return wire.sendsFiles();
    }

    /**
     * Sends a part of a file, behind what waits to be sent.
     *
     * @return bytes sent; fewer than {@code length} if the file ends before
     */
    long sendFile(Path file, long position, long length) throws IOException {
        flush();
        boolean lost = true;
        try {
            long n = wire.sendFile(file, position, length, stallNanos);
            sent += n;
            lost = false;
            return n;
        } catch (FileSystemException e) {
            lost = false; // it is the file that is lost
            throw e;
        } finally {
            broken |= lost;
        }
    }

    /** {@return true if something could not be sent: the connection is of no use any more} */
    public boolean isBroken() {
        return broken;
    }

    /**
     * Sends what the peer takes at once. For a hub's callback, while nobody writes.
     *
     * @throws IOException if the connection is lost
     */
    public void tryFlush() throws IOException {
        closeChunk();
        int n = wire.tryWrite(buffer, 0, count);
        System.arraycopy(buffer, n, buffer, 0, count - n);
        count -= n;
        sent += n;
    }

    /** Gives the buffer back if nothing is in it. */
    public void rest() {
        if (count == 0 && buffer.length != 0) {
            buffers.release(buffer);
            buffer = NONE;
        }
    }

    /** Forgets what is there, and gives the buffer back. */
    public void close() {
        count = 0;
        chunk = -1;
        rest();
    }
}
