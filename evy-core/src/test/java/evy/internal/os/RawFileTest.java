package evy.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class RawFileTest {
    @TempDir private Path folder;

    @BeforeEach
    void requireLinux() {
        assumeTrue(Platform.unavailable() == null);
    }

    private static RawFile open(Path path) {
        RawFile file = RawFile.open(path.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(file).isNotNull();
        return file;
    }

    @Test
    void load_moreThanOneStepAndPastTheEnd_endsThere() throws IOException {
        Path path = Files.write(folder.resolve("file"), new byte[150_000]);
        try (RawFile file = open(path)) {
            file.load(0, 150_000);
            file.load(140_000, 100_000);

            assertThat(file.isLoaded(200_000, 1)).as("there is nothing to wait for").isTrue();
            assertThat(file.toString()).startsWith("file descriptor ");
        }
    }

    @Test
    void load_whatIsNoFile_saysWhy() {
        try (RawFile file = open(folder)) {
            assertThatThrownBy(() -> file.load(0, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("directory");
            assertThat(file.isLoaded(0, 1)).isFalse();
            assertThat(file.isLoaded(0, 1)).as("it is not asked again").isFalse();
        }
    }

    @Test
    void open_whatIsNotThere_null() {
        assertThat(RawFile.open("/nowhere/at/all".getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void unexpected_errorsAndWrongArguments_areThrownAsTheyAre() {
        Error error = new LinkageError("broken");
        RuntimeException wrong = new IllegalArgumentException("wrong");
        Exception other = new IOException("other");

        assertThatThrownBy(() -> Downcalls.unexpected(error)).isSameAs(error);
        assertThatThrownBy(() -> Downcalls.unexpected(wrong)).isSameAs(wrong);
        assertThat(Downcalls.unexpected(other)).hasCause(other);
    }
}
