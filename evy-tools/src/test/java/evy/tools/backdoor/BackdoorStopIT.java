package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.hubs.Hub;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import jdk.jshell.JShell;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a session may do to itself, and not to the server. */
@ExtendWith(LeakCheckExtension.class)
class BackdoorStopIT {
    private static final int CTRL_C = 3;

    /** The first JShell starts a thread that stays. */
    @BeforeAll
    static void startIndexer() {
        try (var jshell = JShell.builder().executionEngine("local").build()) {
            assertThat(jshell.sourceCodeAnalysis()).isNotNull();
        }
    }

    @Test
    void interrupt_loopThatNeverBlocks_isStopped() throws Exception {
        var started = new Event<Boolean>();
        try (var door = Door.open(Map.of("started", started));
                var talk = door.session()) {
            var f = talk.say("int f(int x) { return x == 0 ? 1 : f(x - 1) + f(x - 1); }");
            assertThat(f).isEqualTo("|  created method f(int)\n");
            assertThat(talk.say("int i = 0")).isEqualTo("i ==> 0\n");
            for (var loop :
                    List.of(
                            "while (true) {}",
                            "for (;;) { try { int x = 1; } catch (Throwable t) {} }",
                            "f(1000);",
                            "java.util.stream.Stream.iterate(1, x -> x).forEach(x -> {});",
                            "do { switch (i) { default: continue; } } while (true);",
                            "for (;;) switch (i++ & 1) { case 0: continue; case 1: continue; }")) {
                // in one block, as a snippet that has not begun is stopped in another way
                talk.send("{ started.send(true); " + loop + " }\n");
                started.await();
                started.reset();
                talk.send(CTRL_C);

                assertThat(talk.untilPrompt()).as(loop).endsWith("|  stopped\n");
                hubGoesOn();
            }
            assertThat(talk.say("1 + 1")).endsWith(" ==> 2\n");
        }
    }

    @Test
    void interrupt_fromTelnet_isAnsweredThoughTheHubIsHeldUp() throws Exception {
        var started = new Event<Boolean>();
        try (var door = Door.open(Map.of("started", started));
                var talk = door.session()) {
            talk.send("{ started.send(true); while (true) {} }\n");
            started.await();

            talk.send(255, 244, 255, 253, 6); // interrupt process, do timing mark

            var answer = talk.untilPrompt();
            assertThat(answer).endsWith("|  stopped\r\n");
            hubGoesOn();
            assertThat(answer + talk.say("1 + 1")).contains("\u0006"); // no timing mark
        }
    }

