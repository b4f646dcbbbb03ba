package evy.stress;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What takes a minute or a gigabyte. Each runs in a JVM of its own with a heap of a given size; run
 * by {@code mvn -B verify -Pstress}.
 */
@Tag("stress")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StressIT {
    @Test
    @Spec("X1")
    void parkedGreenThreads_aMillion_fitInto1GB() throws Exception {
        String out = run("-Xmx1g", ParkedThreads.class, "1000000");

        assertThat(out).contains("parked 1000000").contains("ended 1000000");
    }

    @Test
    @Spec("X1")
    void echoConnections_10000AtOnce_allGetTheirBytesBack() throws Exception {
        String out = run("-Xmx1g", ManyConnections.class, "10000", "3");

        assertThat(out).contains("connected 10000").contains("echoed 30000").contains("leaked 0");
    }

    @Test
    @Spec("X1")
    void connections_aMillionOneAfterTheOther_leaveNothingBehind() throws Exception {
        String out = run("-Xmx256m", ConnectionChurn.class, "1000000");

        assertThat(out).contains("served 1000000").contains("leaked 0");
    }

    @Test
    void greenThreads_aTreeOf100000_isListedWhileTheHubGoesOn() throws Exception {
        String out = run("-Xmx1g", ListedThreads.class, "100000", "5");

        IO.println(out);
        assertThat(out).contains("listed 100002").contains("the hub stood still for 10 s: never");
    }

    private static String run(String heap, Class<?> main, String... args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(heap);
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("--add-opens");
        command.add("java.base/java.lang=ALL-UNNAMED");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Devy.hub=" + System.getProperty("evy.hub", "epoll"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(args));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            return output(child);
        } finally {
            child.destroyForcibly();
        }
    }

    private static String output(Process child) throws IOException, InterruptedException {
        String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = child.waitFor();
        assertThat(status).as(out).isZero();
        return out;
    }
}
