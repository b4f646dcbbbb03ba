package evy.web.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The body of a response being written: counted, in chunks, up to the end of the connection, or
 * swallowed because the request or the status allows none.
 */
public final class ResponseBody extends OutputStream {
    private static final byte[] CRLF = Grammar.ascii("\r\n");
    private static final byte[] LAST_CHUNK = Grammar.ascii("0\r\n");
    private static final int DIRECT = Buffers.SIZE / 2;

    private final Output output;
    private final Coding coding;
    private final long length;
    private final int minimumChunk;
    private long written;
    private int gathered; // since the last flush
    private boolean ended;

    /** How the end of a body is told. */
    public enum Coding {
        /** There is no body, whatever is written. */
        NONE,
        /** By a length announced before. */
        FIXED,
        /** By a last chunk. */
        CHUNKED,
        /** By closing the connection. */
        UNTIL_CLOSE
    }

    /**
     * A body of which nothing is written.
     *
     * @param output where it goes
     * @param coding how its end is told
     * @param length bytes announced, with {@link Coding#FIXED}
     * @param minimumChunk bytes to be gathered before something is sent
     */
    public ResponseBody(Output output, Coding coding, long length, int minimumChunk) {
        this.output = output;
        this.coding = coding;
        this.length = length;
        this.minimumChunk = Math.min(minimumChunk, DIRECT);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, bytes.length);
        ensureRoom(count);
        if (count == 0 || coding == Coding.NONE) {
            return;
        }
        written += count;
        if (coding == Coding.CHUNKED) {
            writeChunked(bytes, offset, count);
        } else {
            output.write(bytes, offset, count);
            gathered = Math.min(gathered + count, DIRECT);
            if (gathered >= minimumChunk) {
                output.flush();
                gathered = 0;
            }
        }
    }

    private void ensureRoom(long count) throws IOException {
        if (ended) {
            throw new IOException("the response has ended");
        }
        if (coding == Coding.FIXED && count > length - written) {
            throw new IOException(
                    "response body is longer than its Content-Length, which is " + length);
        }
    }

    /** {@return true if {@link #sendFile} can be called} */
    public boolean sendsFiles() {
        return coding == Coding.FIXED && output.sendsFiles();
    }

    /**
     * Sends a part of a file, and all that was written before. If the file ends early, so does the
     * body.
     *
     * @checkpoint always
     * @param file a regular file
     * @param position of the first byte
     * @param count how many bytes
     * @throws java.nio.file.FileSystemException if it cannot be opened
     * @throws IOException if it cannot be read, the connection is lost or the peer is too slow
     */
    public void sendFile(Path file, long position, long count) throws IOException {
        ensureRoom(count);
        written += output.sendFile(file, position, count);
        gathered = 0;
    }

    private void writeChunked(byte[] bytes, int offset, int count) throws IOException {
        if (count >= DIRECT) {
            output.closeChunk();
            output.text(Integer.toHexString(count));
            output.write(CRLF);
            output.write(bytes, offset, count);
            output.write(CRLF);
            output.flush();
            return;
        }
        int done = output.toChunk(bytes, offset, count);
        while (done < count) {
            output.closeChunk();
            done += output.toChunk(bytes, offset + done, count - done);
        }
        if (output.chunkSize() >= minimumChunk) {
            output.flush();
        }
    }

    /** Sends what was written so far. */
    @Override
    public void flush() throws IOException {
        if (!ended) {
            output.flush();
            gathered = 0;
        }
    }

    /**
     * Ends the body. Nothing is sent yet.
     *
     * @param trailers field lines, each with its end; only with {@link Coding#CHUNKED}
     * @throws IOException if it is shorter than announced
     */
    public void end(String trailers) throws IOException {
        if (ended) {
            return;
        }
        if (coding == Coding.FIXED && written < length) {
            throw new IOException(
                    "response body has "
                            + written
                            + " bytes, which is less than its Content-Length "
                            + length);
        }
        ended = true;
        if (coding == Coding.CHUNKED) {
            output.closeChunk();
            output.write(LAST_CHUNK);
            output.text(trailers);
            output.write(CRLF);
        }
    }

    /**
     * Ends it where it is: sends what was written, so that the client sees that the rest is
     * missing.
     */
    public void abandon() {
        if (!ended) {
            ended = true;
            try {
                output.flush();
            } catch (IOException e) {
                return; // it is lost anyway
            }
        }
    }

    /** Takes nothing more: the response was taken back. */
    public void cancel() {
        ended = true;
    }

    /** Sends what was written so far: it is the server that ends the body. */
    @Override
    public void close() throws IOException {
        flush();
    }

    /** {@return how the end is told} */
    public Coding coding() {
        return coding;
    }

    /** {@return bytes of the body written, without chunk sizes} */
    public long written() {
        return written;
    }
}
