package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the log says. */
@ExtendWith(LeakCheckExtension.class)
class LogTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final WebOptions options = WebOptions.DEFAULT.withLog(log::add);

    private void ask(WebOptions with, String request) throws Exception {
        try (var server = Servers.start(r -> Response.chunks(List.of(new byte[700])), with);
                var client = RawClient.to(server)) {
            client.ask(request);
        }
    }

    @Test
    @Spec({"WSGI46", "WSGI48"})
    void request_default_isALineLikeApaches() throws Exception {
        ask(options, Servers.get("/a?b"));

        assertThat(log).hasSize(3);
        assertThat(log.get(0)).matches("\\(\\d+\\) starting up on http://[^ ]+:\\d+/");
        assertThat(log.get(1))
                .matches(
                        "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4} \\d\\d:\\d\\d:\\d\\d\\]"
                                + " \"GET /a\\?b HTTP/1\\.1\" 200 700 \\d+\\.\\d{6}");
        assertThat(log.get(2)).matches("\\(\\d+\\) exiting: http://.*");
    }

    @Test
    @Spec("WSGI46")
    void format_set_isUsed() throws Exception {
        ask(
                options.withLogFormat("{status_code}|{client_port}|{request_line}!"),
                Servers.request("DELETE", "/x"));

        assertThat(log.get(1)).matches("200\\|\\d+\\|DELETE /x HTTP/1.1!");
        assertThatThrownBy(() -> options.withLogFormat("{what}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("what");
    }

    @Test
    @Spec("WSGI47")
    void forwardedFor_loggedOnlyIfAskedFor() throws Exception {
        String request = Servers.get("/", "X-Forwarded-For: 1.2.3.4,5.6.7.8");
        ask(options, request);
        ask(options.withForwardedForLogged(true), request);

        assertThat(log.get(1)).startsWith("127.0.0.1 - - ");
        assertThat(log.get(4)).startsWith("1.2.3.4,5.6.7.8,127.0.0.1 - - ");
    }

    @Test
    void quotes_inTheTarget_cannotEndTheField() throws Exception {
        ask(options, Servers.get("/\"x"));

        assertThat(log.get(1)).contains("\"GET /%22x HTTP/1.1\"");
    }

    @Test
    @Spec({"WSGI18", "WSGI48"})
    void debug_off_saysNothingOfConnectionsThatComeAndGo() throws Exception {
        WebOptions brief = options.withHeadTimeout(Duration.ofMillis(20));
        try (var server = Servers.start(Servers::echo, brief);
                var client = RawClient.to(server)) {
            assertThat(client.isAtEnd()).isTrue();
        }

        assertThat(log).hasSize(2);
    }

    @Test
    @Spec({"WSGI18", "WSGI48"})
    void debug_on_saysWhoComesAndGoes() throws Exception {
        WebOptions brief = options.withSocketTimeout(Duration.ofMillis(20)).withDebug(true);
        try (var server = Servers.start(Servers::echo, brief);
                var client = RawClient.to(server)) {
            client.send(Servers.request("POST", "/", "Content-Length: 1"));
            client.rest();
        }

        assertThat(log).anyMatch(line -> line.contains("accepted"));
        assertThat(log).anyMatch(line -> line.contains("timed out"));
        assertThat(log).noneMatch(line -> line.contains("\tat "));
    }

    @Test
    @Spec("WSGI48")
    void sink_fails_doesNotDisturb() throws Exception {
        WebOptions failing =
                WebOptions.DEFAULT.withLog(
                        line -> {
                            throw new IllegalStateException("disk full");
                        });
        try (var server = Servers.start(Servers::echo, failing);
                var client = RawClient.to(server)) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void health_checked_saysHowItIs() throws Exception {
        List<Boolean> well = Collections.synchronizedList(new ArrayList<>(List.of(true)));
        App app = HealthCheck.at("/health", () -> well.get(0), r -> Response.text("app"));
        try (var server = Servers.start(app, options);
                var client = RawClient.to(server)) {
            assertThat(client.get("/health").status()).isEqualTo(200);
            assertThat(client.get("/").text()).isEqualTo("app");
            assertThat(client.ask(Servers.request("POST", "/health")).status()).isEqualTo(405);
            well.set(0, false);
            assertThat(client.get("/health").status()).isEqualTo(503);
            well.clear();
            assertThat(client.get("/health").status()).isEqualTo(503);
        }
    }

    @Test
    void debug_onWithoutASink_goesToThePlatformsLog() throws Exception {
        List<String> records = new CopyOnWriteArrayList<>();
        Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord entry) {
                        records.add(entry.getLevel() + " " + entry.getMessage());
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        Logger logger = Logger.getLogger("evy.web");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.FINE);
        try (var server = Servers.start(Servers::echo, WebOptions.DEFAULT.withDebug(true));
                var client = RawClient.to(server)) {
            assertThat(client.get("/").status()).isEqualTo(200);
        } finally {
            logger.setLevel(null);
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }

        assertThat(records).anyMatch(line -> line.matches("FINE \\(.*\\) accepted"));
    }
}
