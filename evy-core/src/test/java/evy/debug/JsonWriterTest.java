package evy.debug;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

class JsonWriterTest {
    private final StringBuilder text = new StringBuilder();
    private final JsonWriter out = new JsonWriter(text);

    @Test
    void values_nested_commasBetweenThem() throws IOException {
        out.open('{')
                .member("a", 1)
                .member("b", true)
                .member("c", null)
                .strings("d", List.of("x", "y"))
                .name("e")
                .open('[')
                .open('{')
                .close('}')
                .open('{')
                .member("f", Duration.ofNanos(1_500_000))
                .close('}')
                .close(']')
                .member("g", "h")
                .close('}');

        assertThat(text)
                .hasToString(
                        "{\"a\":1,\"b\":true,\"c\":null,\"d\":[\"x\",\"y\"],"
                                + "\"e\":[{},{\"f\":1.5}],\"g\":\"h\"}");
    }

    @Test
    void string_withWhatJsonReserves_isEscaped() throws IOException {
        out.value("\"\\\n\t\r\u0001\ud800é");

        assertThat(text).hasToString("\"\\\"\\\\\\n\\t\\r\\u0001\\ud800é\"");
    }
}
