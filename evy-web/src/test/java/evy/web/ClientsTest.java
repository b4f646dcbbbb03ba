package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

/** Clients that others wrote: curl and the JDK's, plain and over TLS. */
@ExtendWith(LeakCheckExtension.class)
class ClientsTest {
    @TempDir static Path directory;
    private static TestTls tls;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = TestTls.make(directory);
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
        try (var server = Servers.start(app, Servers.QUIET.withTls(tls.server()));
                var client = HttpClient.newBuilder().sslContext(tls.client()).build()) {
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
        WebOptions options = WebOptions.DEFAULT.withLog(log::add).withTls(tls.server());
        try (var server = Servers.start(Servers::echo, options)) {
            try (var plain = RawClient.to(server)) {
                plain.send(Servers.get("/"));
                assertThat(plain.rest()).doesNotContain("HTTP/1.1 200");
            }
            RawClient.to(server).close();
            try (Socket early =
                    tls.client()
                            .getSocketFactory()
                            .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
                ((SSLSocket) early).startHandshake();
            }
            try (Socket socket =
                            tls.client()
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

    @Test
    @Spec("WSGI18")
    void tls_clientThatNeverReads_isCutOff() throws Exception {
        BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
        WebOptions options =
                Servers.QUIET.withTls(tls.server()).withSocketTimeout(Duration.ofMillis(100));
        App app =
                r -> {
                    r.onFinished(_ -> ended.add(true));
                    return Response.bytes(new byte[30_000_000]);
                };
        try (var server = Servers.start(app, options);
                Socket socket =
                        tls.client()
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(Servers.bytes(Servers.get("/")));

            assertThat(ended.poll(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Spec("WSGI18")
    void tls_clientThatNeverShakesHands_isCutOff() throws Exception {
        WebOptions options =
                Servers.QUIET.withTls(tls.server()).withHeadTimeout(Duration.ofMillis(100));
        try (var server = Servers.start(Servers::echo, options);
                var silent = RawClient.to(server);
                var begun = RawClient.to(server)) {
            begun.send("\u0016\u0003\u0001\u0002\u0000\u0001");

            assertThat(silent.isAtEnd()).isTrue();
            assertThat(begun.isAtEnd()).isTrue();
        }
    }
}
