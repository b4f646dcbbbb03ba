package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import evy.io.tls.TlsOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Clients that others wrote: curl and the JDK's, plain and over TLS. */
@ExtendWith(LeakCheckExtension.class)
class ClientsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir static Path directory;
    private static TlsOptions serverTls;
    private static SSLContext clientTls;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path store = directory.resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        run(
                List.of(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "web",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "password"));
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        X509Certificate certificate = (X509Certificate) keys.getCertificate("web");
        serverTls =
                TlsOptions.server()
                        .withCertificate(
                                (PrivateKey) keys.getKey("web", PASSWORD), List.of(certificate));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("web", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        clientTls = SSLContext.getInstance("TLS");
        clientTls.init(null, trust.getTrustManagers(), null);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static String curl(WebServer server, String path, String... options) throws Exception {
        assumeThat(Path.of("/usr/bin/curl")).isExecutable();
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-S", "-m", "20"));
        command.addAll(List.of(options));
        command.add("http://127.0.0.1:" + server.port() + path);
        return run(command);
    }

    @Test
    @Spec("WSGI41")
    void curl_usualThings_work() throws Exception {
        Path upload =
                Files.writeString(directory.resolve("upload"), Servers.repeat("0123", 50_000));
        try (var server = Servers.start(Servers::echo)) {
            assertThat(curl(server, "/a?b", "-i"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("X-Target: /a?b\r\n");
            assertThat(curl(server, "/", "--data", "hello")).isEqualTo("hello");
            assertThat(curl(server, "/", "-T", upload.toString())).hasSize(200_000);
            assertThat(curl(server, "/", "-T", upload.toString(), "-H", "Expect: 100-continue"))
                    .hasSize(200_000);
            assertThat(
                            curl(
                                    server,
                                    "/",
                                    "-T",
                                    upload.toString(),
                                    "-H",
                                    "Transfer-Encoding: chunked"))
                    .hasSize(200_000);
            assertThat(curl(server, "/", "-I")).contains("X-Method: HEAD");
            assertThat(curl(server, "/", "-0", "-i")).contains("Connection: close");
        }
    }

    private static HttpRequest.Builder to(URI uri) {
        return HttpRequest.newBuilder(uri);
    }

    @Test
    @Spec("WSGI38")
    void jdkClient_usualThings_work() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = HttpClient.newHttpClient()) {
            var text = HttpResponse.BodyHandlers.ofString();
            for (int i = 0; i < 20; i++) {
                var got = client.send(to(server.uri().resolve("/" + i)).build(), text);

                assertThat(got.statusCode()).isEqualTo(200);
                assertThat(got.headers().firstValue("x-target")).hasValue("/" + i);
            }
            var sized = HttpRequest.BodyPublishers.ofString("sized");
            var chunked =
                    HttpRequest.BodyPublishers.ofByteArrays(
                            List.of(Servers.bytes("chu"), Servers.bytes("nked")));

            assertThat(client.send(to(server.uri()).POST(sized).build(), text).body())
                    .isEqualTo("sized");
            assertThat(client.send(to(server.uri()).PUT(chunked).build(), text).body())
                    .isEqualTo("chunked");
            assertThat(
                            client.send(
                                            to(server.uri())
                                                    .expectContinue(true)
                                                    .POST(sized)
                                                    .build(),
                                            text)
                                    .body())
                    .isEqualTo("sized");
        }
    }

    @Test
    @Spec({"WSGI1", "WSGI20"})
    void tls_served_appsSeeHttps() throws Exception {
        BlockingQueue<Map<String, Object>> seen = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    seen.add(Map.of("scheme", r.scheme(), "session", r.tlsSession().getProtocol()));
                    seen.add(r.environment());
                    return Servers.echo(r);
                };
        try (var server = Servers.start(app, Servers.QUIET.withTls(serverTls));
                var client = HttpClient.newBuilder().sslContext(clientTls).build()) {
            assertThat(server.uri().getScheme()).isEqualTo("https");
            var body = HttpRequest.BodyPublishers.ofString(Servers.repeat("x", 100_000));
            for (int i = 0; i < 3; i++) {
                var got =
                        client.send(
                                to(server.uri())
                                        .version(HttpClient.Version.HTTP_1_1)
                                        .POST(body)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

                assertThat(got.body()).hasSize(100_000);
            }
        }
        assertThat(seen.take()).containsEntry("scheme", "https").containsKey("session");
        assertThat(seen.take())
                .containsEntry("HTTPS", "on")
                .containsEntry("REQUEST_SCHEME", "https");
    }

    @Test
    @Spec({"WSGI5", "WSGI49"})
    void tls_clientsThatAreNone_doNotDisturb() throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        WebOptions options = WebOptions.DEFAULT.withLog(log::add).withTls(serverTls);
        try (var server = Servers.start(Servers::echo, options)) {
            try (var plain = RawClient.to(server)) {
                plain.send(Servers.get("/"));
                assertThat(plain.rest()).doesNotContain("HTTP/1.1 200");
            }
            RawClient.to(server).close();
            try (Socket early =
                    clientTls
                            .getSocketFactory()
                            .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
                ((SSLSocket) early).startHandshake();
            }
            try (Socket socket =
                            clientTls
                                    .getSocketFactory()
                                    .createSocket(InetAddress.getLoopbackAddress(), server.port());
                    var client = new RawClient(socket)) {
                assertThat(client.get("/").status()).isEqualTo(200);
                assertThat(client.send(Servers.get("/") + Servers.get("/")).reply().status())
                        .isEqualTo(200);
                assertThat(client.reply().status()).isEqualTo(200);
            }
        }
        assertThat(log).noneMatch(line -> line.contains("\tat "));
    }
}
