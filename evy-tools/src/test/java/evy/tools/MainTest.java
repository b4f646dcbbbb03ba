package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the command makes of its arguments, as far as that does not end the JVM. */
class MainTest {
    @TempDir Path folder;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        var both = new PrintStream(said, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void main_informationAskedFor_isPrinted() throws Throwable {
        Main.main("--version");
        assertThat(said()).matches("evy \\S+ \\(Java 25.*\\)\\R");
        said.reset();

        Main.main("--help");
        assertThat(said()).startsWith("Usage: ").contains("doctor", "top");
        said.reset();

        Main.main("profile", "--help");
        assertThat(said()).isEqualTo(ProfileCommand.HELP);
    }

    @Test
    void main_source_isRunWithItsArguments() throws Throwable {
        var file = source("void main(String[] args) { IO.println(args[0] + args.length); }");

        Main.main(file, "--version", "b");

        assertThat(said()).isEqualTo("--version2" + System.lineSeparator());
    }

    @Test
    void main_profile_runsAndSaysWhereTheProfileIs() throws Throwable {
        var file = source("void main() { IO.println(\"ran\"); }");
        var summary = folder.resolve("summary.txt");

        Main.main("profile", "--summary=" + summary, file);

        assertThat(said())
                .startsWith("ran")
                .containsPattern("evy: profiled [0-9.]+ s, \\d+ samples; wrote ")
                .contains(summary.toString());
        assertThat(summary).isNotEmptyFile();
    }

    @Test
    void main_profileWithoutFile_printsTheSummary() throws Throwable {
        Main.main("profile", source("void main() { }"));

        assertThat(said()).containsPattern("evy: profiled [0-9.]+ s, \\d+ samples\\R");
    }

    @Test
    void dispatch_profileThatCannotBeWritten_isToldBeforeTheProgramRuns() throws Exception {
        var file = source("void main() { IO.println(\"ran\"); }");
        var nowhere = folder.resolve("none/summary.txt");

        assertThatThrownBy(() -> Main.dispatch("profile", "--summary=" + nowhere, file))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("profile: ");
        assertThat(said()).isEmpty();
    }

    @Test
    void main_init_makesAProject() throws Throwable {
        Main.main("init", folder.resolve("app").toString());

        assertThat(said()).startsWith("made " + folder.resolve("app"));
        assertThat(folder.resolve("app/pom.xml")).isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-cp a | nothing to run; see evy --help",
                "--nonsense | unknown option '--nonsense'; see evy --help",
                "none.There | no class 'none.There' on the class path; use -cp or CLASSPATH",
                "none.java | no such file: none.java",
                "none.jar | no such file: none.jar",
                "run none.java | run needs Evy's agent; start java with -javaagent:evy.jar",
                "profile --patch X | run needs Evy's agent; start java with -javaagent:evy.jar",
                "backdoor a b | use evy backdoor [--token]",
                "top --once | top: use evy top",
                "top name | top: 'name' is no process, place or file"
            })
    void dispatch_misuse_saysWhatIsWrong(String arguments, String message) {
        assertThatThrownBy(() -> Main.dispatch(arguments.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(message);
    }

    private String source(String text) throws Exception {
        return Files.writeString(folder.resolve("App.java"), text).toString();
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
