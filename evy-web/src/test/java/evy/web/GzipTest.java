package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

@ExtendWith(LeakCheckExtension.class)
class GzipTest {
    private static final String TEXT = "all work and no play ".repeat(500);
    private static final App APP = Gzip.around(_ -> Response.text(TEXT));

    @TempDir private Path temp;

    private static String unzipped(Asking.Answer answer) throws IOException {
        assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(answer.body().length).isLessThan(1000);
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes(),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br, GZIP;q=0.5", "*", "x-gzip", "identity, *;q=0.1"})
    void handle_clientAccepts_compressed(String accepted) throws Exception {
        Asking.Answer answer = Asking.get(APP, "/", "Accept-Encoding: " + accepted);

        assertThat(unzipped(answer)).isEqualTo(TEXT);
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "gzip;q=x"})
    void handle_clientDoesNotAccept_plain(String accepted) throws Exception {
        Asking.Answer answer = Asking.get(APP, "/", "Accept-Encoding: " + accepted);

        assertThat(answer.text()).isEqualTo(TEXT);
        assertThat(answer.header("Content-Encoding")).isNull();
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    }

    @ParameterizedTest
    @CsvSource({
        "image/png, , 200",
        "text/event-stream, , 200",
        "text/plain, Content-Encoding: br, 200",
        "text/plain, Cache-Control: no-transform, 200",
        "text/plain, , 206",
    })
    void handle_notWorthIt_plain(String type, String header, int status) throws Exception {
        Response plain = Response.text(TEXT).withType(type).withStatus(status);
        Response response =
                header == null
                        ? plain
                        : plain.withHeader(header.split(": ")[0], header.split(": ")[1]);

        Asking.Answer answer = Asking.get(Gzip.around(_ -> response), "/", "Accept-Encoding: gzip");

        assertThat(answer.text()).isEqualTo(TEXT);
    }

    @Test
    void handle_noTypeOrNothingAccepted_plain() throws Exception {
        App untyped =
                Gzip.around(
                        _ -> Response.of(200).withBody(new Body.Bytes(TEXT.getBytes(US_ASCII))));

        assertThat(Asking.get(untyped, "/", "Accept-Encoding: gzip").text()).isEqualTo(TEXT);
        assertThat(Asking.get(APP, "/").text()).isEqualTo(TEXT);
    }

    @Test
    void handle_bodyShorterThanItSays_isAFailure() throws Exception {
        App app =
                Gzip.around(
                        _ -> {
                            InputStream in = new ByteArrayInputStream(TEXT.getBytes(US_ASCII));
                            return Response.stream(in, TEXT.length() + 1).withType("text/plain");
                        });

        Asking.Answer answer = Asking.get(app, "/", "Accept-Encoding: gzip");

        assertThat(answer.status()).as("nothing was sent yet").isEqualTo(500);
        assertThat(answer.header("Content-Encoding")).isNull();
    }

    @Test
    void handle_shortText_plain() throws Exception {
        App app = Gzip.around(_ -> Response.text("short"));

        assertThat(Asking.get(app, "/", "Accept-Encoding: gzip").text()).isEqualTo("short");
    }

    @Test
    void handle_file_weakTagAndSameHeadersForHead() throws Exception {
        Path file = Files.writeString(temp.resolve("x.txt"), TEXT);
        App app = Gzip.around(_ -> Response.file(file).withType("text/plain"));

        Asking.Answer get = Asking.get(app, "/", "Accept-Encoding: gzip");
        Asking.Answer head = Asking.ask(app, "HEAD / HTTP/1.1\r\nAccept-Encoding: gzip");
        String etag = get.header("ETag");
        Asking.Answer again =
                Asking.get(app, "/", "Accept-Encoding: gzip", "If-None-Match: " + etag);

        assertThat(unzipped(get)).isEqualTo(TEXT);
        assertThat(etag).startsWith("W/\"");
        assertThat(head.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(head.header("ETag")).isEqualTo(etag);
        assertThat(head.header("Content-Length")).isNull();
        assertThat(head.body()).isEmpty();
        assertThat(again.status()).isEqualTo(304);
    }

    @Test
    void handle_bodyWrittenInPieces_flushIsSeen() throws Exception {
        App app =
                Gzip.around(
                        _ ->
                                Response.streaming(
                                                out -> {
                                                    out.write("one ".repeat(500).getBytes());
                                                    out.flush();
                                                    out.write("two".getBytes());
                                                })
                                        .withType("text/plain"));

        Asking.Answer answer = Asking.get(app, "/", "Accept-Encoding: gzip");

        assertThat(unzipped(answer)).isEqualTo("one ".repeat(500) + "two");
    }
}
