package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;

import evy.Evy;
import evy.GreenPool;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** The debug pages: what they show, and to whom. */
@ExtendWith(LeakCheckExtension.class)
class DebugPagesTest {
    private static final String TOKEN = "0123456789abcdef";

    @Test
    void handle_indexAndUnknownPage_nameThePages() throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            Reply index = client.get("/debug/");
            Reply unknown = client.get("/debug/nothing.json");

            assertThat(index.status()).isEqualTo(200);
            assertThat(index.text()).contains("overview", "green-threads", "blocks");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.text()).contains("no page 'nothing.json'", "overview");
        }
    }

    @Spec("DBG2")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "overview",
                "green-threads",
                "green-threads?stacks",
                "listeners",
                "timers",
                "threads",
                "blocks"
            })
    void handle_page_isTextAndJson(String page) throws Exception {
        String json = page.contains("?") ? page.replace("?", ".json?") : page + ".json";
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            Reply asText = client.get("/debug/" + page);
            Reply asJson = client.get("/debug/" + json);

            assertThat(asText.status()).isEqualTo(200);
            assertThat(asText.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(asText.header("Cache-Control")).isEqualTo("no-store");
            assertThat(asJson.status()).isEqualTo(200);
            assertThat(asJson.header("Content-Type")).isEqualTo("application/json");
            assertThat(JsonParser.parseString(asJson.text()).isJsonNull()).isFalse();
        }
    }

    @Test
    void handle_dump_hasItAll() throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            String dump = client.get("/debug/dump").text();

            assertThat(dump)
                    .contains("GREEN THREADS:", "READERS:", "TIMERS:", "THREADS:", "BLOCKS:")
                    .contains("evy.web.DebugPages.handle");
        }
    }

    @Test
    void handle_overviewQuery_chooses() throws Exception {
        Event<Void> end = new Event<>();
        GreenPool pool = new GreenPool(50);
        for (int i = 0; i < 50; i++) {
            int number = i;
            pool.spawnN(
                    () -> {
                        Thread.currentThread().setName("sleeper-" + number);
                        end.await();
                    });
        }
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            String path = "/debug/overview.json?order=newest&rows=3&filter=SLEEPER-4";
            var json = JsonParser.parseString(client.get(path).text()).getAsJsonObject();

            var names =
                    json.getAsJsonArray("green_threads").asList().stream()
                            .map(thread -> thread.getAsJsonObject().get("name").getAsString());
            assertThat(names).containsExactly("sleeper-49", "sleeper-48", "sleeper-47");
            assertThat(json.get("matching").getAsInt()).isEqualTo(11);
            assertThat(json.getAsJsonObject("kinds").get("event").getAsInt()).isEqualTo(50);
        } finally {
            end.send(null);
            pool.waitAll();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows=x", "rows=-1", "rows=1001", "order=up", "filter=%ff"})
    void handle_malformedQuery_isRefused(String query) throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            Reply reply = client.get("/debug/overview?" + query);

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text()).startsWith("bad request: ");
        }
    }

    @Test
    void handle_otherMethod_isRefused() throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            Reply reply = client.ask("POST /debug/ HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(reply.status()).isEqualTo(405);
        }
    }

    @Test
    void handle_throughRouter_isFound() throws Exception {
        App app = new Router().route("/debug/{page...}", DebugPages.at("/debug/"));
        try (WebServer server = Servers.start(app);
                RawClient client = RawClient.to(server)) {
            assertThat(client.get("/debug/threads").text()).startsWith("THREADS:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example"})
    void handle_otherHost_isRefused(String host) throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            Reply reply = client.ask("GET /debug/ HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.text()).contains("ask for localhost");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]", "[::1]:80"})
    void handle_ownHost_isServed(String host) throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            Reply reply = client.ask("GET /debug/ HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

            assertThat(reply.status()).isEqualTo(200);
        }
    }

    @Test
    void handle_throughProxy_needsToken() throws Exception {
        App open = DebugPages.at("/debug/");
        App guarded = DebugPages.at("/guarded/").withToken(TOKEN);
        App both = new Router().route("/debug/{p...}", open).route("/guarded/{p...}", guarded);
        String proxied = "X-Forwarded-For: 192.0.2.1\r\n\r\n";
        String authorized = "Authorization: Bearer " + TOKEN + "\r\n" + proxied;
        try (WebServer server = Servers.start(both);
                RawClient client = RawClient.to(server)) {
            Reply refused = client.ask("GET /debug/ HTTP/1.1\r\nHost: localhost\r\n" + proxied);
            Reply served = client.ask("GET /guarded/ HTTP/1.1\r\nHost: a\r\n" + authorized);

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("X-Forwarded-For", "token");
            assertThat(served.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: Bearer 0123456789abcdeX\r\n",
                "Authorization: Bearer \r\n",
                "Authorization: Bearer\r\n",
                "Authorization: Basic 0123456789abcdef\r\n"
            })
    void handle_withoutTheToken_isRefused(String field) throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/").withToken(TOKEN));
                RawClient client = RawClient.to(server)) {
            Reply reply =
                    client.ask("GET /debug/dump HTTP/1.1\r\nHost: localhost\r\n" + field + "\r\n");

            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
            assertThat(reply.text()).doesNotContain("GREEN THREADS", TOKEN);
        }
    }

    @Test
    void handle_otherMachine_isServedOnlyIfToldSoAndWithToken() throws Exception {
        InetAddress outer = outerAddress();
        App local = DebugPages.at("/local/");
        App guarded = DebugPages.at("/guarded/").withToken(TOKEN);
        App remote = DebugPages.at("/remote/").withToken(TOKEN).withRemote();
        App all =
                new Router()
                        .route("/local/{p...}", local)
                        .route("/guarded/{p...}", guarded)
                        .route("/remote/{p...}", remote);
        String head = " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n";
        InetSocketAddress any = new InetSocketAddress(0);
        try (WebServer server = WebServer.start(any, all, Servers.QUIET);
                RawClient client = new RawClient(new Socket(outer, server.port()))) {
            assertThat(client.ask("GET /local/" + head).status()).isEqualTo(403);
            assertThat(client.ask("GET /guarded/" + head).status()).isEqualTo(403);
            assertThat(client.ask("GET /remote/" + head).status()).isEqualTo(200);
            assertThat(client.get("/remote/").status()).isEqualTo(401);
        }
    }

    private static InetAddress outerAddress() throws Exception {
        var found =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
                        .findFirst();
        Assumptions.assumeTrue(found.isPresent(), "no address but loopback's on this machine");
        return found.get();
    }

    @Test
    void handle_unixSocket_isLocal(@TempDir Path folder) throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("debug.sock"));
        App app = DebugPages.at("/debug/");
        try (WebServer server = WebServer.start(address, app, Servers.QUIET);
                RawClient client = new RawClient(Evy.connect(address))) {
            assertThat(server.toString()).isNotEmpty();
            assertThat(client.get("/debug/threads").status()).isEqualTo(200);
        }
    }

    @Test
    void options_malformed_sayWhy() {
        DebugPages pages = DebugPages.at("/debug/");

        assertThatThrownBy(() -> DebugPages.at("debug/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prefix must begin and end with '/': debug/");
        assertThatThrownBy(() -> pages.withToken("short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("token must have at least 16 characters: it has 5");
        assertThatThrownBy(() -> pages.withToken("with blank in the middle"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(pages::withRemote)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need a token");
    }

    @Test
    void handle_killedClients_leaveTheNextTheirTurn() throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/"))) {
            for (int i = 0; i < 5; i++) {
                try (RawClient gone = RawClient.to(server)) {
                    gone.send(Servers.get("/debug/dump").replace("Host: a", "Host: localhost"));
                }
            }
            try (RawClient client = RawClient.to(server)) {
                assertThat(client.get("/debug/threads").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void handle_http10WithoutHost_isServedAsNoBrowserSpeaksIt() throws Exception {
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            assertThat(client.ask("GET /debug/ HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
        }
    }
}
