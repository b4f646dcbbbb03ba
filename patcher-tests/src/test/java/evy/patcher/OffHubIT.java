package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JDK's networking behaves as ever: off the hub and, seen from outside, on it. */
@ExtendWith(LeakCheckExtension.class)
class OffHubIT {
    @ParameterizedTest
    @EnumSource(names = {"PLATFORM", "VIRTUAL"})
    @Spec("PATCH1")
    void networking_offHubWithTheAgent_isThatOfTheJdk(ThreadKind kind) throws Exception {
        try (ChildJvm plain = ChildJvm.plain(NetTranscript.class, kind.name());
                ChildJvm patched = ChildJvm.patched(NetTranscript.class, kind.name())) {
            assertThat(patched.outOfSuccess()).isEqualTo(plain.outOfSuccess());
        }
    }

    @Test
    @Spec({"PATCH1", "PATCH3"})
    void networking_onHubWithTheAgent_isThatOfVirtualThreads() throws Exception {
        try (ChildJvm plain = ChildJvm.plain(NetTranscript.class, "VIRTUAL");
                ChildJvm patched = ChildJvm.patched(NetTranscript.class, "GREEN")) {
            assertThat(patched.outOfSuccess()).isEqualTo(plain.outOfSuccess());
        }
    }
}
