package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class MultipartTest {
    private static final String TYPE = "multipart/form-data; boundary=\"xyz\"";
    private static final String TWO_PARTS =
            "ignored preamble\r\n"
                + "--xyz \r\n"
                + "Content-Disposition: form-data; name=\"text\"\r\n\r\n"
                + "line\r\n"
                + "--xy\r\r\n"
                + "--xyy\r\n"
                + "\r\n"
                + "--xyz\r\n"
                + "content-disposition: form-data; name=\"up\"; filename=\"a \\\"b\\\".txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n"
                + "\r\n"
                + "--xyz--\r\n"
                + "ignored epilogue";

    @Test
    void next_everySplitOfTheInput_sameParts() throws IOException {
        byte[] bytes = TWO_PARTS.getBytes(StandardCharsets.UTF_8);

        for (int split = 1; split < bytes.length; split++) {
            assertThat(readAll(new Trickle(bytes, split)))
                    .as("split at %d", split)
                    .containsExactly(
                            "text null null line\r\n--xy\r\r\n--xyy\r\n",
                            "up a \"b\".txt text/plain ");
        }
    }

    @Test
    void next_partNotRead_passesOverIt() throws IOException {
        Multipart parts = Multipart.of(stream(TWO_PARTS), TYPE);

        Multipart.Part first = parts.next();
        Multipart.Part second = parts.next();

        assertThat(second.name()).isEqualTo("up");
        assertThat(first.body().read()).isEqualTo(-1);
        assertThat(parts.next()).isNull();
        assertThat(parts.next()).isNull();
    }

    @Test
    void body_largeBinary_comesThroughWhole() throws IOException {
        byte[] content = new byte[200_000];
        new Random(7).nextBytes(content);
        for (int i = 0; i < content.length; i += 50) {
            content[i] = '\r';
        }
        byte[] head = "--xyz\r\nContent-Disposition: form-data; name=f\r\n\r\n".getBytes();
        byte[] all = concat(head, content, "\r\n--xyz--".getBytes());

        Multipart.Part part = Multipart.of(new Trickle(all, 4097), TYPE).next();

        assertThat(part.body().readAllBytes()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--xyz",
                "--xyz\r\n",
                "--xyz\r\n\r\n\r\n--xyz--",
                "--xyz\r\nContent-Disposition: form-data\r\n\r\n\r\n--xyz--",
                "--xyz\r\nno colon\r\n\r\n\r\n--xyz--",
                "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nunfinished",
                "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--xyzjunk\r\n",
                "--xyz\nContent-Disposition: form-data; name=a\n\n\n--xyz--\n"
            })
    void next_malformed_throws(String text) {
        assertThatThrownBy(() -> readAll(stream(text))).isInstanceOf(FormException.class);
    }

    @Test
    void next_hugeHeaders_throws() {
        String text = "--xyz\r\nX: " + "y".repeat(9000) + "\r\n\r\n\r\n--xyz--";

        assertThatThrownBy(() -> readAll(stream(text))).hasMessageContaining("8192");
    }

    @Test
    void next_tooManyParts_throws() {
        String part = "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";

        assertThatThrownBy(() -> readAll(stream(part.repeat(1001) + "--xyz--")))
                .hasMessageContaining("1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"a\r\nb\""
            })
    void of_noBoundary_throws(String type) {
        assertThatThrownBy(() -> Multipart.of(stream(""), type))
                .isInstanceOf(FormException.class)
                .hasMessageContaining(type);
    }

    private static List<String> readAll(InputStream in) throws IOException {
        Multipart parts = Multipart.of(in, TYPE);
        List<String> all = new ArrayList<>();
        for (Multipart.Part part = parts.next(); part != null; part = parts.next()) {
            String body = new String(part.body().readAllBytes(), StandardCharsets.UTF_8);
            all.add(part.name() + " " + part.fileName() + " " + part.contentType() + " " + body);
        }
        return all;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] concat(byte[]... parts) {
        var all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Gives its bytes in pieces of a size. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream bytes;
        private final int piece;

        Trickle(byte[] bytes, int piece) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.piece = piece;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] b, int off, int len) {
            return bytes.read(b, off, Math.min(len, piece));
        }
    }
}
