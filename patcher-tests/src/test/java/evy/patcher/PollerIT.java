package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JDK sockets on green threads of a JVM with the agent. */
@ExtendWith(LeakCheckExtension.class)
class PollerIT {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "waits are Evy's",
                "closers",
                "close at once",
                "reconnect",
                "hubs",
                "inherited",
                "original"
            })
    @Spec({"PATCH1", "PATCH3", "PATCH7", "PATCH14"})
    void sockets_onHubs_behave(String program) throws Exception {
        run(program);
    }

    /** Where the hub cannot poll numbers the JDK's own rules hold: an interrupt closes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hub closes",
                "timeouts",
                "kills",
                "kills between calls",
                "connect",
                "storm",
                "closed by collector"
            })
    @Spec({"PATCH1", "PATCH3"})
    void waits_cutShort_leaveTheSocketUsable(String program) throws Exception {
        assumeTrue(Hub.getDefault().kind().equals("epoll"));

        run(program);
    }

    private static void run(String program) throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy("socket", PollerPrograms.class, program)) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }
}
