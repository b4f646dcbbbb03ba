package evy.behaviour;

import static evy.behaviour.TlsFixtures.CLIENT;
import static evy.behaviour.TlsFixtures.SERVER;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.Platform;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.io.tls.TlsServerSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** TLS sockets of ours with those of others at the other end. */
@ExtendWith(LeakCheckExtension.class)
class TlsInteropTest {
    private static final byte[] DATA = NetFixtures.pattern(100_000);
    private static final String RESPONSE =
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";

    private static SSLContext jdk;

    @TempDir Path dir;

    @BeforeAll
    static void startJdkSockets() throws Exception {
        NetFixtures.startJdkSockets();
        jdk = TlsFixtures.jdkContext(TlsIdentities.LOCALHOST);
    }

    // the JDK

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Spec("SSL2")
    void server_withAClientOfTheJdk_echoes(String version) throws Exception {
        Evy.run(
                () -> {
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER);
                            Platform<byte[]> client =
                                    Platform.start(
                                            () -> jdkClient(listener.getLocalPort(), version))) {
                        try (GreenTlsSocket accepted = listener.accept()) {
                            byte[] got = accepted.getInputStream().readNBytes(DATA.length);
                            accepted.sendAll(got);
                            assertThat(accepted.recv(1)).isEmpty();
                        }
                        NetFixtures.awaitTrue("answered", client::isDone);

                        assertThat(client.get()).isEqualTo(DATA);
                    }
                });
    }

    private static byte[] jdkClient(int port, String version) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) jdk.getSocketFactory().createSocket("localhost", port)) {
            socket.setEnabledProtocols(new String[] {version});
            socket.getOutputStream().write(DATA);
            byte[] answer = socket.getInputStream().readNBytes(DATA.length);
            socket.shutdownOutput();
            return answer;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Spec("SSL2")
    void client_withAServerOfTheJdk_exchanges(String version) throws Exception {
        try (SSLServerSocket listener =
                        (SSLServerSocket)
                                jdk.getServerSocketFactory()
                                        .createServerSocket(0, 5, NetFixtures.loopback());
                Platform<byte[]> server = Platform.start(() -> jdkServer(listener))) {
            byte[] answer =
                    Evy.run(
                            () -> {
                                TlsOptions options = CLIENT.withVersions(version);
                                int port = listener.getLocalPort();
                                try (var socket = Tls.connect("127.0.0.1", port, options)) {
                                    socket.sendAll(DATA);
                                    socket.shutdownOutput();
                                    return version.equals("TLSv1.3")
                                            ? socket.getInputStream().readAllBytes()
                                            : DATA; // there a goodbye ends both ways
                                }
                            });

            assertThat(server.get()).isEqualTo(DATA);
            assertThat(answer).isEqualTo(DATA);
        }
    }

    private static byte[] jdkServer(SSLServerSocket listener) throws IOException {
        try (Socket accepted = listener.accept()) {
            byte[] got = accepted.getInputStream().readAllBytes();
            if (!((SSLSocket) accepted).getSession().getProtocol().equals("TLSv1.2")) {
                accepted.getOutputStream().write(got);
            }
            return got;
        }
    }

    @Test
    @Spec("SSL13")
    void renegotiation_byThePeer_isRefused() throws Exception {
        Evy.run(
                () -> {
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER);
                            Platform<Void> client =
                                    Platform.start(() -> renegotiate(listener.getLocalPort()));
                            GreenTlsSocket accepted = listener.accept()) {
                        assertThat(accepted.recv(1)).hasSize(1);

                        assertThatThrownBy(() -> accepted.recv(1))
                                .isInstanceOf(SSLException.class)
                                .hasMessageContaining("renegotiate");
                        assertThat(accepted.isClosed()).isTrue();
                        NetFixtures.awaitTrue("refused", client::isDone);
                    }
                });
    }

    @Test
    @Spec("SSL3")
    void keyUpdate_byThePeer_isAnswered() throws Exception {
        Evy.run(
                () -> {
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER);
                            Platform<byte[]> client =
                                    Platform.start(() -> updateKeys(listener.getLocalPort()));
                            GreenTlsSocket accepted = listener.accept()) {
                        byte[] got = accepted.getInputStream().readNBytes(3);
                        accepted.sendAll(got);
                        NetFixtures.awaitTrue("answered", client::isDone);

                        assertThat(client.get()).isEqualTo(new byte[] {1, 2, 3});
                    }
                });
    }

    private static byte[] updateKeys(int port) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) jdk.getSocketFactory().createSocket("localhost", port)) {
            for (int i = 1; i <= 3; i++) {
                socket.getOutputStream().write(i);
                socket.startHandshake(); // in TLS 1.3 an update of the keys, both ways
            }
            return socket.getInputStream().readNBytes(3);
        }
    }

    private static Void renegotiate(int port) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) jdk.getSocketFactory().createSocket("localhost", port)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.getOutputStream().write(1);
            assertThatThrownBy(
                            () -> {
                                socket.startHandshake();
                                socket.getOutputStream().write(2);
                                socket.getInputStream().read();
                                throw new IOException("or it is seen as the end");
                            })
                    .isInstanceOf(IOException.class);
            return null;
        }
    }

    @Test
    @Spec("SSL1")
    void server_withTheJdksHttpClient_answers() throws Exception {
        Evy.run(
                () -> {
                    try (TlsServerSocket listener =
                                    Tls.wrap(NetFixtures.listen(), SERVER.withAlpn("http/1.1"));
                            Platform<String> client =
                                    Platform.start(() -> httpClient(listener.getLocalPort()))) {
                        answer(listener);
                        NetFixtures.awaitTrue("answered", client::isDone);

                        assertThat(client.get()).isEqualTo("hello");
                    }
                });
    }

    private static String httpClient(int port) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(jdk).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/")).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static void answer(TlsServerSocket listener) throws IOException {
        try (GreenTlsSocket accepted = listener.accept()) {
            respond(accepted);
        }
    }

    private static void respond(Socket socket) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        String line = lines.readLine();
        while (line != null && !line.isEmpty()) {
            line = lines.readLine();
        }
        socket.getOutputStream().write(RESPONSE.getBytes());
    }

    @Test
    @Spec("SSL1")
    void https_bySeveralGreenThreads_fetches() throws Exception {
        Evy.run(
                () -> {
                    var factory =
                            Tls.socketFactory(
                                    TlsOptions.client().withCaCerts(TlsFixtures.authorities()));
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER)) {
                        GreenThread<?> serving = Evy.spawn(() -> serve(listener));
                        List<GreenThread<byte[]>> fetches = new ArrayList<>();
                        URI uri = URI.create("https://localhost:" + listener.getLocalPort());
                        for (int i = 0; i < 4; i++) {
                            fetches.add(
                                    Evy.spawn(
                                            () -> {
                                                var connection =
                                                        (HttpsURLConnection)
                                                                uri.toURL().openConnection();
                                                connection.setSSLSocketFactory(factory);
                                                try (var in = connection.getInputStream()) {
                                                    return in.readAllBytes();
                                                }
                                            }));
                        }

                        for (GreenThread<byte[]> fetch : fetches) {
                            assertThat(fetch.join()).isEqualTo("hello".getBytes());
                        }
                        serving.kill();
                    }
                });
    }

    private static void serve(TlsServerSocket listener) throws Exception {
        Evy.serve(listener, TlsInteropTest::respond);
    }

    // programs

    private static boolean has(String program) {
        try {
            return run(List.of(program, "--version"), "").status() >= 0;
        } catch (Exception e) {
            return false;
        }
    }

    private record Outcome(int status, String output) {}

    /* Off the hub: a program's pipes are files. */
    private static Outcome run(List<String> command, String input) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getInputStream()) {
            try (var out = process.getOutputStream()) {
                out.write(input.getBytes());
            }
            String output = new String(in.readAllBytes());
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return new Outcome(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    @Spec("SSL2")
    void server_withOpensslsClient_echoes(String version) throws Exception {
        assumeTrue(has("openssl"), "openssl is not installed");
        Path ca = TlsFixtures.authorities();
        Evy.run(
                () -> {
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER)) {
                        List<String> command =
                                List.of(
                                        "openssl",
                                        "s_client",
                                        version,
                                        "-quiet",
                                        "-verify_return_error",
                                        "-verify_hostname",
                                        "localhost",
                                        "-servername",
                                        "localhost",
                                        "-CAfile",
                                        ca.toString(),
                                        "-connect",
                                        "127.0.0.1:" + listener.getLocalPort());
                        try (Platform<Outcome> client =
                                        Platform.start(() -> run(command, "from openssl\n"));
                                GreenTlsSocket accepted = listener.accept()) {
                            byte[] got = accepted.getInputStream().readNBytes(13);
                            accepted.sendAll("from evy\n".getBytes());
                            accepted.close();
                            NetFixtures.awaitTrue("answered", client::isDone);

                            assertThat(new String(got)).isEqualTo("from openssl\n");
                            assertThat(client.get().output()).contains("from evy");
                        }
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void server_withCurl_answers() throws Exception {
        assumeTrue(has("curl"), "curl is not installed");
        Path ca = TlsFixtures.authorities();
        Evy.run(
                () -> {
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER)) {
                        List<String> command =
                                List.of(
                                        "curl",
                                        "-sS",
                                        "--noproxy",
                                        "*",
                                        "--cacert",
                                        ca.toString(),
                                        "https://localhost:" + listener.getLocalPort() + "/");
                        try (Platform<Outcome> client = Platform.start(() -> run(command, ""))) {
                            answer(listener);
                            NetFixtures.awaitTrue("answered", client::isDone);

                            assertThat(client.get()).isEqualTo(new Outcome(0, "hello"));
                        }
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    @Spec("SSL2")
    void client_withOpensslsServer_exchanges(String version) throws Exception {
        assumeTrue(has("openssl"), "openssl is not installed");
        Path cert = TlsIdentities.LOCALHOST.writeChain(dir.resolve("cert.pem"));
        Path key = TlsIdentities.LOCALHOST.writeKey(dir.resolve("key.pem"));
        int port = NetFixtures.refusing().getPort();
        Process server =
                new ProcessBuilder(
                                "openssl",
                                "s_server",
                                version,
                                "-rev",
                                "-accept",
                                Integer.toString(port),
                                "-cert",
                                cert.toString(),
                                "-key",
                                key.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("log").toFile())
                        .start();
        try (var in = server.getInputStream();
                var out = server.getOutputStream()) {
            byte[] answer =
                    Evy.run(
                            () -> {
                                NetFixtures.awaitTrue("ACCEPT", () -> says("ACCEPT"));
                                try (var socket = Tls.connect("127.0.0.1", port, CLIENT)) {
                                    socket.sendAll("abc\n".getBytes());
                                    return socket.getInputStream().readNBytes(4);
                                }
                            });

            assertThat(answer).isEqualTo("cba\n".getBytes());
            assertThat(in).isNotSameAs(out);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private boolean says(String text) {
        try {
            return Files.readString(dir.resolve("log")).contains(text);
        } catch (IOException e) {
            return false;
        }
    }
}
