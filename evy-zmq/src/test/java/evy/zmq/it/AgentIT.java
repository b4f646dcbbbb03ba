package evy.zmq.it;

import static org.assertj.core.api.Assertions.assertThat;

import evy.hubs.HubOptions;
import evy.testkit.Spec;
import evy.testkit.internal.ChildCoverage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other tests of this package in a JVM with the agent, which must take nothing from JeroMQ. */
class AgentIT {
    private static final Path AGENT =
            Path.of(System.getProperty("evy.root"), "evy-patcher", "target", "evy.jar");
    private static final int PATIENCE_SECONDS = 55;

    @TempDir private Path folder;

    @Test
    @Spec({"ZMQ1", "ZMQ2", "ZMQ5"})
    void interop_withTheAgent_isTheSame() throws Exception {
        assertPass(InteropIT.class, SecurityIT.class);
    }

    @Test
    @Spec("ZMQ1")
    void ipc_withTheAgent_isTheSame() throws Exception {
        assertPass(IpcIT.class);
    }

    @Test
    @Spec({"ZMQ1", "ZMQ2"})
    void hostilePeers_withTheAgent_areTheSame() throws Exception {
        assertPass(HostilePeersIT.class);
    }

    @Test
    @Spec({"ZMQ1", "ZMQ2"})
    void storm_withTheAgent_isTheSame() throws Exception {
        assertPass(StormIT.class);
    }

    private void assertPass(Class<?>... tests) throws Exception {
        assertThat(AGENT).as("the agent, which evy-patcher builds").exists();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildCoverage.flags());
        command.add("-javaagent:" + AGENT);
        command.addAll(List.of("-ea", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("-Devy.root=" + System.getProperty("evy.root"));
        String kind = System.getProperty(HubOptions.KIND_PROPERTY);
        if (kind != null) {
            command.add("-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(TestRun.class.getName());
        for (Class<?> test : tests) {
            command.add(test.getName());
        }
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output);
            assertThat(ended).as("ends, after: %s", said).isTrue();
            assertThat(said).contains(" 0 failed");
            assertThat(process.exitValue()).as(said).isZero();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
