package evy.web.http1;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/**
 * The body of a request, read as it comes. Ends where the body ends, whatever comes behind it.
 *
 * <p>A body that is broken, cut off or too slow throws the same exception at every further read.
 */
public abstract sealed class RequestBody extends InputStream
        permits NoBody, FixedBody, ChunkedBody {
    private static final int MOST_IN_ONE_PIECE = 64 * 1024;

    /* Done once, before the first byte is waited for. */
    private final Interim interim;
    private boolean begun;
    private boolean over;
    private @Nullable IOException failure;

    RequestBody(Interim interim) {
        this.interim = interim;
    }

    /** What has to happen before the client sends the body. */
    @FunctionalInterface
    public interface Interim {
        /**
         * Asks for the body.
         *
         * @throws IOException if the connection is lost
         */
        void ask() throws IOException;
    }

    /**
     * The body that a head announces.
     *
     * @param head a request's
     * @param input where it comes from
     * @param limits how large it may be
     * @param interim done before the first byte is waited for
     * @return the body, of which nothing has been read
     */
    public static RequestBody of(RequestHead head, Input input, Limits limits, Interim interim) {
        Framing framing = head.framing();
        if (framing.isChunked()) {
            return new ChunkedBody(input, limits, interim);
        }
        long length = framing.contentLength();
        return length > 0 ? new FixedBody(input, length, interim) : NoBody.INSTANCE;
    }

    /** {@return the body of a request without one} */
    public static RequestBody none() {
        return NoBody.INSTANCE;
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (failure != null) {
            throw failure;
        }
        if (over && !isComplete()) {
            throw new IOException("the request is over");
        }
        if (length == 0) {
            return 0;
        }
        try {
            if (!begun && !isComplete()) {
                begun = true;
                interim.ask();
            }
            return isComplete() ? -1 : readSome(buffer, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /* A small body is read in one piece. A large one is not believed before it is there. */
    @Override
    public final byte[] readAllBytes() throws IOException {
        long announced = remaining();
        if (failure != null || over || announced > MOST_IN_ONE_PIECE || !isFixed()) {
            return super.readAllBytes();
        }
        byte[] all = new byte[(int) announced];
        readNBytes(all, 0, all.length);
        return all;
    }

    /** True if {@link #remaining} is no guess. */
    abstract boolean isFixed();

    /** Reads at least one byte of a body that is not complete; -1 if it turns out to be. */
    abstract int readSome(byte[] buffer, int offset, int length) throws IOException;

    /** {@return true if all of it was read} */
    public abstract boolean isComplete();

    /** {@return bytes still to come; a guess if that was not announced} */
    public abstract long remaining();

    /** {@return true if somebody tried to read it} */
    public boolean isBegun() {
        return begun;
    }

    /** {@return why reading it failed; null if it did not} */
    public @Nullable IOException failure() {
        return failure;
    }

    /** {@return the fields behind the body: name, value, name, …; empty until all was read} */
    public List<String> trailers() {
        return List.of();
    }

    /**
     * Reads to the end, and forgets what it reads.
     *
     * @param most give up after so many bytes
     * @return true if the end was reached
     * @throws IOException if the body is broken, cut off or too slow
     */
    public boolean drain(long most) throws IOException {
        byte[] sink = new byte[Buffers.SIZE];
        long rest = most;
        while (!isComplete()) {
            if (rest <= 0) {
                return false;
            }
            rest -= Math.max(1, read(sink, 0, sink.length));
        }
        return true;
    }

    /** Lets nothing more be read: what comes now belongs to others. */
    public void endOfRequest() {
        if (!isComplete()) {
            over = true; // the shared empty body is left alone
        }
    }

    static EOFException cutOff() {
        return new EOFException("end of input in the middle of a body");
    }

    @Override
    public void close() {}
}
