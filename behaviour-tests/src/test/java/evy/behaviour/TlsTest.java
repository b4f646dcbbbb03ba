package evy.behaviour;

import static evy.behaviour.NetFixtures.settle;
import static evy.behaviour.TlsFixtures.CLIENT;
import static evy.behaviour.TlsFixtures.SERVER;
import static evy.behaviour.TlsFixtures.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.TlsFixtures.TlsPair;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.io.tls.TlsServerSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** TLS sockets: both ends of ours, what they carry, and how they end. */
@ExtendWith(LeakCheckExtension.class)
class TlsTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    // carrying

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Spec({"SSL2", "SSL3", "SSL11"})
    void ownClient_withOwnServer_carriesBothWays(String version) throws Exception {
        Evy.run(
                () -> {
                    byte[] large = NetFixtures.pattern(200_000);
                    TlsOptions client = CLIENT.withVersions(version);
                    try (TlsPair pair = TlsPair.open(client, SERVER)) {
                        byte[] there = carry(pair.client(), pair.server(), large);
                        byte[] back = carry(pair.server(), pair.client(), HELLO);

                        assertThat(there).isEqualTo(large);
                        assertThat(back).isEqualTo(HELLO);
                        assertThat(pair.client()).isInstanceOf(SSLSocket.class);
                        assertThat(pair.client().getSession().getProtocol()).isEqualTo(version);
                    }
                });
    }

    @Test
    @Spec({"SSL3", "SSL10"})
    void fullDuplex_bothEndsSendMuchAtOnce_allArrives() throws Exception {
        Evy.run(
                () -> {
                    byte[] data = NetFixtures.pattern(600_000);
                    Pair small = Pair.withBuffers(20_000);
                    try (TlsPair pair = TlsPair.over(small, CLIENT, SERVER)) {
                        GreenThread<byte[]> there =
                                Evy.spawn(() -> carry(pair.client(), pair.server(), data));
                        GreenThread<byte[]> back =
                                Evy.spawn(() -> carry(pair.server(), pair.client(), data));

                        assertThat(there.join()).isEqualTo(data);
                        assertThat(back.join()).isEqualTo(data);
                    }
                });
    }

    @Test
    @Spec("SSL10")
    void read_ofPartOfARecord_givesTheRestAtOnce() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        pair.client().sendAll(HELLO);

                        byte[] first = pair.server().recv(2);
                        int pending = pair.server().getInputStream().available();
                        pair.cutByServer(); // there is nothing to be had from below
                        byte[] rest = pair.server().recv(100);

                        assertThat(first).isEqualTo("he".getBytes());
                        assertThat(pending).isEqualTo(3);
                        assertThat(rest).isEqualTo("llo".getBytes());
                    }
                });
    }

    @Test
    @Spec("SSL10")
    void awaitReadable_partOfARecordIsLeft_isThereAtOnce() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        pair.client().sendAll(HELLO);

                        assertThat(pair.server().recv(2)).isEqualTo("he".getBytes());

                        assertThat(pair.server().awaitReadable(null)).isTrue();
                        assertThat(pair.server().recv(9)).isEqualTo("llo".getBytes());
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec("SSL6")
    void awaitReadable_theEndComes_isLeftForTheRead(boolean goodbye) throws Exception {
        Evy.run(
                () -> {
                    TlsOptions strict = SERVER.withSuppressRaggedEofs(false);
                    try (TlsPair pair = TlsPair.shaken(CLIENT, strict)) {
                        GreenTlsSocket server = pair.server();
                        GreenThread<Boolean> waiting = Evy.spawn(() -> server.awaitReadable(null));
                        NetFixtures.settle();
                        if (goodbye) {
                            pair.client().close();
                        } else {
                            pair.below().client().shutdownOutput();
                        }

                        assertThat(waiting.join()).isTrue();
                        assertThat(server.awaitReadable(null)).isTrue();
                        if (goodbye) {
                            assertThat(server.recv(1)).isEmpty();
                            assertThat(server.awaitReadable(null)).isTrue();
                        } else {
                            assertThatThrownBy(() -> server.recv(1))
                                    .isInstanceOf(SSLException.class)
                                    .hasMessageContaining("without a close_notify");
                        }
                    }
                });
    }

    @Test
    @Spec({"SSL7", "SSL12"})
    void calls_inTheManualsWords_carry() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        GreenTlsSocket client = pair.client();
                        GreenTlsSocket server = pair.server();
                        byte[] into = new byte[8];
                        ByteBuffer direct = ByteBuffer.allocateDirect(8);

                        assertThat(client.send(new byte[0])).isZero();
                        assertThat(client.send(HELLO)).isEqualTo(5);
                        assertThat(client.send(HELLO, 1, 2)).isEqualTo(2);
                        client.sendAll(ByteBuffer.wrap(HELLO));
                        assertThat(server.recv(0)).isEmpty();
                        assertThat(server.recvInto(into, 2, 0)).isEqualTo(5);
                        assertThat(server.recvInto(into, 0, 2)).isEqualTo(2);
                        assertThat(server.recvInto(direct)).isEqualTo(5);

                        assertThat(into).isEqualTo("elhello\0".getBytes());
                        assertThat(direct.position()).isEqualTo(5);
                        assertThatThrownBy(() -> server.recv(-1))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("-1");
                        assertThatThrownBy(() -> client.send(HELLO, 3, 3))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                        assertThatThrownBy(() -> client.sendUrgentData(1))
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> client.setOOBInline(true))
                                .isInstanceOf(SocketException.class);
                    }
                });
    }

    @Test
    @Spec("SSL7")
    void session_ofAClient_tellsThePeersCertificateAndTheCipher() throws Exception {
        Evy.run(
                () -> {
                    TlsOptions options = CLIENT.withCiphers("TLS_AES_128_GCM_SHA256");
                    try (TlsPair pair = TlsPair.shaken(options, SERVER)) {
                        var session = pair.client().getSession();

                        assertThat(session.getCipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
                        assertThat(session.getPeerCertificates())
                                .startsWith(TlsIdentities.LOCALHOST.certificate());
                    }
                });
    }

    @Test
    @Spec("SSL4")
    void streams_buffered_workAsOnAnySocket() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        OutputStream out = pair.client().getOutputStream();
                        GreenThread<List<String>> lines =
                                Evy.spawn(
                                        () -> {
                                            var in = pair.server().getInputStream();
                                            var reader =
                                                    new BufferedReader(new InputStreamReader(in));
                                            return reader.lines().toList();
                                        });
                        out.write("one\ntw".getBytes());
                        out.write("o\n".getBytes());
                        out.flush();
                        pair.client().shutdownOutput();

                        assertThat(lines.join()).containsExactly("one", "two");
                    }
                });
    }

    @Test
    @Spec("SSL2")
    void tls_insideTls_carries() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair outer = TlsPair.open();
                            GreenTlsSocket client = Tls.wrap(outer.client(), CLIENT);
                            GreenTlsSocket server = Tls.wrap(outer.server(), SERVER)) {
                        assertThat(carry(client, server, HELLO)).isEqualTo(HELLO);
                        assertThat(carry(server, client, HELLO)).isEqualTo(HELLO);
                    }
                });
    }

    // connecting and serving

    @Test
    @Spec("SSL4")
    void connect_onAWrappedUnconnectedSocket_shakesHands() throws Exception {
        Evy.run(
                () -> {
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER);
                            GreenTlsSocket client = Tls.wrap(new GreenSocket(), CLIENT)) {
                        GreenThread<byte[]> served = Evy.spawn(() -> receiveOne(listener));
                        assertThat(client.isConnected()).isFalse();

                        client.connect(listener.getLocalSocketAddress());

                        assertThat(client.isConnected()).isTrue();
                        assertThat(client.getHandshakeSession()).isNull();
                        assertThat(client.getSession().isValid()).isTrue();
                        assertThatThrownBy(() -> client.connect(listener.getLocalSocketAddress()))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("Already connected");
                        client.sendAll(HELLO);
                        assertThat(served.join()).isEqualTo(HELLO);
                    }
                });
    }

    private static byte[] receiveOne(TlsServerSocket listener) throws IOException {
        try (GreenTlsSocket accepted = listener.accept()) {
            return accepted.getInputStream().readNBytes(HELLO.length);
        }
    }

    @Test
    @Spec("SSL4")
    void connect_withHandshakeLater_doesNotWaitForThePeer() throws Exception {
        Evy.run(
                () -> {
                    TlsOptions later = CLIENT.withHandshakeOnConnect(false);
                    try (GreenServerSocket silent = NetFixtures.listen();
                            GreenTlsSocket client = Tls.wrap(new GreenSocket(), later)) {
                        client.connect(silent.address());

                        assertThat(client.isConnected()).isTrue();
                    }
                });
    }

    @Test
    @Spec({"SSL1", "CONV11"})
    void serve_overAWrappedListener_echoes() throws Exception {
        Evy.run(
                () -> {
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER)) {
                        GreenThread<?> serving = Evy.spawn(() -> serveEcho(listener));
                        List<GreenThread<byte[]>> clients = new ArrayList<>();
                        for (int i = 0; i < 5; i++) {
                            byte[] data = NetFixtures.pattern(20_000 + i);
                            clients.add(Evy.spawn(() -> ask(listener.getLocalPort(), data)));
                        }

                        for (int i = 0; i < 5; i++) {
                            assertThat(clients.get(i).join())
                                    .isEqualTo(NetFixtures.pattern(20_000 + i));
                        }
                        serving.kill();
                    }
                });
    }

    @Test
    @Spec({"SSL1", "CONV11"})
    void serve_clientThatIsNoTls_endsItsOwnHandlerOnly() throws Exception {
        Evy.run(
                () -> {
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER)) {
                        int port = listener.getLocalPort();
                        GreenThread<?> serving = Evy.spawn(() -> serveEcho(listener));
                        try (Socket stranger = Evy.connect("localhost", port)) {
                            stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
                            assertThat(stranger.getInputStream().readAllBytes()).isNotNull();
                        }
                        Evy.connect("localhost", port).close();

                        assertThat(ask(port, new byte[] {1})).isEqualTo(new byte[] {1});
                        assertThat(serving.isDead()).isFalse();
                        serving.kill();
                    }
                });
    }

    private static void serveEcho(TlsServerSocket listener) throws Exception {
        Evy.serve(listener, TlsTest::echo);
    }

    private static void echo(Socket client) throws IOException {
        client.getInputStream().transferTo(client.getOutputStream());
    }

    private static byte[] ask(int port, byte[] data) throws Exception {
        try (GreenTlsSocket socket = Tls.connect("localhost", port, CLIENT)) {
            return carry(socket, socket, data);
        }
    }

    @Test
    @Spec("SSL9")
    void accept_ofAClientThatSaysNothing_holdsUpNobodyElse() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket below = NetFixtures.listen();
                            TlsServerSocket listener = Tls.wrap(below, SERVER);
                            GreenSocket silent = Evy.connect(below.address());
                            GreenTlsSocket first = listener.accept()) {
                        GreenThread<byte[]> waiting = Evy.spawn(() -> first.recv(1));
                        GreenThread<?> serving = Evy.spawn(() -> serveEcho(listener));

                        byte[] answer = ask(below.getLocalPort(), HELLO);

                        assertThat(answer).isEqualTo(HELLO);
                        assertThat(silent.isConnected()).isTrue();
                        assertThat(waiting.isDone()).isFalse();
                        serving.kill();
                        waiting.kill();
                    }
                });
    }

    @Test
    @Spec("CONV11")
    void wrap_ofAServerWithoutACertificate_isRefused() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        assertThatThrownBy(() -> Tls.wrap(pair.server(), TlsOptions.server()))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("certificate");
                        try (GreenServerSocket listener = NetFixtures.listen()) {
                            assertThatThrownBy(() -> Tls.wrap(listener, CLIENT))
                                    .isInstanceOf(IllegalArgumentException.class)
                                    .hasMessageContaining("server");
                        }
                    }
                });
    }

    // ending

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Spec("SSL5")
    void unwrap_onBothSides_givesThePlainSocketsBack(String version) throws Exception {
        Evy.run(
                () -> {
                    try (Pair plain = Pair.open()) {
                        plain.client().sendAll("before".getBytes());
                        assertThat(NetFixtures.receive(plain.server(), 6))
                                .isEqualTo("before".getBytes());
                        GreenThread<byte[]> server = Evy.spawn(() -> serveDuring(plain, version));
                        GreenTlsSocket client = Tls.wrap(plain.client(), CLIENT);
                        client.sendAll("during".getBytes());
                        assertThat(client.getInputStream().readNBytes(4))
                                .isEqualTo("back".getBytes());

                        Socket after = client.unwrap();
                        after.getOutputStream().write("after".getBytes());

                        assertThat(after).isSameAs(plain.client());
                        assertThat(after.isClosed()).isFalse();
                        assertThat(server.join()).isEqualTo("after".getBytes());
                        assertThat(client.isClosed()).isTrue();
                        assertThatThrownBy(() -> client.recv(1))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("unwrapped");
                        client.close();
                        assertThat(after.isClosed()).isFalse();
                    }
                });
    }

    /* Speaks first when it is over, so that its goodbye and what follows come together. */
    private static byte[] serveDuring(Pair plain, String version) throws IOException {
        GreenTlsSocket server = Tls.wrap(plain.server(), SERVER.withVersions(version));
        assertThat(server.getInputStream().readNBytes(6)).isEqualTo("during".getBytes());
        server.sendAll("back".getBytes());
        assertThat(server.recv(1)).isEmpty();
        Socket after = server.unwrap();
        return after.getInputStream().readNBytes(5);
    }

    @Test
    @Spec("SSL5")
    void unwrap_whenThePeersPlainBytesFollowItsGoodbyeAtOnce_losesNothing() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        GreenThread<Socket> client = Evy.spawn(() -> pair.client().unwrap());
                        settle();
                        assertThat(pair.server().recv(1)).isEmpty();
                        Socket server = pair.server().unwrap();
                        server.getOutputStream().write(HELLO);

                        Socket plain = client.join();

                        assertThat(plain.getInputStream().readNBytes(5)).isEqualTo(HELLO);
                    }
                });
    }

    @Test
    @Spec("SSL5")
    void unwrap_withUnreadData_refusesUntilItIsRead() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        pair.server().sendAll(HELLO);

                        assertThatThrownBy(() -> pair.client().unwrap())
                                .isInstanceOf(SSLException.class)
                                .hasMessageContaining("5 bytes");
                        assertThat(pair.client().recv(10)).isEqualTo(HELLO);
                        GreenThread<Socket> server = Evy.spawn(() -> pair.server().unwrap());
                        assertThat(pair.client().unwrap()).isSameAs(pair.below().client());
                        server.join();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Spec("SSL6")
    void close_byOneSide_endsTheOthersReads(String version) throws Exception {
        Evy.run(
                () -> {
                    TlsOptions strict = SERVER.withSuppressRaggedEofs(false).withVersions(version);
                    try (TlsPair pair = TlsPair.shaken(CLIENT, strict)) {
                        pair.client().sendAll(HELLO);
                        pair.client().close();

                        assertThat(pair.server().recv(10)).isEqualTo(HELLO);
                        assertThat(pair.server().recv(10)).isEmpty();
                        assertThat(pair.server().getInputStream().readAllBytes()).isEmpty();
                        assertThat(pair.client().isClosed()).isTrue();
                        assertThat(pair.below().client().isClosed()).isTrue();
                        assertThatThrownBy(() -> pair.client().recv(1))
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> pair.client().send(HELLO))
                                .isInstanceOf(SocketException.class);
                    }
                });
    }

    @Test
    @Spec("SSL6")
    void shutdownOutput_withTls13_leavesTheOtherWayOpen() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        pair.client().shutdownOutput();

                        assertThat(pair.server().recv(1)).isEmpty();
                        assertThat(carry(pair.server(), pair.client(), HELLO)).isEqualTo(HELLO);
                        assertThatThrownBy(() -> pair.client().send(HELLO))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("shutdown");
                    }
                });
    }

    @Test
    @Spec("SSL6")
    void close_ofAConnectionNeverUsed_closesBelow() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        pair.client().close();

                        assertThat(pair.below().client().isClosed()).isTrue();
                        assertThatThrownBy(() -> pair.server().recv(1))
                                .isInstanceOf(SSLException.class)
                                .hasMessageContaining("handshake");
                        assertThat(pair.below().server().isClosed()).isTrue();
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void options_passOnToTheSocketBelow() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        GreenTlsSocket client = pair.client();

                        client.setTcpNoDelay(true);
                        client.setKeepAlive(true);
                        client.setSoTimeout(1_234);

                        assertThat(pair.below().client().getTcpNoDelay()).isTrue();
                        assertThat(pair.below().client().getKeepAlive()).isTrue();
                        assertThat(client.getSoTimeout()).isEqualTo(1_234);
                        assertThat(client.getRemoteSocketAddress())
                                .isEqualTo(pair.below().client().getRemoteSocketAddress());
                        assertThat(client.getChannel()).isNull();
                        assertThat(Arrays.asList(client.getEnabledProtocols()))
                                .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
                        assertThat(client.toString()).contains("client");
                    }
                });
    }
}
