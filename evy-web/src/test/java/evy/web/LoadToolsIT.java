package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Programs that load servers: every request is answered, none wrong. */
@ExtendWith(LeakCheckExtension.class)
class LoadToolsIT {
    @TempDir Path directory;

    @Test
    @Spec("WSGI38")
    void wrk_keepsConnections_allAreAnswered() throws Exception {
        try (var server = Servers.start(request -> Response.text("hello"))) {
            String said = Tool.run(directory, List.of("wrk"), "-t1", "-c16", "-d1s", server.uri());

            assertThat(said)
                    .containsPattern("[1-9][0-9]* requests in")
                    .doesNotContain("Socket errors")
                    .doesNotContain("Non-2xx");
        }
    }

    @Test
    @Spec("WSGI38")
    void h2load_pipelines_allAreAnswered() throws Exception {
        try (var server = Servers.start(request -> Response.text("hello"))) {
            String said =
                    Tool.run(
                            directory,
                            List.of("h2load"),
                            "--h1",
                            "-n4000",
                            "-c8",
                            "-m16",
                            server.uri());

            assertThat(said)
                    .contains("4000 succeeded, 0 failed, 0 errored, 0 timeout")
                    .contains("status codes: 4000 2xx");
        }
    }

    @Test
    @Spec("WSGI38")
    void h2load_morePartiesThanPlaces_allAreAnswered() throws Exception {
        WebOptions options = Servers.QUIET.withMaxConnections(4);
        try (var server = Servers.start(request -> Response.text("hello"), options)) {
            String said =
                    Tool.run(directory, List.of("h2load"), "--h1", "-n16", "-c16", server.uri());

            assertThat(said).contains("status codes: 16 2xx");
        }
    }

    @Test
    @Spec("TEST4")
    void apachebench_keepsAndReopensConnections_allAreAnswered() throws Exception {
        try (var server = Servers.start(request -> Response.text("hello"))) {
            for (String keep : List.of("-k", "-q")) {
                String said =
                        Tool.run(
                                directory,
                                List.of("ab"),
                                keep,
                                "-n1000",
                                "-c16",
                                server.uri().toString().replace("localhost", "127.0.0.1"));

                assertThat(said)
                        .containsPattern("Complete requests: +1000\\n")
                        .containsPattern("Failed requests: +0\\n")
                        .doesNotContain("Non-2xx");
            }
        }
    }
}
