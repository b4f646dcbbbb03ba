package evy.web.jdk;

import java.io.IOException;
import java.io.InputStream;

/** The body of a request, read by the connection's thread for whoever asks. */
final class RequestStream extends InputStream {
    private final ConnectionThread connection;
    private final InputStream body;

    RequestStream(ConnectionThread connection, InputStream body) {
        this.connection = connection;
        this.body = body;
    }

    @Override
    public int read() throws IOException {
        return connection.call(body::read);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return connection.call(() -> body.read(bytes, offset, length));
    }

    @Override
    public int available() throws IOException {
        return connection.call(body::available);
    }
}
