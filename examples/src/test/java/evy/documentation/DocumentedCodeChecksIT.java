package evy.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** That {@link DocumentedCodeIT} would find what is wrong, and says where. */
class DocumentedCodeChecksIT {
    private static SnippetSource only(String markdown) {
        var document = Document.of("x.md", markdown.lines().toList());
        var snippets = Snippet.in(document);
        assertThat(snippets).hasSize(1);
        return new SnippetSource(snippets.getFirst());
    }

    private static void check(String markdown) throws Exception {
        var source = only(markdown);
        var compiled = SnippetCompiler.compile(List.of(source));
        DocumentedCodeIT.check(source, compiled.get(source));
    }

    @Test
    void check_goodOnes_pass() throws Exception {
        check(
                """
                ```java
                IO.println(6 * 7); // 42
                ```
                """);
        check(
                """
                <!-- code: replace PORT => ${port} -->
                <!-- code: meanwhile
                assertThat(exchange(PORT, "hello")).isEqualTo("hello");
                -->
                ```java
                import evy.*;

                void main() throws Exception {
                    try (var server = Evy.listen(PORT)) {
                        Evy.serve(server, s -> s.getInputStream().transferTo(s.getOutputStream()));
                    }
                }
                ```
                """);
    }

    @Test
    void check_misspelt_namesLineAndReason() {
        assertThatThrownBy(
                        () ->
                                check(
                                        """
                                        Text.

                                        <!-- code: before
                                        int n = 1;
                                        -->
                                        ```java
                                        n++;
                                        Evy.spwan(() -> n);
                                        ```
                                        """))
                .hasMessageContaining("x.md:8: cannot find symbol")
                .hasMessageContaining("spwan");
    }

    @Test
    void check_hiddenPartWrong_namesItsLine() {
        assertThatThrownBy(
                        () ->
                                check(
                                        """
                                        ```java
                                        int n = 1;
                                        ```
                                        <!-- code: after
                                        assertThat(n).isPositive();
                                        assertThat(n).isEqualTo(2);
                                        -->
                                        """))
                .hasMessageContaining("x.md:6: ")
                .hasMessageContaining("1");
    }

    @Test
    void check_printsSomethingElse_fails() {
        assertThatThrownBy(() -> check("```java\nIO.println(6 * 7); // 41\n```"))
                .hasMessageContaining("41")
                .hasMessageContaining("42");
        assertThatThrownBy(
                        () ->
                                check(
                                        """
                                        ```java
                                        IO.println("one");
                                        ```
                                        <!-- code: output -->
                                        ```text
                                        two
                                        ```
                                        """))
                .hasMessageContaining("one")
                .hasMessageContaining("two");
    }

    @Test
    void check_programWithoutItsImports_fails() {
        assertThatThrownBy(() -> check("```java\nvoid main() {\n    Evy.yield();\n}\n```"))
                .hasMessageContaining("x.md:3: cannot find symbol");
    }

    @Test
    void check_membersNobodyCalls_fails() {
        assertThatThrownBy(() -> check("```java\nint twice(int n) {\n    return 2 * n;\n}\n```"))
                .hasMessageContaining("nobody calls this");
    }

    @ParameterizedTest
    @CsvSource({
        "befor, there is no such word",
        "after, a ```java fence has to stand right before it",
        "compile only, say why",
        "before, a ```java fence has to stand right after it"
    })
    void in_sectionOutOfPlace_saysSo(String keyword, String message) {
        var lines = List.of("<!-- code: " + keyword, "-->", "", "Text.");

        assertThatThrownBy(() -> Snippet.in(Document.of("x.md", lines)))
                .hasMessageContaining("x.md:1")
                .hasMessageContaining(message);
    }

    @Test
    void replace_nothingToReplace_fails() {
        assertThatThrownBy(() -> only("<!-- code: replace 1 => 2 -->\n```java\nint n = 3;\n```"))
                .hasMessageContaining("nothing to replace for [1]");
    }

    @Test
    void of_fenceWithoutEnd_saysWhere() {
        assertThatThrownBy(() -> Document.of("x.md", List.of("a", "```java", "b")))
                .hasMessageContaining("x.md:2");
    }

    @Test
    void matches_dots_standForAnything() {
        assertThat(PrintedLines.matches(List.of("a...c", "...", "z"), "abc\n1\n2\nz\n")).isTrue();
        assertThat(PrintedLines.matches(List.of("a...c", "...", "z"), "ac\nz")).isTrue();
        assertThat(PrintedLines.matches(List.of("a...c", "z"), "abc\n1\nz\n")).isFalse();
        assertThat(PrintedLines.matches(List.of("a"), "a\nb\n")).isFalse();
    }

    @Test
    void asMarkdown_snippet_isAFenceOnTheSameLine() {
        var source =
                List.of("/**", " * A.", " *", " * {@snippet :", " * run(() -> {});", " * }", " */");

        var document = Document.of("X.java", Javadoc.asMarkdown(source));

        assertThat(document.fences())
                .containsExactly(new Document.Fence(4, "java", List.of("run(() -> {});")));
    }
}
