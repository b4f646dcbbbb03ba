package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The agent's jar as a user has it: flags, groups, reports, errors. */
@ExtendWith(LeakCheckExtension.class)
class AgentIT {
    private static final String USUAL = "os\nselect\nsocket\nthread\ntime\ndns\nprocess\n";

    @Test
    @Spec({"PATCH1", "PATCH4"})
    void agent_withoutArgument_patchesTheUsualGroups() throws Exception {
        try (ChildJvm child = ChildJvm.patched(AgentPrograms.class, "groups")) {
            assertThat(child.outOfSuccess()).isEqualTo(USUAL);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "all=false, ''",
        "'socket,select', 'select socket'",
        "'all=false,time=true', time",
        "db, db",
        "socket=false, 'os select thread time dns process'"
    })
    @Spec({"PATCH2", "PATCH4", "PATCH5"})
    void agent_withGroups_patchesThose(String argument, String groups) throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy(argument, AgentPrograms.class, "groups")) {
            assertThat(child.outOfSuccess().split("\\R")).containsExactly(groups.split(" "));
        }
    }

    @Test
    @Spec("PATCH2")
    void agent_unknownGroup_endsTheJvmWithAnErrorThatNamesIt() throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy("socket,sloth", AgentPrograms.class, "groups")) {
            assertThat(child.exit()).isEqualTo(1);

            assertThat(child.err())
                    .isEqualTo(
                            "evy: unknown group to patch: 'sloth'; there are os, select, socket,"
                                    + " thread, time, dns, process, db, and all\n");
            assertThat(child.out()).isEmpty();
        }
    }

    @Test
    @Spec("PATCH14")
    void report_onThisJdk_hasEverySeamApplied() throws Exception {
        try (ChildJvm child = ChildJvm.patched(AgentPrograms.class, "report")) {
            assertThat(child.outOfSuccess().lines())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(line -> line.startsWith("APPLIED "))
                    .anyMatch(line -> line.contains("socket waits"))
                    .anyMatch(line -> line.contains("selector waits"))
                    .anyMatch(line -> line.contains("timed waits"));
        }
    }

    @Test
    @Spec({"PATCH2", "PATCH14"})
    void report_oneGroupOn_hasTheOthersOff() throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy("time", AgentPrograms.class, "report")) {
            assertThat(child.outOfSuccess().lines())
                    .allMatch(line -> line.startsWith("APPLIED ") == line.contains(" time "))
                    .anyMatch(line -> line.startsWith("OFF "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"late", "blocked"})
    @Spec({"PATCH1", "PATCH2"})
    void monkeyPatch_whileTheProgramRuns_worksAtAnyTime(String program) throws Exception {
        assumeTrue(Hub.getDefault().kind().equals("epoll"));
        try (ChildJvm child = ChildJvm.patchedBy("all=false", AgentPrograms.class, program)) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }

    @Test
    @Spec({"PATCH1", "PATCH12"})
    void monkeyPatch_whileLocksAreHeld_keepsThemAsTheyAre() throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy("all=false", AgentPrograms.class, "locks")) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"all, true [APPLIED]", "dns=false, false [OFF]", "socket, false [OFF]"})
    @Spec({"PATCH2", "PATCH14"})
    void groupDns_onOrOff_decidesWhetherNamesAreKept(String argument, String kept)
            throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy(argument, AgentPrograms.class, "names")) {
            assertThat(child.outOfSuccess()).isEqualTo(kept + "\n");
        }
    }

    @Test
    @Spec({"PATCH1", "PATCH2"})
    void groupDns_laterOn_keepsNamesFromThere() throws Exception {
        try (ChildJvm child = ChildJvm.patchedBy("all=false", AgentPrograms.class, "late names")) {
            assertThat(child.outOfSuccess()).isEqualTo("false [OFF]\ntrue [APPLIED]\n");
        }
    }

    @Test
    @Spec("PATCH2")
    void groupDns_offButTheUserNamesAResolver_leavesThat() throws Exception {
        List<String> flags =
                List.of("-Devy.dns=system", "-javaagent:" + ChildJvm.jar() + "=dns=false");
        try (ChildJvm child = ChildJvm.withFlags(flags, AgentPrograms.class, "names")) {
            assertThat(child.outOfSuccess()).isEqualTo("true [OFF]\n");
        }
    }

    @Test
    @Spec("PATCH1")
    void agent_programThatUsesNoGreenThread_startsNothing() throws Exception {
        try (ChildJvm child = ChildJvm.patched(AgentPrograms.class, "idle")) {
            assertThat(child.outOfSuccess()).isEqualTo("[]\n");
        }
    }

    @Test
    @Spec("PATCH1")
    void runnableJar_thatNamesTheAgentInItsManifest_needsNoFlags(@TempDir Path folder)
            throws Exception {
        Path jar = folder.resolve("app.jar");
        writeRunnable(jar);

        try (ChildJvm child = ChildJvm.java(List.of("-jar", jar.toString()))) {
            assertThat(child.outOfSuccess())
                    .contains("APPLIED")
                    .doesNotContain("NOT_FOUND")
                    .doesNotContain("OFF")
                    .endsWith("echoed 5\n");
        }
    }

    /** A jar with Evy and a program in it, as a shading build would make it. */
    private static void writeRunnable(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, EchoMain.class.getName());
        attributes.putValue("Launcher-Agent-Class", Agent.class.getName());
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        attributes.putValue("Can-Retransform-Classes", "true");
        try (JarFile agent = new JarFile(ChildJvm.jar().toFile());
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (JarEntry entry : agent.stream().toList()) {
                if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    agent.getInputStream(entry).transferTo(out);
                }
            }
            String name = EchoMain.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(name));
            ClassLoader.getSystemResourceAsStream(name).transferTo(out);
        }
    }

    @Test
    @Spec("PATCH14")
    void bridge_isGivenToTheBootLoaderInFull() {
        assertThat(JdkDoors.BRIDGE.subList(1, JdkDoors.BRIDGE.size()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Bridge.class.getDeclaredClasses())
                                .map(c -> "Bridge$" + c.getSimpleName())
                                .toList());
    }
}
