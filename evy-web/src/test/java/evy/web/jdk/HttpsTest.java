package evy.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;

/** HTTPS servers and their configurators. */
@ExtendWith(LeakCheckExtension.class)
class HttpsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir static Path directory;

    /* One identity for both ends, which both trust. */
    private static KeyManager[] own;
    private static KeyStore trusted;

    private SSLContext known;
    private SSLContext anonymous;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path store = directory.resolve("store.p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String arguments =
                "-genkeypair -alias a -keyalg EC -dname CN=localhost -ext san=dns:localhost"
                        + " -storetype PKCS12 -storepass password -keystore ";
        List<String> command = new ArrayList<>(List.of(keytool));
        command.addAll(List.of(arguments.split(" ")));
        command.add(store.toString());
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();

        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, PASSWORD);
        own = factory.getKeyManagers();
        trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
    }

    /* New ones: a server that gets another's port must not resume a session with that one's settings. */
    @BeforeEach
    void makeContexts() throws Exception {
        known = context(own);
        anonymous = context(null);
    }

    private static SSLContext context(KeyManager[] keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    private HttpsConfigurator configurator(Consumer<HttpsParameters> configure) {
        return new HttpsConfigurator(known) {
            @Override
            public void configure(HttpsParameters parameters) {
                configure.accept(parameters);
            }
        };
    }

    /* Tells the client what the server sees of it. */
    private static Running serve(Provider provider, HttpsConfigurator configurator)
            throws IOException {
        HttpsServer server = provider.unboundTls();
        server.bind(Provider.ANY_PORT, 0);
        server.setHttpsConfigurator(configurator);
        assertThat(server.getHttpsConfigurator()).isSameAs(configurator);
        server.createContext(
                "/",
                x -> {
                    HttpsExchange tls = (HttpsExchange) x;
                    String body =
                            new String(x.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                    String who;
                    try {
                        who = tls.getSSLSession().getPeerPrincipal().getName();
                    } catch (SSLPeerUnverifiedException e) {
                        who = "nobody";
                    }
                    x.setAttribute("who", who);
                    byte[] seen =
                            String.join(
                                            " ",
                                            tls.getSSLSession().getProtocol(),
                                            x.getAttribute("who").toString(),
                                            x.getRequestMethod(),
                                            x.getRequestURI().toString(),
                                            x.getProtocol(),
                                            x.getHttpContext().getPath(),
                                            x.getPrincipal() + "",
                                            body)
                                    .getBytes(StandardCharsets.UTF_8);
                    x.getResponseHeaders().set("X-Host", x.getRequestHeaders().getFirst("X-Host"));
                    x.sendResponseHeaders(200, seen.length);
                    x.getResponseBody().write(seen);
                    x.close();
                });
        return Running.start(server);
    }

    private static String ask(Running running, SSLContext context) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "https://localhost:"
                                                    + running.server().getAddress().getPort()
                                                    + "/a?b"))
                            .version(HttpClient.Version.HTTP_1_1)
                            .header("X-Host", "host")
                            .POST(HttpRequest.BodyPublishers.ofString("body"))
                            .build();
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("X-Host")).hasValue("host");
            return answer.body();
        }
    }

    @ParameterizedTest
    @EnumSource
    void plainConfigurator_served_byTheNewestVersion(Provider provider) throws Exception {
        try (Running running = serve(provider, new HttpsConfigurator(known))) {
            assertThat(ask(running, known))
                    .isEqualTo("TLSv1.3 nobody POST /a?b HTTP/1.1 / null body");
        }
    }

    @ParameterizedTest
    @EnumSource
    void configurator_eachConnection_isAskedAboutItsClient(Provider provider) throws Exception {
        BlockingQueue<InetSocketAddress> clients = new LinkedBlockingQueue<>();
        HttpsConfigurator asking =
                configurator(
                        p -> {
                            clients.add(p.getClientAddress());
                            assertThat(p.getHttpsConfigurator().getSSLContext()).isSameAs(known);
                            SSLParameters parameters = known.getDefaultSSLParameters();
                            if (clients.size() == 2) {
                                parameters.setProtocols(new String[] {"TLSv1.2"});
                            }
                            p.setSSLParameters(parameters);
                        });
        try (Running running = serve(provider, asking)) {
            assertThat(ask(running, known)).startsWith("TLSv1.3");
            assertThat(ask(running, known)).startsWith("TLSv1.2");
        }
        assertThat(clients).hasSize(2).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void clientCertificate_needed_isKnownOrRefused(Provider provider) throws Exception {
        HttpsConfigurator needing =
                configurator(
                        p -> {
                            SSLParameters parameters = known.getDefaultSSLParameters();
                            parameters.setNeedClientAuth(true);
                            p.setSSLParameters(parameters);
                        });
        try (Running running = serve(provider, needing)) {
            assertThat(ask(running, known)).contains("CN=localhost");
            assertThatThrownBy(() -> ask(running, anonymous)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void settings_madeTheOldWay_count(Provider provider) throws Exception {
        HttpsConfigurator old = oldWay(false);
        try (Running running = serve(provider, old)) {
            assertThat(ask(running, known)).startsWith("TLSv1.2 CN=localhost");
            assertThat(ask(running, anonymous)).startsWith("TLSv1.2 nobody");
        }
        try (Running running = serve(provider, oldWay(true))) {
            assertThat(ask(running, known)).startsWith("TLSv1.2 CN=localhost");
            assertThatThrownBy(() -> ask(running, anonymous)).isInstanceOf(IOException.class);
        }
    }

    @SuppressWarnings("deprecation") // so old programs say it
    private HttpsConfigurator oldWay(boolean needed) {
        return configurator(
                p -> {
                    p.setWantClientAuth(true);
                    if (needed) {
                        p.setNeedClientAuth(true);
                    }
                    p.setProtocols(new String[] {"TLSv1.2"});
                    p.setCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"});
                });
    }

    @Test
    void configurator_fails_othersAreServed() throws Exception {
        BlockingQueue<InetSocketAddress> clients = new LinkedBlockingQueue<>();
        HttpsConfigurator failing =
                configurator(
                        p -> {
                            clients.add(p.getClientAddress());
                            if (clients.size() == 1) {
                                throw new IllegalStateException("not this one");
                            }
                        });
        try (Running running = serve(Provider.EVY, failing)) {
            assertThatThrownBy(() -> ask(running, known)).isInstanceOf(IOException.class);
            assertThat(ask(running, known)).startsWith("TLSv1.3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatIsNoTls_othersAreServed(Provider provider) throws Exception {
        try (Running running = serve(provider, new HttpsConfigurator(known));
                Caller silent = running.caller();
                Caller plain = running.caller()) {
            plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(ask(running, known)).startsWith("TLSv1.3");
            assertThat(plain.rest()).doesNotContain("HTTP");
        }
    }

    @Test
    void configurator_missingOrLate_isRefused() throws Exception {
        HttpsServer server = Provider.EVY.unboundTls();
        server.bind(Provider.ANY_PORT, 0);

        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("setHttpsConfigurator");
        assertThatThrownBy(() -> server.setHttpsConfigurator(null))
                .isInstanceOf(NullPointerException.class);
        server.setHttpsConfigurator(new HttpsConfigurator(known));
        server.start();
        assertThatThrownBy(() -> server.setHttpsConfigurator(new HttpsConfigurator(known)))
                .isInstanceOf(IllegalStateException.class);

        server.stop(0);
    }

    @ParameterizedTest
    @EnumSource
    void server_ofTls_isOneAsAnyOther(Provider provider) throws Exception {
        HttpsServer server = provider.unboundTls();
        server.bind(Provider.ANY_PORT, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(known));
        Executor executor = Runnable::run;
        server.setExecutor(executor);
        assertThat(server.getExecutor()).isSameAs(executor);
        server.createContext("/").setHandler(HttpsTest::describe);
        server.createContext("/a/b", _ -> {});
        HttpContext other = server.createContext("/a");
        server.removeContext("/a/b");
        server.removeContext(other);
        assertThatThrownBy(() -> server.removeContext("/a/b"))
                .isInstanceOf(IllegalArgumentException.class);
        try (Running running = Running.start(server)) {
            assertThat(ask(running, known))
                    .isEqualTo("true " + server.getAddress().getPort() + " -1 BODY");
        }
    }

    private static void describe(HttpExchange x) throws IOException {
        byte[] upper =
                new String(x.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                        .toUpperCase(Locale.ROOT)
                        .getBytes(StandardCharsets.UTF_8);
        x.setStreams(new ByteArrayInputStream(upper), null);
        String body = new String(x.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] seen =
                (x.getRemoteAddress().getAddress().isLoopbackAddress()
                                + " "
                                + x.getLocalAddress().getPort()
                                + " "
                                + x.getResponseCode()
                                + " "
                                + body)
                        .getBytes(StandardCharsets.UTF_8);
        x.getResponseHeaders().set("X-Host", x.getRequestHeaders().getFirst("X-Host"));
        x.sendResponseHeaders(200, seen.length);
        assertThat(x.getResponseCode()).isEqualTo(200);
        x.getResponseBody().write(seen);
        x.close();
    }

    @Test
    void provider_givenAnAddress_bindsToIt() throws Exception {
        HttpsServer server = new EvyHttpServerProvider().createHttpsServer(Provider.ANY_PORT, 0);

        assertThat(server.getAddress().getPort()).isPositive();
        server.stop(0);
    }
}
