package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class PathTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "/, /, true",
        "/, /a, false",
        "/a, /a, true",
        "/a, /a/, false",
        "/a/, /a/, true",
        "/a, /b, false",
        "/a, /a/b, false",
        "/a/{x}, /a/b, true",
        "/a/{x}, /a/, false",
        "/a/{x}, /a, false",
        "/a/{x}/c, /a/b/c, true",
        "/a/{x}/c, /a/b/d, false",
        "/a/{x...}, /a/, true",
        "/a/{x...}, /a, true",
        "/a/{x...}, /a/b/c, true",
        "/{x...}, /, true",
    })
    void match_path_asExpected(String template, String path, boolean matches) {
        assertThat(PathTemplate.of(template).match(segments(path)) != null).isEqualTo(matches);
    }

    @Test
    void match_places_givesTheirValuesInOrder() {
        PathTemplate template = PathTemplate.of("/users/{id}/files/{path...}");

        Map<String, String> values = template.match(segments("/users/7/files/a/b"));

        assertThat(values).containsExactly(Map.entry("id", "7"), Map.entry("path", "a/b"));
    }

    @Test
    void match_decodedSlashInASegment_isNoSeparator() {
        assertThat(PathTemplate.of("/{name}").match(List.of("a/b"))).containsEntry("name", "a/b");
    }

    @Test
    void compareTo_severalThatMatch_theMoreParticularComesFirst() {
        List<String> sorted =
                Stream.of("/{x...}", "/a/{x...}", "/a/{x}", "/{x}/b", "/a/b", "/a/{x}/c")
                        .map(PathTemplate::of)
                        .sorted()
                        .map(PathTemplate::toString)
                        .toList();

        assertThat(sorted)
                .containsExactly("/a/b", "/a/{x}/c", "/a/{x}", "/a/{x...}", "/{x}/b", "/{x...}");
    }

    @Test
    void matchesTheSame_otherNames_true() {
        assertThat(PathTemplate.of("/a/{x}").matchesTheSame(PathTemplate.of("/a/{y}"))).isTrue();
        assertThat(PathTemplate.of("/a/{x}").matchesTheSame(PathTemplate.of("/a/x"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "/{}",
                "/{a b}",
                "/x{a}",
                "/{a}x",
                "/{a}/{a}",
                "/{a...}/b",
                "/}",
                "/{a"
            })
    void of_malformed_saysWhich(String template) {
        assertThatThrownBy(() -> PathTemplate.of(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + template + "'");
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }
}
