package evy.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts virtual machines of its own, as native access is a matter of the command line. */
class PlatformIT {
    /** Prints what the platform says of itself. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            System.out.println(Platform.unavailable());
        }
    }

    @BeforeEach
    void requireLinux() {
        assumeTrue(Platform.unavailable() == null);
    }

    @Test
    void unavailable_nativeAccessDenied_namesTheFlag() throws Exception {
        assertThat(run("--illegal-native-access=deny"))
                .isEqualTo("native access is denied; add --enable-native-access=ALL-UNNAMED");
    }

    @Test
    void unavailable_nativeAccessGranted_null() throws Exception {
        assertThat(run("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED"))
                .isEqualTo("null");
    }

    private static String run(String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-javaagent:") && flag.contains("jacoco"))
                .forEach(agent -> command.addAll(List.of(agent, "-Xlog:cds=off")));
        command.addAll(List.of(flags));
        command.add("-cp");
        command.add(pathOf(Platform.class) + File.pathSeparator + pathOf(Program.class));
        command.add(Program.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = read(process);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    private static String read(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Path pathOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
