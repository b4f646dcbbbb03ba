package evy.greenness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.file.Files;

/** What the originals test of patched modules, each in a JVM of its own under the agent. */
@ExtendWith(LeakCheckExtension.class)
class PatchedIT {
    private static PeerProcess postgres;

    @BeforeAll
    @Timeout(120)
    static void startPostgres() throws Exception {
        assumeTrue(Files.exists(Jvm.AGENT), () -> "no agent: " + Jvm.AGENT);
        postgres = PeerProcess.start("postgres");
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    @Spec({"PATCH13", "MODS3"})
    void database_whileTheServerSleeps_hubTicks() throws Exception {
        String out = run("sleeping-database", url());

        int ticks = Integer.parseInt(out.strip().substring("ticks: ".length()));
        assertThat(ticks).isGreaterThan(100);
    }

    @Test
    @Spec("MODS3")
    void database_underTheAgent_isTheStockDriver() throws Exception {
        String out = run("stock-driver", url());

        assertThat(out)
                .contains("result: 42")
                .contains("connection: org.postgresql.jdbc.PgConnection")
                .contains("statement: org.postgresql.jdbc.PgStatement")
                .contains("same: true")
                .contains("own method: true");
    }

    @Test
    @Spec("SOCK36")
    void get_ofServerThatDoesNotImplementIt_gives501InOneThread() throws Exception {
        String out = run("unimplemented-get");

        assertThat(out)
                .contains("status: 501")
                .contains("requests: [GET / HTTP/1.1]")
                .contains("hubs: 1")
                .contains("more threads: []");
    }

    @Test
    @Spec({"MODS3", "MODS4"})
    void httpClient_againstServerOnTheSameHub_followsReadsAllAndRunsMany() throws Exception {
        String out = run("http-client");

        assertThat(out)
                .contains("redirected: there")
                .contains("large: true")
                .contains("many: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19")
                .contains("missing: 404");
    }

    private static String run(String... program) throws Exception {
        return Jvm.run(Jvm.agentFlags(), PatchedPrograms.class, program);
    }

    private static String url() {
        return "jdbc:postgresql://"
                + PeerProcess.host()
                + ":"
                + postgres.port()
                + "/postgres?user=evy";
    }
}
