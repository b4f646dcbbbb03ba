package evy.web.http1;

import static org.assertj.core.api.Assertions.assertThat;

import evy.web.Damage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** The fuzzing target with seeded inputs, which also shows that it sees anything. */
class RequestFuzzerTest {
    private static final byte[] REQUESTS =
            ("GET /a%20b?c HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n"
                            + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                            + "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "3;a=\"b\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void requests_damaged_areUnderstoodAlikeHoweverTheyCome() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            RequestFuzzer.fuzzerTestOneInput(Damage.of(REQUESTS, random));
        }
    }

    @Test
    void bytes_random_areRefused() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            RequestFuzzer.fuzzerTestOneInput(bytes);
        }
    }

    /** Found by Jazzer: too long and without CR, of which the one was seen first, or the other. */
    @ParameterizedTest
    @ValueSource(ints = {194, 195, 196, 197, 400})
    void line_longWithoutCr_isRefusedAlikeHoweverItComes(int length) {
        byte[] line = ("GET /" + "a".repeat(length) + "\n").getBytes(StandardCharsets.ISO_8859_1);

        RequestFuzzer.fuzzerTestOneInput(line);

        assertThat(RequestFuzzer.understood(line, 1)).isEqualTo(length <= 195 ? "400" : "414");
    }

    @Test
    void requests_wellFormed_areUnderstood() {
        assertThat(RequestFuzzer.understood(REQUESTS, 7))
                .contains("GET /a%20b?c HTTP/1.1\nHost=a\nX=y\n[]")
                .contains("Content-Length=3\n[97, 98, 99]")
                .contains("48, 49, 50, 51, 52, 53, 54, 55, 56, 57][T, u]");
    }
}
