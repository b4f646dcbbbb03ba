package evy.tools.top;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.internal.ChildCoverage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at processes that {@code evy top} cannot show, from a process of its own. */
class JvmSourceIT {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** Has no bean; upon a line one of that name which knows no overview. */
    private static final String ODD =
            """
            void main() throws Exception {
                IO.println("up");
                IO.readln();
                var bean = new javax.management.StandardMBean((Runnable) () -> {}, Runnable.class);
                java.lang.management.ManagementFactory.getPlatformMBeanServer()
                        .registerMBean(bean, new javax.management.ObjectName("evy:type=Debug"));
                IO.println("registered");
                Thread.sleep(1_000_000);
            }
            """;

    @TempDir Path folder;

    @Test
    void read_processThatGivesNothing_saysWhyAndWhatToDo() throws Exception {
        var source = Files.writeString(folder.resolve("Odd.java"), ODD).toString();
        var odd = start(List.of(JAVA, "-XX:-EnableDynamicAgentLoading", source));
        var command = new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1"));
        command.addAll(ChildCoverage.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(JvmSourceProgram.class.getName());
        command.addAll(List.of("" + odd.pid(), "" + odd.pid()));
        var looking = start(command);
        try (BufferedReader said = looking.inputReader();
                BufferedReader out = odd.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");

            go(looking);
            assertThat(said.readLine())
                    .startsWith("process " + odd.pid() + ": its MBean evy:type=Debug is not")
                    .endsWith("; call Debug.registerMBean() in the program");
            go(odd);
            assertThat(out.readLine()).isEqualTo("registered");
            go(looking);
            assertThat(said.readLine())
                    .startsWith("process " + odd.pid() + ": its Evy gives no overview: ");
            assertThat(looking.waitFor()).isZero();
        } finally {
            for (var process : List.of(odd, looking)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
    }

    private static void go(Process process) throws IOException {
        var in = process.getOutputStream();
        in.write('\n');
        in.flush();
    }
}
