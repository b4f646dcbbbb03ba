package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;

import evy.patcher.Group;
import evy.patcher.SeamReport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the doctor says of the JVM that runs the tests, which is healthy. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class DoctorTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final String hub = System.getProperty("evy.hub");

    @AfterEach
    void restore() {
        if (hub == null) {
            System.clearProperty("evy.hub");
        } else {
            System.setProperty("evy.hub", hub);
        }
    }

    @Test
    void examine_healthyJvm_missesNothing() {
        assertThat(examine(List.of())).as(said()).isTrue();

        assertThat(said())
                .contains("ok      java.lang       open to Evy")
                .contains("ok      scheduler")
                .contains("nio available")
                .contains("warn    patches         no agent; start java with -javaagent:evy.jar")
                .doesNotContain("MISSING");
    }

    @Test
    void examine_unknownHub_isMissing() {
        System.setProperty("evy.hub", "abacus");

        assertThat(examine(List.of())).isFalse();

        assertThat(said())
                .containsPattern("MISSING hub +'abacus' is not known \\(.*nio available.*\\);")
                .contains("set EVY_HUB to one that is");
    }

    @Test
    void examine_patches_saysTheStateOfEach() {
        var group = Group.values()[0];
        var reports =
                List.of(
                        new SeamReport("a", group, SeamReport.State.APPLIED, "is green"),
                        new SeamReport("b", group, SeamReport.State.OFF, "not asked for"),
                        new SeamReport("c", group, SeamReport.State.NOT_FOUND, "other code"),
                        new SeamReport("d", group, SeamReport.State.FAILED, "broken"));

        assertThat(examine(reports)).as("the JDK's own behaviour is no illness").isTrue();

        var fix = "; the JDK's own behaviour stays there; use JDK 25";
        assertThat(said().lines().filter(line -> line.contains("patch " + group)))
                .extracting(line -> line.replaceAll(" +", " "))
                .containsExactly(
                        "ok patch " + group + " a: is green",
                        "off patch " + group + " b: not asked for",
                        "warn patch " + group + " c: other code" + fix,
                        "warn patch " + group + " d: broken" + fix);
    }

    private boolean examine(List<SeamReport> patches) {
        return new Doctor(new PrintStream(said, true, StandardCharsets.UTF_8), patches).examine();
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
