package evy.web.jdk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * The body of a response, written by the connection's thread: there from the beginning, open once
 * the headers have been given. They and little pieces wait for more; closing it ends the exchange.
 *
 * @thread one at a time
 */
final class ResponseStream extends OutputStream {
    private static final byte[] NONE = new byte[0];
    private static final int BUFFER_SIZE = 8192;

    private final ConnectionThread connection;
    private @Nullable Opening opening;
    private @Nullable OutputStream body; // once it was opened
    private boolean announced;
    private long left; // of what was announced
    private byte[] buffer = NONE;
    private int count;
    private boolean closed;

    ResponseStream(ConnectionThread connection) {
        this.connection = connection;
    }

    /** Sends the headers. */
    @FunctionalInterface
    interface Opening {
        /**
         * Sends them.
         *
         * @return where the body goes
         * @throws IOException if the connection is lost
         * @thread the connection's
         */
        OutputStream open() throws IOException;
    }

    /**
     * Lets it be written to.
     *
     * @param how done before anything else is sent
     * @param length how many bytes will come; -1 if that is open
     */
    void open(Opening how, long length) {
        announced = length >= 0;
        left = length;
        opening = how;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        Opening how = opening();
        if (length == 0) {
            return;
        }
        if (closed) {
            throw new IOException("stream closed");
        }
        if (announced && length > left) {
            throw new IOException(
                    "too many bytes to write to stream: " + length + ", and " + left + " left");
        }
        if (length > BUFFER_SIZE - count) {
            connection.call(
                    () -> {
                        sendGathered(how).write(bytes, offset, length);
                        return null;
                    });
        } else {
            gather(bytes, offset, length);
        }
        left -= length;
    }

    private Opening opening() throws IOException {
        Opening how = opening;
        if (how == null) {
            throw new IOException("response headers not sent yet");
        }
        return how;
    }

    private void gather(byte[] bytes, int offset, int length) {
        if (buffer.length == 0) {
            buffer = new byte[(int) (announced ? Math.min(left, BUFFER_SIZE) : BUFFER_SIZE)];
        }
        System.arraycopy(bytes, offset, buffer, count, length);
        count += length;
    }

    /* In the connection's thread. */
    private OutputStream sendGathered(Opening how) throws IOException {
        OutputStream out = body;
        if (out == null) {
            out = how.open();
            body = out;
        }
        out.write(buffer, 0, count);
        count = 0;
        return out;
    }

    @Override
    public void flush() throws IOException {
        Opening how = opening();
        if (!closed) {
            connection.call(
                    () -> {
                        sendGathered(how).flush();
                        return null;
                    });
        }
    }

    @Override
    public void close() throws IOException {
        Opening how = opening();
        if (closed) {
            return;
        }
        closed = true;
        if (announced && left > 0) {
            IOException e =
                    new IOException("insufficient bytes written to stream: " + left + " missing");
            connection.fail(e);
            throw e;
        }
        connection.call(
                () -> {
                    try {
                        return sendGathered(how);
                    } finally {
                        connection.end(); // also if the client has left
                    }
                });
    }
}
