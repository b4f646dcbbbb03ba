package evy.web.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** A message that is sent in fragments. */
final class MessageOutput extends OutputStream {
    private static final int FRAGMENT = 8 * 1024;

    private final Sender sender;
    private final byte[] buffer = new byte[FRAGMENT];
    private int length;
    private boolean closed;

    /** Sends fragments of one message. */
    @FunctionalInterface
    interface Sender {
        void send(byte[] b, int offset, int length, boolean last) throws IOException;
    }

    MessageOutput(Sender sender) {
        this.sender = sender;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (closed) {
            throw new WebSocketException("the message was ended by close()");
        }
        int done = 0;
        while (done < len) {
            if (length == buffer.length) {
                flush();
            }
            int n = Math.min(len - done, buffer.length - length);
            System.arraycopy(b, off + done, buffer, length, n);
            length += n;
            done += n;
        }
    }

    /** Sends what has been written as a fragment. */
    @Override
    public void flush() throws IOException {
        if (length > 0 && !closed) {
            int n = length;
            length = 0;
            sender.send(buffer, 0, n, false);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            sender.send(buffer, 0, length, true);
        }
    }
}
