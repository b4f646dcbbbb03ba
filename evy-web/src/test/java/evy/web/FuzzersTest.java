package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.util.Random;

/** The fuzzing targets with seeded inputs. */
class FuzzersTest {
    private static final String PARTS =
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\nd\r\n--b--\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=b; c=\"d\"; $x=1",
                "text/html; charset=\"utf-8\"; q=0.5",
                "bytes=0-1",
                "bytes=-999999999999999999",
                "bytes=900-",
            })
    void fields_damaged_throwNothing(String value) {
        for (int seed = 0; seed < 1000; seed++) {
            FieldsFuzzer.fuzzerTestOneInput(Damage.of(Servers.bytes(value), new Random(seed)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=b&c=%20d&e=+", PARTS})
    void forms_damaged_areReadOrRefused(String body) {
        for (int seed = 0; seed < 1000; seed++) {
            FormsFuzzer.fuzzerTestOneInput(Damage.of(Servers.bytes(body), new Random(seed)));
        }
    }

    @Test
    void parts_wellFormed_areRead() throws Exception {
        Form form =
                Form.read(
                        new ByteArrayInputStream(Servers.bytes(PARTS)),
                        FormsFuzzer.MULTIPART,
                        1000);

        assertThat(form.get("c")).isEqualTo("d");
    }
}
