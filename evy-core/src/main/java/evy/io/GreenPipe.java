package evy.io;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A file, in the old sense: a pipe, a FIFO, a terminal or a file on disk, read and written without
 * holding up the hub.
 *
 * {@snippet :
 * try (var log = GreenPipe.open(Path.of("/run/events"), "r")) {
 *     for (String line = log.readLine(); line != null; line = log.readLine()) {
 *         handle(line);
 *     }
 * }
 * }
 *
 * <p>Reads are buffered, writes go out at once. A read that is torn by a kill or a timeout, or
 * fails, loses nothing: what has come is there for the next one. A write that is torn may have
 * written some of its bytes.
 *
 * <p>One green thread may read while another writes. A second one that wants to read meanwhile gets
 * an {@link IllegalStateException} that names both, a second writer likewise; for a file on disk,
 * which has one position, that holds for readers and writers together. Closing wakes all who wait;
 * they, and all later calls, get an {@link IOException}. On a hub that polls channels (nio) a FIFO
 * or terminal is read and written by native threads; one that is blocked there stays so until the
 * other end does something, also if this end is closed.
 *
 * @thread any; fastest on the hub it was made on, any other thread simply blocks
 * @source eventlet {@code greenio.GreenPipe}
 */
public final class GreenPipe implements Closeable {
    /** Size of the read buffer unless said otherwise. */
    public static final int DEFAULT_BUFFER_SIZE = 8192;

    private static final int GROWTH_LIMIT = Integer.MAX_VALUE - 8;
    private static final byte[] NOTHING = {};

    private final RawStream raw;
    private final boolean standard;
    private final Charset charset;
    private final int bufferSize;
    private volatile boolean closed;

    // any thread, CAS: who is in a call; the same object for a file on disk
    private final AtomicReference<@Nullable Greenlet> reader = new AtomicReference<>();
    private final AtomicReference<@Nullable Greenlet> writer;

    // reader only
    private byte[] buffer = NOTHING;
    private int start;
    private int end;

    GreenPipe(RawStream raw, Charset charset, int bufferSize) {
        this(raw, charset, bufferSize, false);
    }

    private GreenPipe(RawStream raw, Charset charset, int bufferSize, boolean standard) {
        if (bufferSize < 0) {
            throw new IllegalArgumentException("buffer size must be >= 0: " + bufferSize);
        }
        this.raw = raw;
        this.charset = charset;
        this.bufferSize = bufferSize;
        this.standard = standard;
        this.writer = raw.isSeekable() ? reader : new AtomicReference<>();
    }

    /** One of the program's own streams, which stay open. */
    static GreenPipe standard(RawStream raw, Charset charset) {
        return new GreenPipe(raw, charset, DEFAULT_BUFFER_SIZE, true);
    }

    /**
     * Two ends that belong together: what is written to the sink can be read from the source.
     *
     * @param source to read from; at its end when the sink is closed
     * @param sink to write to; fails with "Broken pipe" when the source is closed
     */
    public record Ends(GreenPipe source, GreenPipe sink) implements Closeable {
        /** Closes both. */
        @Override
        public void close() throws IOException {
            try (source) {
                sink.close();
            }
        }
    }

    /**
     * Makes a pipe.
     *
     * @return its two ends, UTF-8, the caller's to close
     * @throws IOException if the system refuses, say for lack of descriptors
     */
    public static Ends open() throws IOException {
        return GreenPipes.open();
    }

    /**
     * Opens a file or FIFO with UTF-8 text; otherwise as {@link #open(Path, String, Charset, int)}.
     *
     * @checkpoint always
     * @param path where it is
     * @param mode {@code r}, {@code w}, {@code a}, {@code r+}, {@code w+} or {@code a+}, as in C
     * @return the file, the caller's to close
     * @throws IOException if it cannot be opened
     */
    public static GreenPipe open(Path path, String mode) throws IOException {
        return open(path, mode, StandardCharsets.UTF_8, DEFAULT_BUFFER_SIZE);
    }

