package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JDK selectors on green threads of a JVM with the agent. */
@ExtendWith(LeakCheckExtension.class)
class SelectorIT {
    @Test
    @Spec({"PATCH1", "PATCH14"})
    void server_withASelector_servesClientsOfItsOwnHub() throws Exception {
        run("server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"others run", "cut short", "killed", "wakers", "numbers"})
    @Spec({"PATCH1", "PATCH12"})
    void select_onAHub_isAWaitOfEvys(String program) throws Exception {
        assumeTrue(Hub.getDefault().kind().equals("epoll"));

        run(program);
    }

    private static void run(String program) throws Exception {
        try (ChildJvm child =
                ChildJvm.patchedBy("socket,select", SelectorPrograms.class, program)) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }
}
