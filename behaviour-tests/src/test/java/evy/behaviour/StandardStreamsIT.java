package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.io.StandardStreams;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;

@ExtendWith(LeakCheckExtension.class)
class StandardStreamsIT {
    /** Answers lines while another green thread runs, and knows whether it did. */
    static final class Program {
        private static int ticks;

        private Program() {}

        public static void main(String... arguments) throws Exception {
            Evy.run(Program::run);
        }

        private static void run() throws Exception {
            var in = StandardStreams.in();
            var out = StandardStreams.out();
            var ticker = Evy.spawn(Program::tick);
            var torn = Evy.spawn(() -> in.readLine());
            Evy.sleep(Duration.ofMillis(20));
            torn.kill();
            in.close(); // it stays open
            out.write("ready\n");
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                int before = ticks;
                Evy.sleep(Duration.ofMillis(20));
                out.write("<" + line + "> ticked " + (ticks > before && before > 0) + "\n");
            }
            StandardStreams.err().write("end\n");
            ticker.kill();
        }

        private static void tick() {
            while (true) {
                ticks++;
                Evy.sleep(Duration.ofMillis(1));
            }
        }
    }

    @Test
    void streams_ofAPipe_doNotHoldUpTheHub() throws Exception {
        Evy.run(
                () -> {
                    try (var child = SignalIT.java(Program.class)) {
                        assertThat(child.stdout().readLine()).isEqualTo("ready");
                        child.stdin().write("one\n");
                        assertThat(child.stdout().readLine()).isEqualTo("<one> ticked true");
                        child.stdin().write("zwölf\n");
                        assertThat(child.stdout().readLine()).endsWith("> ticked true");

                        child.stdin().close();

                        assertThat(child.stdout().readLine()).isEqualTo("end");
                        assertThat(child.stdout().readLine()).isNull();
                        assertThat(child.waitFor()).isZero();
                    }
                });
    }
}
