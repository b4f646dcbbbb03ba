package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;

/** The line by line trace in a JVM with the agent. */
@ExtendWith(LeakCheckExtension.class)
class SpewIT {
    private static final String SWITCHED =
            """
            # 'me' sample.traced.Spewed:12: int sum = a + b;
            # 'me' sample.traced.Spewed:13: calls += sum;
            # 'me' sample.traced.Spewed:14: return sum;
            # 'me' sample.traced.Spewed$Later:32: return "later";
            told when off: 0
            """;

    @ParameterizedTest
    @CsvSource({"switch, all", "platform, all", "switch, all=false"})
    @Spec("DBG1")
    void spew_onAndOff_tracesWhatIsLoadedAndWhatComesThenRestores(String program, String groups)
            throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy(groups, SpewPrograms.class, program)) {
            assertThat(child.outOfSuccess()).isEqualTo(SWITCHED);
        }
    }

    @Test
    @Spec("DBG1")
    void spew_whileTheCodeRuns_switchesFromCallToCall() throws Exception {
        try (ChildJvm child = ChildJvm.patched(SpewPrograms.class, "busy")) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }

    @Test
    @Spec("DBG1")
    void spew_values_areAskedForWithoutTracingThatAndMayFail() throws Exception {
        try (ChildJvm child = ChildJvm.patched(SpewPrograms.class, "values")) {
            assertThat(child.outOfSuccess().lines().filter(line -> line.startsWith("\t")))
                    .containsExactly(
                            "\ta=1 b=2",
                            "\tcalls=0 sum=3",
                            "\tsum=3",
                            "\tnumber=7",
                            "\tvalue=value 7",
                            "\tnumber=7",
                            "\tnumber=-1",
                            "\tvalue=sample.traced.Spewed$Value (its toString failed:"
                                    + " java.lang.IllegalStateException)",
                            "\tnumber=-1");
        }
    }

    @Test
    @Spec("DBG1")
    void spew_trickyCode_doesTheSameBeforeTracedAndAfter() throws Exception {
        try (ChildJvm child = ChildJvm.patched(SpewPrograms.class, "same")) {
            assertThat(child.outOfSuccess()).isEqualTo("true true true\n");
        }
    }

    @Test
    @Spec("DBG1")
    void spew_anotherRuns_takesItsPlace() throws Exception {
        try (ChildJvm child = ChildJvm.patched(SpewPrograms.class, "again")) {
            assertThat(child.outOfSuccess()).isEqualTo("3 true\n");
        }
    }

    @Test
    @Spec("DBG1")
    void spew_outputIsClosed_complainsOnceAndTheProgramGoesOn() throws Exception {
        try (ChildJvm child = ChildJvm.patched(SpewPrograms.class, "closed")) {
            assertThat(child.exit()).isZero();
            assertThat(child.out()).isEqualTo("DONE\n");
            assertThat(child.err()).containsOnlyOnce("nobody reads the output any more");
        }
    }

    @Test
    @Spec("DBG1")
    void spew_withoutTheAgent_saysHowToStart() throws Exception {
        try (ChildJvm child = ChildJvm.plain(SpewPrograms.class, "error")) {
            assertThat(child.outOfSuccess())
                    .isEqualTo(
                            "spew needs Evy's agent; start java with -javaagent:evy.jar (or run"
                                    + " the program with ./evy run)\n");
        }
    }

    @Test
    @Spec("DBG1")
    void agent_spewInItsArgument_tracesFromTheStart(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("trace.txt");
        String argument = "spew=sample.traced.Spewed,all=false,spewTo=" + file;

        try (ChildJvm child = ChildJvm.patchedBy(argument, SpewPrograms.class, "switch")) {
            child.outOfSuccess();
        }

        assertThat(Files.readString(file)).contains("sample.traced.Spewed:13: calls += sum;\n");
    }

    @Test
    @Spec("DBG1")
    void agent_spewOfTheJdk_endsTheJvmWithAnErrorThatNamesIt() throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy("spew=java.util", SpewPrograms.class, "busy")) {
            assertThat(child.exit()).isEqualTo(1);
            assertThat(child.err())
                    .isEqualTo(
                            "evy: cannot trace 'java.util': the trace is made by the JDK's"
                                    + " classes\n");
        }
    }
}
