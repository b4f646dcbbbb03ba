package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files, pipes and processes of the JDK on green threads of a JVM with the agent. */
@ExtendWith(LeakCheckExtension.class)
class OsIT {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pipes",
                "fifos",
                "full pipes",
                "closed",
                "timeouts",
                "killed opening",
                "channels"
            })
    @Spec({"PATCH1", "PIPE8"})
    void streams_onHubs_waitGreen(String program) throws Exception {
        run(OsPrograms.class, program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"files", "failures", "torn", "interrupted", "locks"})
    @Spec({"PATCH1", "MODS2"})
    void files_onHubs_keepTheirContract(String program) throws Exception {
        run(OsPrograms.class, program);
    }

    /** A green thread under a class initialiser takes the hub with it: nothing may need the hub. */
    @ParameterizedTest
    @ValueSource(strings = {"initialisers", "class loading"})
    @Spec("PATCH1")
    void filesUnderClassInitialisers_onHubs_doNotDeadlock(String program) throws Exception {
        run(OsStormPrograms.class, program);
    }

    @ParameterizedTest
    @EnumSource(ThreadKind.class)
    @Spec("PATCH1")
    void files_withTheAgent_areThoseOfTheJdk(ThreadKind kind) throws Exception {
        String origin = kind == ThreadKind.GREEN ? ThreadKind.PLATFORM.name() : kind.name();
        try (ChildJvm plain = ChildJvm.plain(FileTranscript.class, origin);
                ChildJvm patched = ChildJvm.patched(FileTranscript.class, kind.name())) {
            assertThat(patched.outOfSuccess()).isEqualTo(plain.outOfSuccess());
        }
    }

    @Test
    @Spec("PATCH2")
    void groupOs_switchedOff_isNotApplied() throws Exception {
        try (ChildJvm child =
                ChildJvm.patchedBy("os=false,process=false", OsPrograms.class, "off")) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }

    private static void run(Class<?> programs, String program) throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy("os,socket,process", programs, program)) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }
}
