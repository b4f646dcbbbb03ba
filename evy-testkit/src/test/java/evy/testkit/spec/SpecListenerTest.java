package evy.testkit.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SpecListenerTest {
    private static final String HERE = SpecListenerTest.class.getName() + "$";

    @TempDir Path folder;

    @Test
    void listener_outcomes_areWritten() throws IOException {
        var lines = run("1", Sample.class);

        assertThat(lines)
                .containsExactly(
                        "# build 1",
                        "S1,S2\t" + HERE + "Sample$Inner.nested\tpass\t",
                        "S1\t" + HERE + "Sample.aborts\tskip\tnot here, not now",
                        "S1,S4\t" + HERE + "Sample.disabled\tskip\tby hand",
                        "S1,S3\t" + HERE + "Sample.fails\tfail\t",
                        "S1\t" + HERE + "Sample.sometimesFails\tfail\t");
    }

    @Test
    void listener_brokenContainer_failsItsTests() throws IOException {
        var lines = run("1", BrokenSample.class);

        assertThat(lines).contains("S5\t" + HERE + "BrokenSample.neverRuns\tfail\t");
    }

    @Test
    void listener_sameBuild_addsToFile() throws IOException {
        run("1", BrokenSample.class);

        var lines = run("1", OtherSample.class);

        assertThat(lines).hasSize(3);
    }

    @Test
    void listener_otherBuild_startsAnew() throws IOException {
        run("1", BrokenSample.class);

        var lines = run("2", OtherSample.class);

        assertThat(lines)
                .containsExactly("# build 2", "S6\t" + HERE + "OtherSample.passes\tpass\t");
    }

    private List<String> run(String build, Class<?> sample) throws IOException {
        var file = folder.resolve("spec/sample.tsv");
        var request =
                LauncherDiscoveryRequestBuilder.request().selectors(selectClass(sample)).build();
        var config = LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false);
        LauncherFactory.create(config.build())
                .execute(request, new SpecListener(file.toString(), build));
        return Files.readAllLines(file);
    }

    @Spec("S1")
    static class Sample {
        @Test
        void aborts() {
            abort("not here,\nnot now");
        }

        @Test
        @Spec("S3")
        void fails() {
            throw new AssertionError("as it should");
        }

        @Test
        @Spec("S4")
        @Disabled("by hand")
        void disabled() {}

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void sometimesFails(int number) {
            assertThat(number).isNotEqualTo(2);
        }

        @Nested
        class Inner {
            @Test
            @Spec("S2")
            void nested() {}
        }
    }

    static class BrokenSample {
        @BeforeAll
        static void breaks() {
            throw new IllegalStateException("as it should");
        }

        @Test
        @Spec("S5")
        void neverRuns() {}
    }

    static class OtherSample {
        @Test
        @Spec("S6")
        void passes() {}
    }
}
