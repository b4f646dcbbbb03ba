package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code evy init} writes and refuses; that its project builds and runs, an IT shows. */
class NewProjectTest {
    @TempDir Path parent;

    @Test
    void create_newFolder_writesAProjectWithoutPlaceholders() throws Exception {
        var said = create(folder("my-app"));

        assertThat(parent.resolve("my-app/src/main/java/myapp/Main.java"))
                .content()
                .startsWith("package myapp;");
        assertThat(parent.resolve("my-app/.gitignore")).content().contains("target/");
        try (var files = Files.walk(parent)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file).content().doesNotContain("{{").doesNotContain("@{");
            }
        }
        assertThat(said).contains("cd " + folder("my-app"), "mvn package", "target/my-app.jar");
    }

    @Test
    void create_packageGiven_isUsed() throws Exception {
        create("--package", "com.acme.shop", folder("shop"));

        assertThat(parent.resolve("shop/src/test/java/com/acme/shop/MainTest.java")).exists();
        assertThat(parent.resolve("shop/pom.xml"))
                .content()
                .contains("<Main-Class>com.acme.shop.Main<");
    }

    @Test
    void create_emptyFolder_isTaken() throws Exception {
        Files.createDirectory(parent.resolve("app"));

        create("--package=a.b", folder("app"));

        assertThat(parent.resolve("app/pom.xml")).exists();
    }

    @Test
    void create_folderWithContent_isLeftAlone() throws Exception {
        var file = Files.writeString(parent.resolve("mine"), "mine");

        assertThatThrownBy(() -> create("--package", "a", parent.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessage(parent + " is not empty; nothing was written");
        assertThatThrownBy(() -> create(file.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessage(file + " is there and no folder; nothing was written");
        assertThat(file).hasContent("mine");
        assertThat(parent).isDirectoryNotContaining("glob:**/pom.xml");
    }

    @Test
    void create_belowAFile_saysThatItCannotWrite() throws Exception {
        Files.writeString(parent.resolve("mine"), "mine");

        assertThatThrownBy(() -> create(folder("mine/app")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("cannot write " + parent);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    1app,         cannot name a project
                    my app,       cannot name a project
                    -app,         init does not understand '-app'
                    class,        'class' cannot name a Java package; choose one by --package
                    evy,          package 'evy' belongs to Evy or to Java; choose one by --package
                    --package=a.1, 'a.1' cannot name a Java package
                    --package=java.x, package 'java.x' belongs to Evy or to Java
                    --package=,   '' cannot name a Java package
                    """)
    void of_nameThatCannotBeOne_isRefused(String word, String message) {
        var args = word.startsWith("--") ? new String[] {word, "app"} : new String[] {word};

        assertThatThrownBy(() -> NewProject.of(args))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void of_wrongNumberOfFolders_isRefused() {
        assertThatThrownBy(() -> NewProject.of())
                .hasMessage(
                        "init needs the name of a folder; use evy init [--package NAME] FOLDER");
        assertThatThrownBy(() -> NewProject.of("a", "b"))
                .hasMessageStartingWith("init does not understand 'b'");
        assertThatThrownBy(() -> NewProject.of("/"))
                .hasMessageStartingWith("init needs the name of a folder");
    }

    private String folder(String name) {
        return parent.resolve(name).toString();
    }

    private static String create(String... args) throws UsageException, IOException {
        var out = new ByteArrayOutputStream();
        NewProject.of(args).create(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