    /**
     * Opens a file or FIFO. A FIFO is opened for {@code r} or {@code w} and waited for until its
     * other end is open, too; a kill or timeout meanwhile leaves nothing open.
     *
     * @checkpoint always
     * @param path where it is
     * @param mode {@code r}, {@code w}, {@code a}, {@code r+}, {@code w+} or {@code a+}, as in C
     * @param charset of its text
     * @param bufferSize of the read buffer; 0 for none: {@link #read(int)} then gives what is there
     * @return the file, the caller's to close
     * @throws IOException if it cannot be opened
     * @throws IllegalArgumentException if there is no such mode, or the size is negative
     */
    public static GreenPipe open(Path path, String mode, Charset charset, int bufferSize)
            throws IOException {
        return GreenPipes.open(path, FileMode.of(mode), charset, bufferSize);
    }

    /**
     * Takes over a descriptor number of this process, which is closed: what it stands for stays
     * open in the new object, waits green whether or not somebody made the number non-blocking, and
     * shares no position with others.
     *
     * @param fd an open descriptor of a file, pipe, FIFO or terminal
     * @param mode as in {@link #open(Path, String)}; must not ask for more than {@code fd} is open
     *     for
     * @return named {@code <fd:N>}
     * @throws IllegalArgumentException if {@code fd} is not open, is a socket, or is not open for
     *     {@code mode}; it is left as it is
     * @throws UnsupportedOperationException if this system has no {@code /proc}
     * @throws IOException if it cannot be opened anew
     */
    public static GreenPipe of(int fd, String mode) throws IOException {
        return GreenPipes.of(fd, FileMode.of(mode));
    }

    /**
     * Takes over a stream: it must not be used, and need not be closed, any more.
     *
     * @param in a file, pipe or FIFO
     * @return to read from
     * @throws IOException if it is closed
     */
    public static GreenPipe of(FileInputStream in) throws IOException {
        return GreenPipes.of(in);
    }

    /**
     * Takes over a stream: it must not be used, and need not be closed, any more.
     *
     * @param out a file, pipe or FIFO
     * @return to write to
     * @throws IOException if it is closed
     */
    public static GreenPipe of(FileOutputStream out) throws IOException {
        return GreenPipes.of(out);
    }

    /**
     * Takes over a file: it must not be used, and need not be closed, any more.
     *
     * @param file a file on disk
     * @param mode {@code r}, or {@code r+} if it is open for writing
     * @return to read and write
     * @throws IOException if it is closed
     * @throws IllegalArgumentException if {@code mode} is another
     */
    public static GreenPipe of(RandomAccessFile file, String mode) throws IOException {
        return GreenPipes.of(file, FileMode.of(mode));
    }

    // reading

