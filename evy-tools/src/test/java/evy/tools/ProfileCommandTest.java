package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                                "--patch",
                                "X.java",
                                "--html=its"));

        assertThat(command.program()).isEqualTo("X.java");
        assertThat(command.agent()).isNotNull();
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
}
