package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

/** Threads, pools and timers of a program that runs with the agent. */
class AgentThreadIT {
    private static final String OFF = "[false, false, false, falsetrue]\n";
    private static final String GREEN = "[true, true, true, truetrue]\n";

    private static String run(String groups, Class<?> program) throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy(groups, program)) {
            return child.outOfSuccess();
        }
    }

    @Test
    @Spec({"PATCH8", "PATCH9", "PATCH10", "PATCH11"})
    void program_withAgent_makesGreenThreadsOnGreenThreadsOnly() throws Exception {
        assertThat(run("", AgentThreadPrograms.Places.class)).isEqualTo(OFF + GREEN);
    }

    @Test
    @Spec({"PATCH2", "PATCH14"})
    void program_withoutTheGroup_makesPlatformThreads() throws Exception {
        assertThat(run("thread=false", AgentThreadPrograms.Places.class)).isEqualTo(OFF + OFF);
    }

    /* What a class extends when it is loaded it extends for good. */
    @Test
    @Spec({"PATCH1", "PATCH12"})
    void monkeyPatch_afterClassesAreLoaded_rewritesThem() throws Exception {
        assertThat(run("all=false", AgentThreadPrograms.Late.class))
                .isEqualTo(OFF + "[true, true, false, falsetrue]\ntrue\n");
    }

    @Test
    @Spec("PATCH9")
    void exit_waitsForThreadsThatAreNoDaemons() throws Exception {
        assertThat(run("", AgentThreadPrograms.Survivor.class)).isEqualTo("main ends\nlast\n");
    }

    @Test
    @Spec("PATCH9")
    void shutdownHook_madeOnGreenThread_runsAsPlatformThread() throws Exception {
        assertThat(run("", AgentThreadPrograms.Hook.class)).isEqualTo("hook false\n");
    }
}
