package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Faults that a whole JVM suffers. */
@ExtendWith(LeakCheckExtension.class)
class FaultIT {
    private static final List<String> OPENINGS =
            List.of(
                    "connect",
                    "TLS connect",
                    "listen",
                    "datagram",
                    "pipe",
                    "socket pair",
                    "file",
                    "process",
                    "accept");

    @Test
    void noFreeDescriptor_everyOpeningSaysSoAndWorksAgainLater(@TempDir Path folder)
            throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        try (JavaProgram program = JavaProgram.limited(64, FaultPrograms.class, file.toString())) {
            String said = program.finish();

            System.out.println(said);
            for (String opening : OPENINGS) {
                assertThat(said)
                        .contains("first: " + opening + ": ok")
                        .containsPattern("none: " + opening + ": .*Too many open files")
                        .contains("again: " + opening + ": ok");
            }
            assertThat(said).contains("leaked: 0").contains("timers and listeners: 0");
        }
    }
}
