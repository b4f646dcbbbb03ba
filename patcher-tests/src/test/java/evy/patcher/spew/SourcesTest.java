package evy.patcher.spew;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Where the text of a line is found. */
@ExtendWith(LeakCheckExtension.class)
class SourcesTest {
    private static final String TEXT = "class A {\n    int b; // ü\r\n}\n";

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "target/classes, src/main/java/com/acme/A.java",
        "target/test-classes, src/test/java/com/acme/A.java",
        "build/classes/java/main, src/main/java/com/acme/A.java",
        "out, out/com/acme/A.java",
        "com/acme/A.java, com/acme/A.java",
        "com/acme/Main.java, com/acme/A.java",
    })
    @Spec("DBG1")
    void line_usualFolders_isFound(String location, String source) throws IOException {
        Path from = folder.resolve(location);
        if (!location.endsWith(".java")) {
            Files.createDirectories(from);
        }
        write(source);

        assertThat(new Sources(List.of()).line(type(from), 2)).isEqualTo("int b; // ü");
    }

    @ParameterizedTest
    @CsvSource({"lib-1.jar, lib-1-sources.jar", "lib.jar, lib-src.jar", "lib.jar, lib.jar"})
    @Spec("DBG1")
    void line_jarBesideIt_isFound(String jar, String sources) throws IOException {
        zip(sources);

        assertThat(new Sources(List.of()).line(type(folder.resolve(jar)), 1))
                .isEqualTo("class A {");
    }

    @Test
    @Spec("DBG1")
    void line_namedPlaces_comeFirst() throws IOException {
        zip("named.zip");

        Sources sources =
                new Sources(List.of(folder.resolve("nowhere"), folder.resolve("named.zip")));

        assertThat(sources.line(type(null), 3)).isEqualTo("}");
    }

    @Test
    @Spec("DBG1")
    void line_notThere_isUnknown() throws IOException {
        write("src/com/acme/A.java");
        Files.writeString(folder.resolve("broken.jar"), "no jar");
        Sources sources = new Sources(List.of(folder.resolve("broken.jar"), folder.resolve("src")));

        assertThat(sources.line(type(null), 4)).isNull();
        assertThat(sources.line(type(null), 0)).isNull();
        assertThat(sources.line(new TracedClass("com.acme.A", null, null), 1)).isNull();
        assertThat(sources.line(new TracedClass("com.acme.B", "B.java", null), 1)).isNull();
        assertThat(sources.line(new TracedClass("A", "../com/acme/A.java", null), 1)).isNull();
    }

    @Test
    void line_classFromElsewhere_isUnknown() {
        Sources sources = new Sources(List.of());
        for (String place : List.of("http://localhost/lib.jar", "nosuch:/lib.jar", "lib.jar")) {
            TracedClass type = new TracedClass("com.acme.A", "A.java", URI.create(place));

            assertThat(sources.line(type, 1)).as(place).isNull();
        }
    }

    private static TracedClass type(@Nullable Path location) {
        return new TracedClass(
                "com.acme.A$Inner", "A.java", location == null ? null : location.toUri());
    }

    private void write(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, TEXT);
    }

    private void zip(String name) throws IOException {
        try (OutputStream file = Files.newOutputStream(folder.resolve(name));
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("com/acme/A.java"));
            zip.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }
    }
}
