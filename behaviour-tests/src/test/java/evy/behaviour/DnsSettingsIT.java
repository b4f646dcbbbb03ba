package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.hubs.HubOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.testkit.internal.ChildCoverage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What {@code evy.dns} and {@code EVY_DNS} choose: each time a JVM of its own. */
@ExtendWith(LeakCheckExtension.class)
class DnsSettingsIT {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir private Path folder;

    private String look(String variable, String classPath, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildCoverage.flags());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        RobustnessChild.ADD_OPENS,
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-ea",
                        "-cp",
                        classPath));
        String kind = System.getProperty(HubOptions.KIND_PROPERTY);
        if (kind != null) {
            command.add("-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        }
        Arrays.stream(arguments).filter(word -> word.startsWith("-")).forEach(command::add);
        command.add(DnsProgram.class.getName());
        Arrays.stream(arguments).filter(word -> !word.startsWith("-")).forEach(command::add);
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().remove("EVY_DNS");
        if (!variable.isEmpty()) {
            builder.environment().put("EVY_DNS", variable);
        }
        Process process = builder.start();
        try {
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
            RobustnessChild.closePipes(process);
        }
        return Files.readString(out);
    }

    private static String withoutDnsjava() {
        return Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                .filter(entry -> !entry.contains("dnsjava"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "system", "builtin", "no"})
    @Spec({"DNS9", "ENV2"})
    void variable_system_looksUpByTheOperatingSystem(String choice) throws Exception {
        assertThat(look(choice, withoutDnsjava(), "localhost"))
                .contains("green localhost/127.0.0.1")
                .contains("plain localhost/127.0.0.1");
    }

    @Test
    @Spec({"DNS9", "ENV2"})
    void property_unknownChoice_isAnErrorThatNamesItOnGreenThreadsOnly() throws Exception {
        assertThat(look("", CLASS_PATH, "-Devy.dns=c-ares", "localhost2", "localhost"))
                .contains("localhost2: unknown resolver 'c-ares'")
                .contains("EVY_DNS and -Devy.dns take: system, dnsjava, builtin, no")
                .contains("plain localhost/127.0.0.1");
    }

    @Test
    @Spec("DNS9")
    void dnsjava_libraryIsMissing_saysWhatToAdd() throws Exception {
        assertThat(look("dnsjava", withoutDnsjava(), "some.test"))
                .contains("some.test: the resolver 'dnsjava' needs the library dnsjava:dnsjava");
    }

    @Test
    @Spec({"DNS1", "DNS9"})
    void dnsjava_chosen_asksTheConfiguredNameServer() throws Exception {
        try (DnsServer server = DnsServer.of("some.test 192.0.2.44")) {
            String address = "127.0.0.1:" + server.address().getPort();

            assertThat(look("dnsjava", CLASS_PATH, "-Ddns.server=" + address, "some.test"))
                    .contains("green some.test/192.0.2.44");
            assertThat(server.queries).isNotEmpty();
        }
    }

    @Test
    @Spec("DNS8")
    void dnsjava_chosen_asksNobodyBeforeTheFirstLookUp() throws Exception {
        try (DnsServer server = DnsServer.of()) {
            String address = "127.0.0.1:" + server.address().getPort();

            assertThat(look("dnsjava", CLASS_PATH, "-Ddns.server=" + address, "127.0.0.1"))
                    .contains("green /127.0.0.1");
            assertThat(server.queries).isEmpty();
        }
    }
}
