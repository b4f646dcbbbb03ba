package evy.testkit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ConformanceReportTest {
    @TempDir Path root;

    @Test
    void run_results_listsEveryIdOnceOrPerTest() throws IOException {
        ids("A1\tfirst\tsomething", "A2\tfirst\tmore", "B1\tsecond\telse");
        results("core/target/spec/epoll.tsv", "A1,B1\tevy.FooTest.one\tpass\t");
        results("kit/target/spec/epoll.tsv", "A1\tevy.kit.BarTest.two\tpass\t");

        var exit = ConformanceReport.run(root, false);

        assertThat(exit).isZero();
        assertThat(report())
                .endsWith(
                        """
                        3 behaviours: 2 pass, 0 fail, 0 skipped, 1 missing, 0 not built.

                        ## first

                        | id | test | result |
                        | --- | --- | --- |
                        | A1 | FooTest.one | pass |
                        | A1 | BarTest.two | pass |
                        | A2 | | missing |

                        ## second

                        | id | test | result |
                        | --- | --- | --- |
                        | B1 | FooTest.one | pass |
                        """);
    }

    @Test
    void run_resultsOfTwoPollers_passesOnlyIfBothDid() throws IOException {
        ids("A1\tfirst\tsomething", "A2\tfirst\tmore");
        results(
                "core/target/spec/epoll.tsv",
                "A1\tevy.FooTest.one\tpass\t",
                "A2\tevy.FooTest.two\tpass\t");
        results(
                "core/target/spec/nio.tsv",
                "A1\tevy.FooTest.one\tfail\t",
                "A2\tevy.FooTest.two\tskip\tno urgent data");

        ConformanceReport.run(root, false);

        assertThat(report())
                .contains("2 behaviours: 0 pass, 1 fail, 1 skipped, 0 missing, 0 not built.")
                .contains("| A1 | FooTest.one | fail |")
                .contains("| A2 | FooTest.two | skip: no urgent data |");
    }

    @Test
    void run_unknownId_failsAndLeavesReport() throws IOException {
        ids("A1\tfirst\tsomething");
        results("core/target/spec/epoll.tsv", "A9\tevy.FooTest.one\tpass\t");

        var exit = ConformanceReport.run(root, false);

        assertThat(exit).isEqualTo(1);
        assertThat(root.resolve("docs/conformance.md")).doesNotExist();
    }

    @Test
    void run_notBuilt_isListedWithItsReasonAndNotMissing() throws IOException {
        ids("A1\tfirst\tsomething", "A2\tfirst\tmore\tnobody needs it");
        results("core/target/spec/epoll.tsv", "A1\tevy.FooTest.one\tpass\t");

        ConformanceReport.run(root, false);

        assertThat(report())
                .contains("2 behaviours: 1 pass, 0 fail, 0 skipped, 0 missing, 1 not built.")
                .contains("| A2 | | not built: nobody needs it |");
    }

    @Test
    void run_testOfWhatIsNotBuilt_fails() throws IOException {
        ids("A1\tfirst\tsomething\tnobody needs it");
        results("core/target/spec/epoll.tsv", "A1\tevy.FooTest.one\tpass\t");

        assertThat(ConformanceReport.run(root, false)).isEqualTo(1);
    }

    @Test
    void run_noResults_leavesReport() throws IOException {
        ids("A1\tfirst\tsomething");

        var exit = ConformanceReport.run(root, false);

        assertThat(exit).isZero();
        assertThat(root.resolve("docs/conformance.md")).doesNotExist();
    }

    private void ids(String... lines) throws IOException {
        write("docs/behaviour-ids.txt", String.join("\n", lines) + "\n");
    }

    private void results(String file, String... lines) throws IOException {
        write(file, "# build 1\n" + String.join("\n", lines) + "\n");
    }

    private void write(String file, String text) throws IOException {
        var target = root.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    private String report() throws IOException {
        return Files.readString(root.resolve("docs/conformance.md"));
    }
}
