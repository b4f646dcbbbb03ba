package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import jdk.jshell.JShell;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Many sessions at once. */
@ExtendWith(LeakCheckExtension.class)
class BackdoorCrowdIT {
    private static final int SESSIONS = 100;

    /** The first JShell starts a thread that stays. */
    @BeforeAll
    static void startIndexer() {
        try (var jshell = JShell.builder().executionEngine("local").build()) {
            assertThat(jshell.sourceCodeAnalysis()).isNotNull();
        }
    }

    /* A hundred compilers take a while on a machine that has other things to do. */
    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    @Spec("BD5")
    void sessions_hundredAtOnce_eachGetsItsOwnOutput() throws Exception {
        try (var door = Door.open(Map.of())) {
            List<Talk> talks = new ArrayList<>();
            try {
                for (var i = 0; i < SESSIONS; i++) {
                    talks.add(door.session());
                    talks.getLast().socket.setSoTimeout(200_000);
                }
                for (var i = 0; i < SESSIONS; i++) {
                    talks.get(i).send("println(\"session \" + %d)\n".formatted(i));
                }
                for (var i = 0; i < SESSIONS; i++) {
                    assertThat(talks.get(i).untilPrompt()).isEqualTo("session " + i + "\n");
                }
            } finally {
                for (var talk : talks) {
                    talk.close();
                }
            }
        }
    }
}
