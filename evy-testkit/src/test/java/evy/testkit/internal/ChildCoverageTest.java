package evy.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class ChildCoverageTest {
    private static final String JACOCO =
            "-javaagent:/r/org.jacoco.agent-1-runtime.jar=destfile=/t/jacoco.exec,includes=evy.*";

    @Test
    void flags_ofACountingJvm_countInTheSameFileAndInBootClasses() {
        assertThat(ChildCoverage.flags(List.of("-ea", JACOCO, "-javaagent:evy.jar", "-Xmx1g")))
                .containsExactly(JACOCO + ",inclbootstrapclasses=true", "-Xlog:cds=off");
    }

    @Test
    void flags_ofAJvmWithOneCompiler_haveThatOne() {
        assertThat(ChildCoverage.flags(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")))
                .containsExactly("-XX:TieredStopAtLevel=1");
    }

    @Test
    void flags_ofAnotherJvm_areNone() {
        assertThat(ChildCoverage.flags(List.of("-ea", "-javaagent:evy.jar"))).isEmpty();
    }
}
