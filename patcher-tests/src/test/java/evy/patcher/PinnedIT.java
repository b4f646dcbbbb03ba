package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Green threads that wait where they cannot be switched: the hub goes on as far as it can. */
@ExtendWith(LeakCheckExtension.class)
class PinnedIT {
    @ParameterizedTest
    @ValueSource(strings = {"socket", "own-socket", "timeout", "timed", "latch", "green"})
    @Spec("PATCH14")
    void wait_underAClassInitialiser_ends(String program) throws Exception {
        assumeTrue(!program.equals("socket") || Hub.getDefault().kind().equals("epoll"));
        try (ChildJvm child = ChildJvm.patched(PinnedPrograms.class, program)) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }
}