    /**
     * Reads a number of bytes, waiting until they are there; without a buffer, what is there of
     * them, waiting for one.
     *
     * @checkpoint always
     * @param size how many
     * @return as many, or less at the end
     * @throws IOException if it is closed, here or meanwhile, or reading fails
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public byte[] read(int size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("size must be >= 0: " + size);
        }
        begin(reader, "read ");
        try {
            boolean more = size > 0;
            while (more && end - start < size) {
                more = fill(size) && bufferSize > 0;
            }
            return take(Math.min(size, end - start));
        } finally {
            reader.set(null);
        }
    }

    /**
     * Reads some bytes, waiting for at least one.
     *
     * @checkpoint always
     * @param into gets them
     * @param offset where the first goes
     * @param length how many at most
     * @return how many; -1 at the end
     * @throws IOException as {@link #read(int)}
     */
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        begin(reader, "read ");
        try {
            if (start == end && length > 0) {
                if (length >= bufferSize) {
                    return raw.read(into, offset, length);
                }
                if (!fill(bufferSize)) {
                    return -1;
                }
            }
            int n = Math.min(length, end - start);
            System.arraycopy(buffer, start, into, offset, n);
            start += n;
            return n;
        } finally {
            reader.set(null);
        }
    }

    /**
     * Reads all that is left, waiting for its end.
     *
     * @checkpoint always
     * @return all of it; nothing at the end
     * @throws IOException as {@link #read(int)}
     */
    public byte[] readAll() throws IOException {
        begin(reader, "read ");
        try {
            fillToEnd();
            return take(end - start);
        } finally {
            reader.set(null);
        }
    }

    /** Reads all that is left into the buffer. */
    void readAhead() throws IOException {
        begin(reader, "read ");
        try {
            fillToEnd();
        } finally {
            reader.set(null);
        }
    }

    private void fillToEnd() throws IOException {
        boolean more = true;
        while (more) {
            more = fill(Integer.MAX_VALUE);
        }
    }

    /**
     * Reads all the text that is left, waiting for its end.
     *
     * @checkpoint always
     * @return all of it; "" at the end
     * @throws IOException as {@link #read(int)}
     */
    public String readText() throws IOException {
        return new String(readAll(), charset);
    }

    /**
     * Reads a line, waiting for its end, which is {@code \n} or {@code \r\n}.
     *
     * @checkpoint always
     * @return the line without its end; null at the end of the stream
     * @throws IOException as {@link #read(int)}
     * @throws UnsupportedOperationException if a line does not end with the byte 10 in its charset
     */
    public @Nullable String readLine() throws IOException {
        if ("\n".getBytes(charset).length != 1) {
            throw new UnsupportedOperationException(
                    this + ": no lines in " + charset + "; use new BufferedReader(reader())");
        }
        begin(reader, "read ");
        try {
            int looked = 0;
            int feed = indexOfFeed(looked);
            boolean more = true;
            while (feed < 0 && more) {
                looked = end - start;
                more = fill(Integer.MAX_VALUE);
                feed = indexOfFeed(looked);
            }
            if (feed < 0) {
                return start == end ? null : new String(take(end - start), charset);
            }
            int length = feed > 0 && buffer[start + feed - 1] == '\r' ? feed - 1 : feed;
            String text = new String(buffer, start, length, charset);
            start += feed + 1;
            return text;
        } finally {
            reader.set(null);
        }
    }

    private int indexOfFeed(int from) {
        for (int i = start + from; i < end; i++) {
            if (buffer[i] == '\n') {
                return i - start;
            }
        }
        return -1;
    }

    /* Reads once, behind what is there. Without a buffer no more than is wanted. */
    private boolean fill(int wanted) throws IOException {
        int size = bufferSize > 0 ? bufferSize : Math.min(wanted - (end - start), 8192);
        if (start == end) {
            start = 0;
            end = 0;
        }
        if (end + size > buffer.length) {
            makeRoom(size);
        }
        int n = raw.read(buffer, end, bufferSize > 0 ? buffer.length - end : size);
        if (n > 0) {
            end += n;
        }
        return n > 0;
    }

    private void makeRoom(int size) throws IOException {
        int kept = end - start;
        if (kept > GROWTH_LIMIT - size) {
            throw new IOException(this + ": more than 2 GB do not fit into memory at once");
        }
        int grown = Math.max(kept + size, kept > GROWTH_LIMIT / 2 ? GROWTH_LIMIT : kept * 2);
        byte[] larger = new byte[grown];
        System.arraycopy(buffer, start, larger, 0, kept);
        buffer = larger;
        start = 0;
        end = kept;
    }

    private byte[] take(int size) {
        byte[] taken = Arrays.copyOfRange(buffer, start, start + size);
        start += size;
        if (start == end && buffer.length > bufferSize) {
            buffer = NOTHING; // it grew to hold something long
            start = 0;
            end = 0;
        }
        return taken;
    }

    /**
     * Number of bytes that can be read without waiting.
     *
     * @return 0 if that is not known
     * @throws IOException if it is closed
     */
    public int available() throws IOException {
        ensureOpen();
        return end - start + raw.available();
    }

    // writing

    /**
     * Writes all of the bytes.
     *
     * @checkpoint always
     * @param data the bytes
     * @throws IOException if it is closed, here or meanwhile, or the reader has gone; some may have
     *     been written
     */
    public void write(byte[] data) throws IOException {
        write(data, 0, data.length);
    }

    /**
     * Writes some bytes of an array; otherwise as {@link #write(byte[])}.
     *
     * @checkpoint always
     * @param data holds the bytes
     * @param offset of the first
     * @param length how many
     * @throws IOException as {@link #write(byte[])}
     */
    public void write(byte[] data, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, data.length);
        begin(writer, "write ");
        try {
            if (raw.isSeekable()) {
                dropReadAhead();
            }
            int done = 0;
            while (done < length) {
                done += raw.write(data, offset + done, length - done);
            }
        } finally {
            writer.set(null);
        }
    }

    /**
     * Writes text in its charset.
     *
     * @checkpoint always
     * @param text the text
     * @throws IOException as {@link #write(byte[])}
     */
    public void write(String text) throws IOException {
        write(text.getBytes(charset));
    }

    // places

    /**
     * The place of the next read or write.
     *
     * @return bytes from the beginning
     * @throws IOException if it is closed or is no file on disk
     */
    public long tell() throws IOException {
        begin(reader, "read ");
        try {
            return raw.position() - (end - start);
        } finally {
            reader.set(null);
        }
    }

    /**
     * Goes to a place.
     *
     * @param position bytes from the beginning; beyond the end is allowed
     * @throws IOException if it is closed or is no file on disk
     * @throws IllegalArgumentException if {@code position} is negative
     */
    public void seek(long position) throws IOException {
        if (position < 0) {
            throw new IllegalArgumentException("position must be >= 0: " + position);
        }
        begin(reader, "read ");
        try {
            raw.seek(position);
            start = end;
        } finally {
            reader.set(null);
        }
    }

    /**
     * Goes to the end.
     *
     * @checkpoint always
     * @return where that is
     * @throws IOException if it is closed or is no file on disk
     */
    public long seekToEnd() throws IOException {
        long size = size();
        seek(size);
        return size;
    }

    /**
     * Asks for the length.
     *
     * @checkpoint always
     * @return length of the file
     * @throws IOException if it is closed or is no file on disk
     */
    public long size() throws IOException {
        ensureOpen();
        return raw.size();
    }

    /**
     * Cuts the file. The place of the next read or write becomes its new end if it was beyond.
     *
     * @checkpoint always
     * @param size its new length; no effect if it is shorter
     * @throws IOException if it is closed or is no file on disk open for writing
     */
    public void truncate(long size) throws IOException {
        begin(writer, "write ");
        try {
            dropReadAhead();
            raw.cut(size);
        } finally {
            writer.set(null);
        }
    }

    private void dropReadAhead() throws IOException {
        if (start < end) {
            raw.seek(raw.position() - (end - start));
            start = end;
        }
    }

    // views

    /** {@return the bytes to be read, sharing the buffer; closing it closes this} */
    public InputStream inputStream() {
        return new Input();
    }

    /** {@return the bytes to be written; closing it closes this} */
    public OutputStream outputStream() {
        return new Output();
    }

    /** {@return the text to be read; closing it closes this} */
    public Reader reader() {
        return new InputStreamReader(inputStream(), charset);
    }

    RawStream raw() {
        return raw;
    }

    // the end

    /** {@return true once it was closed} */
    public boolean isClosed() {
        return closed;
    }

    /** Closes it; who waits for it is woken. Idempotent. One of the standard streams stays open. */
    @Override
    public void close() throws IOException {
        if (!standard) {
            closed = true;
            raw.close();
        }
    }

    private void begin(AtomicReference<@Nullable Greenlet> turn, String verb) throws IOException {
        ensureOpen();
        Greenlet me = Greenlet.current();
        Greenlet other = turn.compareAndExchange(null, me);
        if (other != null) {
            throw new IllegalStateException(
                    me + " wants to " + verb + this + " while " + other + " does so");
        }
    }

    private void ensureOpen() throws IOException {
        if (closed) {
            throw new IOException(this + " is closed");
        }
    }

    /** {@return the path, {@code <fd:N>}, or what it is} */
    @Override
    public String toString() {
        return raw.toString();
    }

    private final class Input extends InputStream {
        private final byte[] one = new byte[1];

        @Override
        public int read() throws IOException {
            return GreenPipe.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return GreenPipe.this.read(into, offset, length);
        }

        @Override
        public int available() throws IOException {
            return GreenPipe.this.available();
        }

        @Override
        public void close() throws IOException {
            GreenPipe.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            GreenPipe.this.write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            GreenPipe.this.write(data, offset, length);
        }

        @Override
        public void close() throws IOException {
            GreenPipe.this.close();
        }
    }
}
