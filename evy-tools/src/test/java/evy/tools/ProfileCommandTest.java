package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.Spec;
import evy.tools.profiler.Profiler;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The arguments of {@code evy profile}. */
class ProfileCommandTest {
    @Test
    @Spec("PROF2")
    void parse_optionsAndProgram_tellsThemApart() throws Exception {
        var command =
                Objects.requireNonNull(
                        ProfileCommand.parse(
                                "-b",
                                "-p",
                                "-s",
                                "a",
                                "--html=b",
                                "--period=2.5",
                                "--duration=10",
                                "--collapsed=c",
                                "-t",
                                "d",
                                "--threads",
                                "-cp",
                                "lib",
                                "--patch",
                                "X.java",
                                "--html=its"));

        assertThat(command.program()).isEqualTo("X.java");
        assertThat(command.agent()).isNotNull();
        assertThat(command.classPath()).isEqualTo("lib");
    }

    @Test
    void parse_help_isAskedFor() throws Exception {
        assertThat(ProfileCommand.parse("-b", "--help")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\", nothing to run",
                "--nonsense, unknown option '--nonsense'",
                "-s, -s needs a file",
                "--html, a file is missing",
                "--period=x, 'x' is no number",
                "--period=5000, period must be in 1 ms to 1 s",
                "--duration=0, '0' must be > 0"
            })
    void parse_wrongUse_saysSo(String option, String message) {
        var args = option.isEmpty() ? new String[0] : new String[] {option};

        assertThatThrownBy(() -> ProfileCommand.parse(args))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void run_programThatEndsItsProfile_saysNothing(@TempDir Path folder) throws Throwable {
        var file = folder.resolve("summary");
        var command =
                Objects.requireNonNull(ProfileCommand.parse("--summary=" + file, "X.java", "a"));

        var said =
                saidBy(
                        () ->
                                command.run(
                                        arguments -> {
                                            assertThat(arguments).containsExactly("a");
                                            Profiler.detach();
                                        }));

        assertThat(said).isEmpty();
        assertThat(file).isNotEmptyFile();
    }

    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void run_outputThatIsLostMeanwhile_saysWhichAndLetsTheProgramEnd(@TempDir Path folder)
            throws Throwable {
        var lost = Files.createDirectory(folder.resolve("lost"));
        var file = lost.resolve("summary");
        var command = Objects.requireNonNull(ProfileCommand.parse("-s", file.toString(), "X.java"));

        var said =
                saidBy(
                        () ->
                                command.run(
                                        _ -> {
                                            Files.delete(file);
                                            Files.delete(lost);
                                        }));

        assertThat(said).startsWith("evy: no profile could be written to " + file);
        assertThat(Profiler.isAttached()).isFalse();
    }

    private static String saidBy(ThrowingCallable action) throws Throwable {
        var before = System.err;
        var said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            action.call();
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
