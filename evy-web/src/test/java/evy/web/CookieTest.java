package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;

class CookieTest {
    @Test
    void toString_allAttributes_asBrowsersReadThem() {
        Cookie cookie =
                Cookie.of("id", "a1")
                        .withPath("/app")
                        .withDomain("example.org")
                        .withMaxAge(Duration.ofHours(1))
                        .withSecure()
                        .withHttpOnly()
                        .withSameSite(Cookie.SameSite.LAX);

        assertThat(cookie)
                .hasToString(
                        "id=a1; Path=/app; Domain=example.org; Max-Age=3600; Secure; HttpOnly;"
                                + " SameSite=Lax");
    }

    @Test
    void expired_forgetsItForOldClientsToo() {
        assertThat(Cookie.expired("id"))
                .hasToString("id=; Max-Age=0; Expires=Thu, 1 Jan 1970 00:00:00 GMT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;b", "a,b", "a\"b", "a\\b", "a\r\nSet-Cookie: x=y", "é", "\0"})
    void of_valueThatCannotBe_saysWhere(String value) {
        assertThatThrownBy(() -> Cookie.of("id", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'id'")
                .hasMessageContaining("U+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a;b", "a\n", "ä"})
    void of_nameThatIsNoToken_throws(String name) {
        assertThatThrownBy(() -> Cookie.of(name, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withPath_attributeSmuggled_throws() {
        Cookie cookie = Cookie.of("id", "x");

        assertThatThrownBy(() -> cookie.withPath("/; Domain=evil.example"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cookie.withMaxAge(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'id': maxAge must be >= 0: PT-1S");
        assertThatThrownBy(() -> cookie.withDomain("a\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withSameSite_noneWithoutSecure_throws() {
        Cookie cookie = Cookie.of("id", "x");

        assertThatThrownBy(() -> cookie.withSameSite(Cookie.SameSite.NONE))
                .hasMessageContaining("secure");
        assertThat(cookie.withSecure().withSameSite(Cookie.SameSite.NONE).toString())
                .endsWith("SameSite=None");
    }

    @Test
    void parse_header_givesValuesInOrder() {
        Map<String, String> cookies = Cookie.parse("a=1; b=\"two\"; c=; a=3;d; =e; f g=h ;i=j=k");

        assertThat(cookies)
                .containsExactly(
                        Map.entry("a", "1"),
                        Map.entry("b", "two"),
                        Map.entry("c", ""),
                        Map.entry("i", "j=k"));
    }

    @Test
    void parse_none_empty() {
        assertThat(Cookie.parse(null)).isEmpty();
        assertThat(Cookie.parse(" ")).isEmpty();
    }
}
