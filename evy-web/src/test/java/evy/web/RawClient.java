package evy.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly what it is told, and reads responses strictly. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static RawClient to(WebServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setTcpNoDelay(true);
        return new RawClient(socket);
    }

    Socket socket() {
        return socket;
    }

    RawClient send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends a request without body, and reads the response. */
    Reply get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    Reply ask(String request) throws IOException {
        return send(request).reply(!request.startsWith("HEAD") && !request.startsWith("CONNECT"));
    }

    Reply reply() throws IOException {
        return reply(true);
    }

    /** Reads a response; one to HEAD has no body whatever its headers say. */
    Reply reply(boolean mayHaveBody) throws IOException {
        String statusLine = line();
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        Reply head = new Reply(statusLine, lines, new byte[0], List.of(), List.of());
        int status = head.status();
        if (!mayHaveBody || status < 200 || status == 204 || status == 304) {
            return head;
        }
        if (head.has("Transfer-Encoding")) {
            return chunked(head);
        }
        byte[] body =
                head.has("Content-Length")
                        ? exactly(Integer.parseInt(head.header("Content-Length")))
                        : in.readAllBytes();
        return new Reply(statusLine, lines, body, List.of(), List.of());
    }

    private Reply chunked(Reply head) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<Integer> sizes = new ArrayList<>();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            if (size == 0) {
                break;
            }
            sizes.add(size);
            body.write(exactly(size));
            if (!line().isEmpty()) {
                throw new IOException("chunk is longer than its size");
            }
        }
        List<String> trailers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            trailers.add(line);
        }
        return new Reply(head.statusLine(), head.lines(), body.toByteArray(), sizes, trailers);
    }

    byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("end after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /** A line that ends with CR LF, and has neither inside. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("end in a line: '" + line + "'");
            }
            if (c == '\n') {
                throw new IOException("LF without CR behind '" + line + "'");
            }
            if (c == '\r') {
                if (in.read() != '\n') {
                    throw new IOException("CR without LF behind '" + line + "'");
                }
                return line.toString();
            }
            line.append((char) c);
        }
    }

    /** Everything up to the end of the connection; a reset counts as one. */
    String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                rest.write(c);
            }
        } catch (SocketException e) {
            rest.writeBytes("<reset>".getBytes(StandardCharsets.US_ASCII));
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    boolean isAtEnd() throws IOException {
        return rest().isEmpty();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
