package evy.tools.top;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The pages of {@code evy.web.DebugPages}, by HTTP over a Unix socket: a connection for each. */
final class UnixSource implements Source {
    private static final String FOLDER = "/debug/";
    private static final int STATUS = 9; // behind "HTTP/1.1 "

    private final Path file;
    private final @Nullable String token;

    UnixSource(Path file, @Nullable String token) {
        this.file = file;
        this.token = token;
    }

    @Override
    public String read(Question question) throws IOException {
        var head = "GET " + FOLDER + question.path() + " HTTP/1.0\r\nHost: localhost\r\n";
        var credentials = token == null ? "" : "Authorization: Bearer " + token + "\r\n";
        byte[] answer;
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            var request = (head + credentials + "\r\n").getBytes(StandardCharsets.UTF_8);
            for (var left = ByteBuffer.wrap(request); left.hasRemaining(); ) {
                channel.write(left);
            }
            answer = Channels.newInputStream(channel).readAllBytes();
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return body(new String(answer, StandardCharsets.UTF_8));
    }

    private String body(String answer) throws IOException {
        var end = answer.indexOf("\r\n\r\n");
        if (end < STATUS + 3 || !answer.startsWith("HTTP/1.")) {
            throw new IOException(file + ": what answers there speaks no HTTP");
        }
        var status = answer.substring(STATUS, STATUS + 3);
        if (!status.matches("\\d{3}")) {
            throw new IOException(file + ": status '" + Text.clean(status) + "'");
        }
        var body = answer.substring(end + 4);
        return DebugAnswer.check(Integer.parseInt(status), body, file + ", " + FOLDER);
    }

    @Override
    public void close() {
        // nothing is kept open
    }
}
