package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

@ExtendWith(LeakCheckExtension.class)
class StaticFilesTest {
    @TempDir private Path temp;
    private Path root;
    private App app;

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectory(temp.resolve("www"));
        Files.writeString(root.resolve("index.html"), "<p>hi");
        Files.writeString(root.resolve("data.bin-unknown"), "x");
        Files.writeString(root.resolve(".secret"), "hidden");
        Files.writeString(root.resolve("a b.txt"), "blank");
        Files.createDirectories(root.resolve("sub/.git"));
        Files.writeString(root.resolve("sub/.git/config"), "hidden");
        Files.createDirectory(root.resolve("empty"));
        Files.writeString(root.resolve("sub/index.html"), "<p>sub");
        Files.writeString(temp.resolve("outside.txt"), "outside");
        Files.createSymbolicLink(root.resolve("link.txt"), temp.resolve("outside.txt"));
        Files.createSymbolicLink(root.resolve("inner.txt"), root.resolve("a b.txt"));
        app = StaticFiles.at("/s/", root);
    }

    @Test
    void handle_files_withTheirTypes() throws Exception {
        Asking.Answer index = Asking.get(app, "/s/");
        Asking.Answer text = Asking.get(app, "/s/a%20b.txt");
        Asking.Answer unknown = Asking.get(app, "/s/data.bin-unknown");

        assertThat(index.text()).isEqualTo("<p>hi");
        assertThat(index.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(index.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(text.text()).isEqualTo("blank");
        assertThat(unknown.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(Asking.get(app, "/s/sub/").text()).isEqualTo("<p>sub");
        assertThat(Asking.get(app, "/s/inner.txt").text()).isEqualTo("blank");
    }

    @Test
    void handle_conditionsAndRanges_asOfAnyFile() throws Exception {
        String etag = Asking.get(app, "/s/index.html").header("ETag");

        assertThat(Asking.get(app, "/s/index.html", "If-None-Match: " + etag).status())
                .isEqualTo(304);
        assertThat(Asking.get(app, "/s/index.html", "Range: bytes=1-2").text()).isEqualTo("p>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/s/.secret",
                "/s/sub/.git/config",
                "/s/../outside.txt",
                "/s/%2e%2e/outside.txt",
                "/s/sub/..%2f..%2f..%2foutside.txt",
                "/s/..%5coutside.txt",
                "/s/link.txt",
                "/s//index.html",
                "/s/%2fetc/passwd",
                "/s/nothing",
                "/s/index.html/",
                "/s/index.html/x",
                "/s/a%00b",
                "/s/empty/",
                "/other",
            })
    void handle_whatIsNotServed_404(String target) throws Exception {
        Asking.Answer answer = Asking.get(app, target);

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.text()).doesNotContain("hidden").doesNotContain("outside");
    }

    @Test
    void handle_folderWithoutSlash_redirectsWithinTheHost() throws Exception {
        Asking.Answer answer = Asking.get(app, "/s/sub?x=y");

        assertThat(answer.status()).isEqualTo(308);
        assertThat(answer.header("Location")).isEqualTo("./sub/?x=y");
    }

    @Test
    void handle_otherMethod_405() throws Exception {
        assertThat(Asking.ask(app, "DELETE /s/index.html HTTP/1.1").status()).isEqualTo(405);
    }

    @Test
    void withMaxAge_time_isSaid() throws Exception {
        App cached = StaticFiles.at("/", root).withMaxAge(Duration.ofHours(1));

        assertThat(Asking.get(cached, "/").header("Cache-Control")).isEqualTo("max-age=3600");
    }

    @Test
    void at_noFolder_throws() {
        assertThatThrownBy(() -> StaticFiles.at("/s/", root.resolve("nothing")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> StaticFiles.at("/s/", root.resolve("index.html")))
                .hasMessageContaining("not a folder");
        assertThatThrownBy(() -> StaticFiles.at("/s", root)).hasMessageContaining("'/'");
    }
}
