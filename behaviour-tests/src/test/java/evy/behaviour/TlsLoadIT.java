package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Many TLS connections between two JVMs, whose hubs go on ticking. The figures go to the log: what
 * they can be depends on the machine, so only bounds that no machine should miss are asserted.
 */
@ExtendWith(LeakCheckExtension.class)
class TlsLoadIT {
    private static final double LONGEST_GAP_MILLIS = 10_000;

    @TempDir private Path folder;

    @Test
    @Spec({"SSL1", "SSL9"})
    void handshakes_100AtOnce_leaveTheHubsTicking() throws Exception {
        load(100, 100);
    }

    @Test
    @Tag("stress")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @Spec({"SSL1", "SSL9"})
    void handshakes_1000AtOnce_leaveTheHubsTicking() throws Exception {
        load(1000, 1000);
    }

    @Test
    @Tag("stress")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @Spec("SSL1")
    void connections_10000HeldOpen_allCarryDataAndCostLittle() throws Exception {
        double kilobytes = load(10_000, 100);

        assertThat(kilobytes).as("heap of a connection at rest").isLessThan(30);
    }

    /* Returns what a connection at rest costs the server. */
    private double load(int connections, int atOnce) throws Exception {
        String authority = folder.resolve("ca.pem").toString();
        try (JavaProgram server =
                JavaProgram.start("1g", TlsLoadPrograms.class, "server", authority)) {
            double before = number(server.answer("heap"));
            String port = server.answer("port");
            String number = Integer.toString(connections);
            try (JavaProgram client =
                    JavaProgram.start(
                            "1g",
                            TlsLoadPrograms.class,
                            "client",
                            authority,
                            port,
                            number,
                            Integer.toString(atOnce))) {
                assertThat(client.answer("handshakes")).isEqualTo(number);
                assertTicking(client);
                server.tell("after the handshakes");
                assertTicking(server);
                double each = (number(server.answer("heap")) - before) / connections;

                client.tell("echo");

                assertThat(client.answer("echoed")).isEqualTo(number);
                assertTicking(client);
                System.out.printf("client:%n%s%n", client.finish());
                System.out.printf("server: %.1f KB a connection at rest%n", each);
                server.tell("after the end");
                assertTicking(server);
                System.out.printf("server:%n%s%n", server.finish());
                return each;
            }
        }
    }

    private static void assertTicking(JavaProgram program) throws Exception {
        assertThat(number(program.answer("longest gap"))).isLessThan(LONGEST_GAP_MILLIS);
    }

    /* Without its unit. */
    private static double number(String answer) {
        return Double.parseDouble(answer.substring(0, answer.indexOf(' ')));
    }
}
