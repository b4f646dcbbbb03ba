package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timed waits of the JDK on green threads of a JVM with the agent. */
@ExtendWith(LeakCheckExtension.class)
class TimedIT {
    @ParameterizedTest
    @ValueSource(strings = {"hub timers", "last", "cut short", "woken", "many", "off the hub"})
    @Spec({"PATCH1", "PATCH3", "PATCH14"})
    void timedWaits_onAHub_useItsTimers(String program) throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy("time", TimedPrograms.class, program)) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }
}
