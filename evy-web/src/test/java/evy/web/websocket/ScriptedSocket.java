package evy.web.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A connection whose streams do what a test says; knows whether it was closed. */
final class ScriptedSocket extends Socket {
    private final InputStream in;
    private final OutputStream out;
    boolean closed;

    ScriptedSocket(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** A stream that fails at its first byte. */
    static InputStream failing(IOException failure) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw failure;
            }
        };
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public void shutdownOutput() {
        throw new UnsupportedOperationException("one side cannot be closed alone");
    }

    @Override
    public void close() throws IOException {
        closed = true;
        throw new IOException("closing fails");
    }
}
