package evy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import evy.web.DebugPages;
import evy.web.WebOptions;
import evy.web.WebServer;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** {@code ./evy top URL} at debug pages that want a token. */
class TopDebugPagesIT {
    private static final String TOKEN = "0123456789abcdef";
    private static final String VARIABLE = "EVY_DEBUG_TOKEN";

    @Test
    void top_validToken_showsTheServersHub() throws Exception {
        try (var server = start();
                var top = top(server, TOKEN)) {
            assertThat(top.awaitEnd()).as(top.output()).isZero();
            assertThat(top.output())
                    .contains("process " + ProcessHandle.current().pid(), "evy-hub-")
                    .contains("by http://localhost:" + server.port() + "/inside");
        }
    }

    @Test
    void top_noOrWrongToken_saysHowToGiveOne() throws Exception {
        try (var server = start()) {
            for (var token : List.of("", TOKEN + "0")) {
                try (var top = top(server, token)) {
                    assertThat(top.awaitEnd()).as(top.output()).isEqualTo(1);
                    assertThat(top.output()).contains("wants a token, or another one; use --token");
                }
            }
        }
    }

    private static WebServer start() throws Exception {
        var pages = DebugPages.at("/inside/").withToken(TOKEN);
        return WebServer.start(0, pages, WebOptions.DEFAULT.withLog(_ -> {}));
    }

    private static Example top(WebServer server, String token) throws Exception {
        var url = "http://localhost:" + server.port() + "/inside";
        var words = List.of("top", "--once", "--interval=0.1", url);
        var environment = token.isEmpty() ? Map.<String, String>of() : Map.of(VARIABLE, token);
        return Example.command(words, environment);
    }
}
