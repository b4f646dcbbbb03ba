package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Files as responses: conditions and ranges, by RFC 9110 sections 13 and 14. */
@ExtendWith(LeakCheckExtension.class)
class FileResponseTest {
    private static final String MODIFIED = "Wed, 01 Jul 2026 10:00:00 GMT";
    private static final String SERVER_ERROR = "HTTP/1.1 500 Internal Server Error";
    private static final String BEFORE = "Wed, 01 Jul 2026 09:59:59 GMT";

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.writeString(directory.resolve("file"), "0123456789");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-07-01T10:00:00.5Z")));
    }

    private Reply reply(String method, String... lines) throws Exception {
        App app = r -> Response.file(file).withType("text/plain");
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            Reply reply = client.ask(Servers.request(method, "/", lines));
            assertThat(client.ask(Servers.request("HEAD", "/")).status()).isEqualTo(200);
            return reply;
        }
    }

    @Test
    void whole_isSentWithItsTagAndDate() throws Exception {
        Reply reply = reply("GET");

        assertThat(reply.text()).isEqualTo("0123456789");
        assertThat(reply.header("Content-Length")).isEqualTo("10");
        assertThat(reply.header("Content-Type")).isEqualTo("text/plain");
        assertThat(reply.header("ETag")).matches("\"[0-9a-f]+-a\"");
        assertThat(reply.header("Last-Modified")).isEqualTo(MODIFIED);
        assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
    }

    @Test
    void head_saysTheLength() throws Exception {
        Reply reply = reply("HEAD");

        assertThat(reply.header("Content-Length")).isEqualTo("10");
        assertThat(reply.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0-0",
        "bytes=2-4, 234, 2-4",
        "bytes=7-, 789, 7-9",
        "bytes=7-99, 789, 7-9",
        "bytes=-3, 789, 7-9",
        "bytes=-99, 0123456789, 0-9",
    })
    void range_one_isSentAlone(String range, String text, String sent) throws Exception {
        Reply reply = reply("GET", "Range: " + range);

        assertThat(reply.status()).isEqualTo(206);
        assertThat(reply.text()).isEqualTo(text);
        assertThat(reply.header("Content-Range")).isEqualTo("bytes " + sent + "/10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=-0"})
    void range_outside_isA416(String range) throws Exception {
        Reply reply = reply("GET", "Range: " + range);

        assertThat(reply.status()).isEqualTo(416);
        assertThat(reply.header("Content-Range")).isEqualTo("bytes */10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=4-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4"})
    void range_notUnderstood_isIgnored(String range) throws Exception {
        assertThat(reply("GET", "Range: " + range).text()).isEqualTo("0123456789");
    }

    @Test
    void condition_clientHasIt_isA304() throws Exception {
        String tag = reply("GET").header("ETag");

        assertThat(reply("GET", "If-None-Match: " + tag).status()).isEqualTo(304);
        assertThat(reply("GET", "If-None-Match: \"x\", W/" + tag).status()).isEqualTo(304);
        assertThat(reply("HEAD", "If-None-Match: *").status()).isEqualTo(304);
        assertThat(reply("GET", "If-Modified-Since: " + MODIFIED).status()).isEqualTo(304);
        assertThat(reply("GET", "If-None-Match: " + tag).header("ETag")).isEqualTo(tag);
    }

    @Test
    void condition_clientHasAnother_isA200() throws Exception {
        assertThat(reply("GET", "If-None-Match: \"x\"").status()).isEqualTo(200);
        assertThat(reply("GET", "If-Modified-Since: " + BEFORE).status()).isEqualTo(200);
        assertThat(reply("GET", "If-Modified-Since: nonsense").status()).isEqualTo(200);
        assertThat(reply("GET", "If-None-Match: \"x\"", "If-Modified-Since: " + MODIFIED).status())
                .isEqualTo(200);
    }

    @Test
    void condition_clientExpectsAnother_isA412() throws Exception {
        String tag = reply("GET").header("ETag");

        assertThat(reply("GET", "If-Match: \"x\"").status()).isEqualTo(412);
        assertThat(reply("GET", "If-Match: W/" + tag).status()).isEqualTo(412);
        assertThat(reply("GET", "If-Match: " + tag).status()).isEqualTo(200);
        assertThat(reply("GET", "If-Unmodified-Since: " + BEFORE).status()).isEqualTo(412);
        assertThat(reply("GET", "If-Unmodified-Since: " + MODIFIED).status()).isEqualTo(200);
    }

    @Test
    void range_ofAnotherVersion_isTheWhole() throws Exception {
        String tag = reply("GET").header("ETag");

        assertThat(reply("GET", "Range: bytes=0-1", "If-Range: " + tag).text()).isEqualTo("01");
        assertThat(reply("GET", "Range: bytes=0-1", "If-Range: " + MODIFIED).text())
                .isEqualTo("01");
        assertThat(reply("GET", "Range: bytes=0-1", "If-Range: \"x\"").text()).hasSize(10);
    }

    @Test
    void file_missingOrNone_isA404() throws Exception {
        App app = r -> Response.file(directory.resolve(r.path().substring(1)));
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            assertThat(client.get("/nothing").status()).isEqualTo(404);
            assertThat(client.get("/").status()).isEqualTo(404);
            assertThat(client.get("/file").text()).isEqualTo("0123456789");
        }
    }

    /** A listener whose sockets are green, and one whose sockets are the JDK's. */
    private static ServerSocket listener(boolean green) throws IOException {
        return green
                ? Evy.listen("127.0.0.1", 0)
                : new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private byte[] makeLarge() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Files.write(file, bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void large_wholeAndParts_areSent(boolean green) throws Exception {
        byte[] bytes = makeLarge();
        try (var server =
                        WebServer.start(listener(green), r -> Response.file(file), Servers.QUIET);
                var client = RawClient.to(server)) {
            assertThat(client.get("/").body()).isEqualTo(bytes);
            assertThat(client.ask(Servers.request("HEAD", "/")).header("Content-Length"))
                    .isEqualTo("300000");
            Reply part = client.ask(Servers.get("/", "Range: bytes=70000-269999"));
            assertThat(part.header("Content-Range")).isEqualTo("bytes 70000-269999/300000");
            assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, 70_000, 270_000));
            assertThat(client.ask(Servers.get("/", "Range: bytes=299999-")).body())
                    .containsExactly(bytes[299_999]);
            client.send(Servers.get("/") + Servers.get("/", "Range: bytes=-65537"));
            assertThat(client.reply().body()).isEqualTo(bytes);
            assertThat(client.reply().body()).hasSize(65_537).endsWith(bytes[299_999]);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void large_shorterThanAnnounced_endsTheConnection(boolean green) throws Exception {
        makeLarge();
        App app =
                r -> {
                    Response answer = FileAnswer.of(file, Response.of(200), r);
                    Files.write(file, new byte[100_000]);
                    return answer;
                };
        try (var server = WebServer.start(listener(green), app, Servers.QUIET);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            while (!client.line().isEmpty()) {
                continue;
            }

            assertThat(client.rest()).hasSize(100_000);
        }
    }

    @Test
    void small_shorterThanAnnounced_isA500() throws Exception {
        App app =
                r -> {
                    Response answer = FileAnswer.of(file, Response.of(200), r);
                    return answer.withOnlyHeader("Content-Length", "11");
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            assertThat(client.get("/").status()).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void large_goneBeforeItIsSent_isNeverAWholeAnswer(boolean green) throws Exception {
        makeLarge();
        App app =
                r -> {
                    Response answer = FileAnswer.of(file, Response.of(200), r);
                    Files.delete(file);
                    return answer;
                };
        try (var server = WebServer.start(listener(green), app, Servers.QUIET);
                var client = RawClient.to(server)) {
            String statusLine = client.send(Servers.get("/")).line();

            assertThat(statusLine).isEqualTo(green ? "HTTP/1.1 200 OK" : SERVER_ERROR);
            if (green) {
                assertThat(client.rest()).endsWith("\r\n\r\n");
            }
        }
    }

    @Test
    void large_clientLeaves_serverGoesOn() throws Exception {
        Files.write(file, new byte[20_000_000]);
        try (var server = Servers.start(r -> Response.file(file))) {
            for (int i = 0; i < 3; i++) {
                try (var rude = RawClient.to(server)) {
                    rude.send(Servers.get("/")).line();
                }
            }
            try (var client = RawClient.to(server)) {
                assertThat(client.get("/").body()).hasSize(20_000_000);
            }
        }
    }

    @Test
    void large_clientReadsNothing_isBoundedInTime() throws Exception {
        Files.write(file, new byte[20_000_000]);
        CountDownLatch over = new CountDownLatch(1);
        App app =
                r -> {
                    r.onFinished(_ -> over.countDown());
                    return Response.file(file);
                };
        WebOptions options = Servers.QUIET.withSocketTimeout(Duration.ofMillis(100));
        try (var server = Servers.start(app, options);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));

            assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
