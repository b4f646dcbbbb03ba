import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * What a benchmark server does with one connection: plain blocking Java, the same bytes whatever
 * kind of thread runs it and whatever kind of socket it is given.
 */
enum Protocol {
    /** Sends back whatever arrives. */
    ECHO {
        @Override
        void serve(InputStream in, OutputStream out) throws IOException {
            var buffer = new byte[BUFFER_BYTES];
            int count;
            while ((count = in.read(buffer)) > 0) {
                out.write(buffer, 0, count);
            }
        }
    },

    /** Reads up to an empty line and answers with a fixed response, for every such request. */
    HELLO {
        @Override
        void serve(InputStream in, OutputStream out) throws IOException {
            var buffer = new byte[BUFFER_BYTES];
            int length = 0;
            int count;
            while ((count = in.read(buffer, length, BUFFER_BYTES - length)) > 0) {
                length += count;
                int start = 0;
                int end;
                while ((end = endOfRequest(buffer, start, length)) >= 0) {
                    out.write(RESPONSE);
                    start = end;
                }
                length -= start;
                System.arraycopy(buffer, start, buffer, 0, length);
            }
        }
    };

    static final int BUFFER_BYTES = 16 * 1024;
    static final int DATAGRAM_BYTES = 2048;
    static final int BACKLOG = 4096;

    private static final byte[] RESPONSE =
            """
            HTTP/1.1 200 OK\r
            Date: Thu, 01 Jan 2026 00:00:00 GMT\r
            Content-Type: text/plain\r
            Content-Length: 13\r
            \r
            Hello, World!\
            """
                    .getBytes(StandardCharsets.US_ASCII);

    abstract void serve(InputStream in, OutputStream out) throws IOException;

    /** Serves a connection until the peer ends it or breaks it off. */
    final void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            serve(client.getInputStream(), client.getOutputStream());
        } catch (IOException e) {
            // The load generator breaks off its connections when its time is over.
        }
    }

    static byte[] response() {
        return RESPONSE.clone();
    }

    static void listening(int port) {
        System.out.println("listening " + port);
        System.out.flush();
    }

    /** Returns the index after the first CR LF CR LF in the range, or -1 if there is none. */
    private static int endOfRequest(byte[] buffer, int from, int to) {
        for (int i = from + 3; i < to; i++) {
            if (buffer[i] == '\n'
                    && buffer[i - 1] == '\r'
                    && buffer[i - 2] == '\n'
                    && buffer[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }
}