    @Test
    void interrupt_waitOfEvyOrTheJdk_isStopped() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            for (var wait :
                    List.of(
                            "Evy.sleep(Duration.ofHours(1));",
                            "Thread.sleep(3_600_000);",
                            "new evy.sync.Event<Object>().await();",
                            "while (true) { try { Evy.sleep(Duration.ofHours(1)); } catch"
                                    + " (Throwable t) {} }")) {
                talk.send(wait + "\n");
                awaitWaiting();
                talk.send(CTRL_C);

                assertThat(talk.untilPrompt()).as(wait).isEqualTo("|  stopped\n");
            }
        }
    }

    /* Until the snippet's green thread, beside the server's own, has parked. */
    private static void awaitWaiting() {
        var hub = Hub.getDefault();
        while (hub.greenlets().stream().filter(BackdoorStopIT::isParked).count() < 2) {
            Evy.yield();
        }
    }

    private static boolean isParked(evy.hubs.Greenlet greenlet) {
        var state = greenlet.thread().getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    @Test
    void interrupt_threadThatASnippetSpawned_isStoppedIfItHoldsUpTheHub() throws Exception {
        var started = new Event<Boolean>();
        try (var door = Door.open(Map.of("started", started));
                var talk = door.session()) {
            var spawned =
                    talk.say(
                            "var looping = Evy.spawn(() -> { started.send(true); while (true) {}"
                                    + " });");
            assertThat(spawned).startsWith("looping ==> ");
            started.await();

            talk.send(CTRL_C);

            hubGoesOn();
            talk.untilPrompt();
            assertThat(talk.say("looping.isDone()")).endsWith(" ==> true\n");
        }
    }

    @Test
    void interrupt_threadThatHoldsUpNobody_goesOn() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            var _ =
                    talk.say(
                            "var busy = Evy.spawn(() -> { while (true) Evy.yield(); });"
                                    + " Evy.yield();");
            talk.send("Evy.sleep(Duration.ofHours(1))\n");
            awaitWaiting();

            talk.send(CTRL_C);

            assertThat(talk.untilPrompt()).isEqualTo("|  stopped\n");
            assertThat(talk.say("busy.isDone()")).endsWith(" ==> false\n");
            assertThat(talk.say("busy.kill(); busy.isDone()")).endsWith(" ==> true\n");
        }
    }

    @Test
    void interrupt_inTheMiddleOfInput_dropsIt() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            talk.send("foo(\n");
            talk.until("... ");
            talk.send("1, 2");
            talk.send(CTRL_C);
            talk.untilPrompt();

            assertThat(talk.say("1 + 1")).isEqualTo("$1 ==> 2\n");
        }
    }

    @Test
    @Spec("BD4")
    void leaving_whileTheHubIsHeldUp_stopsIt() throws Exception {
        var options = BackdoorOptions.DEFAULT.withDrainTimeout(Duration.ZERO);
        var started = new Event<Boolean>();
        try (var door = Door.open(Map.of("started", started), options)) {
            for (var abruptly : List.of(true, false)) {
                var talk = door.session();
                talk.send("{ started.send(true); while (true) {} }\n");
                started.await();
                started.reset();
                if (abruptly) {
                    talk.vanish();
                } else {
                    talk.close();
                }

                hubGoesOn();
            }
        }
    }

    @Test
    @Spec("BD4")
    void leaving_whileASnippetWaits_stopsIt() throws Exception {
        var options = BackdoorOptions.DEFAULT.withDrainTimeout(Duration.ZERO);
        try (var door = Door.open(Map.of(), options)) {
            var before = Hub.getDefault().greenlets().size();
            var talk = door.session();
            talk.send("Evy.sleep(Duration.ofHours(1))\n");
            awaitWaiting();

            talk.vanish();

            while (Hub.getDefault().greenlets().size() > before) {
                Evy.yield();
            }
        }
    }

    @Test
    void output_thatNobodyReads_waitsAndIsStopped() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            talk.send("while (true) { println(\"x\".repeat(1000)); }\n");
            talk.until("x".repeat(1000) + "\n");
            hubGoesOn();

            talk.send(CTRL_C);

            assertThat(talk.until("|  stopped\n>>> ")).isNotEmpty();
        }
    }

    @Test
    void input_garbage_isSurvived() throws Exception {
        var random = new Random(42);
        try (var door = Door.open(Map.of())) {
            for (var i = 0; i < 5; i++) {
                try (var talk = door.session()) {
                    var noise = new byte[2000];
                    random.nextBytes(noise);
                    talk.socket.getOutputStream().write(noise);
                    talk.vanish();
                } catch (IOException e) {
                    continue; // the noise can mean that it wants to leave
                }
            }
            try (var talk = door.session()) {
                assertThat(talk.say("1 + 1")).isEqualTo("$1 ==> 2\n");
            }
        }
    }

    @Test
    void input_hugeLine_isDropped() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            talk.send("x".repeat(3_000_000) + "\n");
            assertThat(talk.untilPrompt())
                    .isEqualTo("|  The line exceeds 65536 bytes; it was dropped\n");

            assertThat(talk.say("(".repeat(30_000) + "1" + ")".repeat(30_000))).isNotNull();
            talk.send(CTRL_C);
            talk.untilPrompt();
            assertThat(talk.say("1 + 1")).endsWith(" ==> 2\n");
        }
    }

    @Test
    void input_moreThanIsTakenAhead_endsTheSession() throws Exception {
        var options = BackdoorOptions.DEFAULT.withDrainTimeout(Duration.ZERO);
        try (var door = Door.open(Map.of(), options);
                var talk = door.session()) {
            talk.send("Evy.sleep(Duration.ofHours(1));\n");
            awaitWaiting();
            try {
                for (var i = 0; i < 30; i++) {
                    talk.send("y".repeat(60_000) + "\n");
                }
                assertThat(talk.rest()).contains("characters are waiting; goodbye");
            } catch (IOException e) {
                assertThat(e) // it came to nobody any more
                        .message()
                        .containsAnyOf("reset", "Broken pipe");
            }
            hubGoesOn();
        }
    }

    private static void hubGoesOn() throws Exception {
        assertThat(Hub.getDefault().<Boolean>call(() -> true)).isTrue();
    }
}
