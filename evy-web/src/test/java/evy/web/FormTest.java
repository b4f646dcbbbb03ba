package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class FormTest {
    private static final String URL_ENCODED = "application/x-www-form-urlencoded";

    @Test
    void parse_fields_decoded() throws IOException {
        Form form = Form.parse("a=1&b=two+words&b=%C3%A9%2B&&c&=d&e=f=g");

        assertThat(form.fields())
                .containsExactly(
                        Map.entry("a", List.of("1")),
                        Map.entry("b", List.of("two words", "é+")),
                        Map.entry("c", List.of("")),
                        Map.entry("", List.of("d")),
                        Map.entry("e", List.of("f=g")));
        assertThat(form.get("b")).isEqualTo("two words");
        assertThat(form.get("x")).isNull();
        assertThat(form.all("x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%g0=1", "a=%ff", "a=%C3"})
    void parse_brokenEscape_throws(String text) {
        assertThatThrownBy(() -> Form.parse(text)).isInstanceOf(FormException.class);
    }

    @Test
    void parse_tooManyFields_throws() {
        String text = "a&".repeat(10_001);

        assertThatThrownBy(() -> Form.parse(text)).hasMessageContaining("10000");
    }

    @Test
    void read_urlEncoded_upToItsLimit() throws IOException {
        assertThat(Form.read(body("a=12"), URL_ENCODED + "; charset=utf-8", 4).get("a"))
                .isEqualTo("12");
        assertThatThrownBy(() -> Form.read(body("a=123"), URL_ENCODED, 4))
                .isInstanceOf(FormException.class)
                .hasMessageContaining("4");
    }

    @Test
    void read_multipart_fieldsOfIt() throws IOException {
        String text =
                "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n--b--";

        Form form = Form.read(body(text), "Multipart/Form-Data; boundary=b", 10);

        assertThat(form.all("x")).containsExactly("1", "");
        assertThat(form).hasToString("form with [x]"); // values are nobody's business
        String twice =
                text.replace(
                        "b--",
                        "b\r\nContent-Disposition: form-data; name="
                                + "y".repeat(20)
                                + "\r\n\r\n1\r\n--b--");
        assertThatThrownBy(() -> Form.read(body(twice), "multipart/form-data; boundary=b", 10))
                .isInstanceOf(FormException.class)
                .hasMessageContaining("10");
        assertThatThrownBy(() -> Form.read(body(text), "multipart/form-data; boundary=b", 0))
                .isInstanceOf(FormException.class);
    }

    @Test
    void read_noForm_throws() {
        assertThatThrownBy(() -> Form.read(body("{}"), "application/json", 10))
                .hasMessageContaining("application/json");
        assertThatThrownBy(() -> Form.read(body("a=b"), null, 10))
                .isInstanceOf(FormException.class);
    }

    private static ByteArrayInputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
