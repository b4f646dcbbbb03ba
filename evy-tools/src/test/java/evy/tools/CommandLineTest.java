package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class CommandLineTest {
    @Test
    void parse_program_takesWhatFollowsAsItsArguments() throws Exception {
        assertThat(CommandLine.parse("A.java", "-cp", "x", "--patch=y"))
                .isEqualTo(
                        new CommandLine(
                                false, "", null, "A.java", List.of("-cp", "x", "--patch=y")));
        assertThat(CommandLine.parse("-cp", "lib", "a.B", "run"))
                .isEqualTo(new CommandLine(false, "", "lib", "a.B", List.of("run")));
    }

    @Test
    void parse_run_takesGroupsAndPathInAnyOrder() throws Exception {
        var expected = new CommandLine(true, "os,time", "lib", "a.jar", List.of());

        assertThat(CommandLine.parse("run", "--patch=os,time", "-cp", "lib", "a.jar"))
                .isEqualTo(expected);
        assertThat(CommandLine.parse("run", "--class-path", "lib", "--patch=os,time", "a.jar"))
                .isEqualTo(expected);
    }

    @Test
    void parse_nothing_namesNothing() throws Exception {
        assertThat(CommandLine.parse().what()).isNull();
        assertThat(CommandLine.parse("run").what()).isNull();
    }

    @Test
    void parse_optionThatMakesNoSense_saysWhatIsMissing() {
        assertThatThrownBy(() -> CommandLine.parse("-cp"))
                .isInstanceOf(UsageException.class)
                .hasMessage("-cp needs a path");
        assertThatThrownBy(() -> CommandLine.parse("--patch=os", "a.jar"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--patch=os needs run before it; see evy --help");
        assertThatThrownBy(() -> CommandLine.parse("run", "--patch", "os", "a.jar"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--patch needs a value: --patch=...");
    }
}
