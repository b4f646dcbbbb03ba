package evy.tools.backdoor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client's side of a session. */
final class Talk implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 40_000;

    final Socket socket;

    Talk(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    void send(int... bytes) throws IOException {
        var all = new byte[bytes.length];
        for (var i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        socket.getOutputStream().write(all);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What comes back for a line, without the prompt. */
    String say(String line) throws IOException {
        send(line + "\n");
        return untilPrompt();
    }

    String untilPrompt() throws IOException {
        var text = until(">>> ");
        return text.substring(0, text.length() - 4);
    }

    /** All up to a text that it ends with. */
    String until(String end) throws IOException {
        var got = new ByteArrayOutputStream();
        var in = socket.getInputStream();
        while (true) {
            var b = in.read();
            if (b < 0) {
                throw new AssertionError("ended before '" + end + "': " + text(got));
            }
            got.write(b);
            if (b == end.charAt(end.length() - 1) && text(got).endsWith(end)) {
                return text(got);
            }
        }
    }

    /** All up to the end of the connection. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Leaves without a word. */
    void vanish() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
