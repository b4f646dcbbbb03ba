package evy.behaviour;

import static evy.behaviour.TlsFixtures.CLIENT;
import static evy.behaviour.TlsFixtures.SERVER;
import static evy.behaviour.TlsFixtures.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.TlsFixtures.TlsPair;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.io.tls.TlsServerSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** What a TLS socket only passes on: to the socket below it, or to the engine. */
@ExtendWith(LeakCheckExtension.class)
class TlsEveryMethodTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    // the socket below

    @Test
    @Spec("SSL1")
    void socket_whatIsSet_isSetBelowAndReadFromThere() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        GreenSocket below = pair.below().client();
                        SSLSocket tls = pair.client();

                        tls.setTcpNoDelay(!below.getTcpNoDelay());
                        tls.setKeepAlive(!below.getKeepAlive());
                        tls.setSoLinger(true, 7);
                        tls.setSendBufferSize(30_000);
                        tls.setReceiveBufferSize(40_000);
                        tls.setTrafficClass(0x10);
                        tls.setReuseAddress(true);
                        tls.setPerformancePreferences(1, 2, 3);

                        assertThat(tls.getTcpNoDelay()).isEqualTo(below.getTcpNoDelay());
                        assertThat(tls.getKeepAlive()).isEqualTo(below.getKeepAlive());
                        assertThat(List.of(tls.getSoLinger(), below.getSoLinger())).containsOnly(7);
                        assertThat(tls.getSendBufferSize())
                                .isGreaterThanOrEqualTo(30_000)
                                .isEqualTo(below.getSendBufferSize());
                        assertThat(tls.getReceiveBufferSize())
                                .isGreaterThanOrEqualTo(40_000)
                                .isEqualTo(below.getReceiveBufferSize());
                        assertThat(List.of(tls.getTrafficClass(), below.getTrafficClass()))
                                .containsOnly(0x10);
                        assertThat(List.of(tls.getReuseAddress(), below.getReuseAddress()))
                                .containsOnly(true);
                        assertThat(tls.setOption(StandardSocketOptions.SO_LINGER, 9)).isSameAs(tls);
                        assertThat(tls.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(9);
                        assertThat(below.getSoLinger()).isEqualTo(9);
                        assertThat(tls.supportedOptions()).isEqualTo(below.supportedOptions());
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void socket_addresses_areThoseBelow() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        GreenSocket below = pair.below().client();
                        SSLSocket tls = pair.client();

                        assertThat(tls.getInetAddress()).isEqualTo(below.getInetAddress());
                        assertThat(tls.getLocalAddress()).isEqualTo(below.getLocalAddress());
                        assertThat(tls.getPort()).isEqualTo(below.getPort());
                        assertThat(tls.getLocalPort()).isEqualTo(below.getLocalPort());
                        assertThat(tls.getLocalSocketAddress())
                                .isEqualTo(below.getLocalSocketAddress());
                        assertThat(tls.isBound() && tls.isConnected()).isTrue();
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void socket_urgentData_isRefused() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        assertThat(pair.client().getOOBInline()).isFalse();
                        for (ThrowingCallable call :
                                List.<ThrowingCallable>of(
                                        () -> pair.client().sendUrgentData(1),
                                        () -> pair.client().setOOBInline(true))) {
                            assertThatThrownBy(call)
                                    .isInstanceOf(SocketException.class)
                                    .hasMessage("TLS has no urgent data");
                        }
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void socket_notConnected_saysSoUntilItIsClosed() throws Exception {
        Evy.run(
                () -> {
                    try (var below = new GreenSocket();
                            GreenTlsSocket tls = Tls.wrap(below, CLIENT)) {
                        tls.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

                        assertThat(below.isBound()).isTrue();
                        assertThat(tls.isConnected()).isFalse();
                        for (ThrowingCallable call :
                                List.<ThrowingCallable>of(
                                        tls::startHandshake,
                                        tls::getInputStream,
                                        tls::shutdownInput,
                                        () -> tls.send(HELLO))) {
                            assertThatThrownBy(call).hasMessage("Socket is not connected");
                        }

                        tls.close();

                        assertThat(below.isClosed()).isTrue();
                        for (ThrowingCallable call :
                                List.<ThrowingCallable>of(
                                        tls::startHandshake,
                                        tls::getOutputStream,
                                        tls::getSoTimeout,
                                        () -> tls.setSoTimeout(1))) {
                            assertThatThrownBy(call).hasMessage("Socket is closed");
                        }
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void socket_timeout_isTakenFromBelowAndKeptApart() throws Exception {
        Evy.run(
                () -> {
                    try (var below = new GreenSocket()) {
                        below.setTimeout(Duration.ofSeconds(3));
                        try (GreenTlsSocket tls = Tls.wrap(below, CLIENT)) {
                            assertThat(tls.timeout()).isEqualTo(Duration.ofSeconds(3));

                            tls.setTimeout(null);

                            assertThat(tls.timeout()).isNull();
                            assertThat(tls.getSoTimeout()).isZero();
                            assertThat(below.timeout()).isEqualTo(Duration.ofSeconds(3));
                            assertThatThrownBy(() -> tls.setSoTimeout(-1))
                                    .isInstanceOf(IllegalArgumentException.class);
                        }
                    }
                });
    }

    // the engine

    @Test
    @Spec("SSL1")
    void engine_whatIsSet_isWhatIsAgreedOn() throws Exception {
        String suite = "TLS_AES_256_GCM_SHA384";
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        SSLSocket client = pair.client();

                        assertThat(client.getSupportedProtocols()).contains("TLSv1.3");
                        assertThat(client.getSupportedCipherSuites()).contains(suite);
                        client.setEnabledProtocols(new String[] {"TLSv1.3"});
                        client.setEnabledCipherSuites(new String[] {suite});
                        assertThat(client.getEnabledCipherSuites()).containsExactly(suite);
                        assertThat(client.getEnabledProtocols()).containsExactly("TLSv1.3");
                        carry(pair.client(), pair.server(), HELLO);

                        assertThat(pair.server().getSession().getCipherSuite()).isEqualTo(suite);
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void engine_modes_areSetAndReadBack() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        SSLSocket server = pair.server();

                        server.setNeedClientAuth(true);
                        assertThat(server.getNeedClientAuth()).isTrue();
                        server.setWantClientAuth(true);
                        assertThat(server.getWantClientAuth()).isTrue();
                        assertThat(server.getNeedClientAuth()).isFalse();
                        server.setEnableSessionCreation(false);
                        assertThat(server.getEnableSessionCreation()).isFalse();
                        assertThat(server.getUseClientMode()).isFalse();
                        server.setUseClientMode(true);
                        assertThat(server.getUseClientMode()).isTrue();
                        assertThat(server.toString()).contains("client");
                        assertThat(server.getHandshakeApplicationProtocol()).isNull();
                        assertThat(server.getHandshakeApplicationProtocolSelector()).isNull();
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void handshakeListeners_thatAreLeft_areToldOnce() throws Exception {
        Evy.run(
                () -> {
                    List<Object> told = new ArrayList<>();
                    HandshakeCompletedListener removed = _ -> told.add("removed");
                    try (TlsPair pair = TlsPair.open()) {
                        pair.client().addHandshakeCompletedListener(e -> told.add(e.getSocket()));
                        pair.client().addHandshakeCompletedListener(removed);
                        pair.client().removeHandshakeCompletedListener(removed);

                        pair.shake();
                        pair.client().startHandshake();

                        assertThat(told).containsExactly(pair.client());
                        assertThatThrownBy(
                                        () ->
                                                pair.client()
                                                        .removeHandshakeCompletedListener(removed))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("not registered");
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void protocolSelector_setBeforeConnecting_isAskedAfter() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open(CLIENT.withAlpn("a", "b"), SERVER)) {
                        pair.server()
                                .setHandshakeApplicationProtocolSelector(
                                        (socket, offered) ->
                                                socket == pair.server() ? offered.get(1) : null);
                        pair.shake();

                        assertThat(pair.client().getApplicationProtocol()).isEqualTo("b");
                        assertThat(pair.server().getHandshakeApplicationProtocolSelector())
                                .isNotNull();
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void getSession_withoutAgreement_isAnInvalidOne() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        pair.cutByServer();

                        assertThat(pair.client().getSession().getCipherSuite())
                                .isEqualTo("SSL_NULL_WITH_NULL_NULL");
                    }
                });
    }

    // the end of one way

    @Test
    @Spec("SSL6")
    void shutdown_ofBothWays_endsReadsAndRefusesStreams() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        pair.server().sendAll(HELLO);
                        pair.client().shutdownInput();
                        pair.client().shutdownOutput();

                        assertThat(pair.client().recv(1)).isEmpty();
                        assertThat(pair.client().isInputShutdown()).isTrue();
                        assertThatThrownBy(pair.client()::getInputStream)
                                .hasMessage("Socket input is shutdown");
                        assertThatThrownBy(pair.client()::getOutputStream)
                                .hasMessage("Socket output is shutdown");
                        assertThatThrownBy(() -> pair.client().sendAll(HELLO))
                                .hasMessage("Socket output is shutdown");
                        assertThat(pair.client().recvInto(new byte[0], 0, 0)).isZero();
                    }
                });
    }

    @Test
    @Spec("SSL6")
    void streams_closed_closeTheSocket() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        pair.client().getOutputStream().close();
                        pair.server().getInputStream().close();

                        assertThat(pair.client().isClosed()).isTrue();
                        assertThat(pair.server().isClosed()).isTrue();
                    }
                });
    }

    // listeners

    @Test
    @Spec("SSL1")
    void listener_whatIsSet_isSetBelowAndReadFromThere() throws Exception {
        Evy.run(
                () -> {
                    InetAddress host = InetAddress.getLoopbackAddress();
                    try (var below = new GreenServerSocket();
                            TlsServerSocket tls = Tls.wrap(below, SERVER)) {
                        tls.setReceiveBufferSize(40_000);
                        tls.setReuseAddress(false);
                        tls.setPerformancePreferences(1, 2, 3);
                        tls.setSoTimeout(1_234);
                        tls.bind(new InetSocketAddress(host, 0), 5);

                        assertThat(below.isBound() && tls.isBound()).isTrue();
                        assertThat(tls.getInetAddress()).isEqualTo(host);
                        assertThat(tls.getReceiveBufferSize())
                                .isGreaterThanOrEqualTo(40_000)
                                .isEqualTo(below.getReceiveBufferSize());
                        assertThat(List.of(tls.getReuseAddress(), below.getReuseAddress()))
                                .containsOnly(false);
                        assertThat(List.of(tls.getSoTimeout(), below.getSoTimeout()))
                                .containsOnly(1_234);
                        assertThat(tls.setOption(StandardSocketOptions.SO_REUSEADDR, true))
                                .isSameAs(tls);
                        assertThat(tls.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
                        assertThat(below.getReuseAddress()).isTrue();
                        assertThat(tls.supportedOptions()).isEqualTo(below.supportedOptions());
                        assertThat(tls.getChannel()).isNull();
                        assertThat(tls.toString()).isEqualTo("TlsServerSocket[" + below + "]");
                    }
                    try (TlsServerSocket tls = Tls.wrap(new GreenServerSocket(), SERVER)) {
                        tls.bind(new InetSocketAddress(host, 0));

                        assertThat(tls.getLocalPort()).isPositive();
                    }
                });
    }

    // the factory

    private interface Maker {
        Socket make(SSLSocketFactory factory, int port) throws IOException;
    }

    @Test
    @Spec("SSL1")
    void socketFactory_everyWayToConnect_carries() throws Exception {
        InetAddress host = InetAddress.getLoopbackAddress();
        List<Maker> makers =
                List.of(
                        (factory, port) -> factory.createSocket("127.0.0.1", port),
                        (factory, port) -> factory.createSocket("127.0.0.1", port, host, 0),
                        (factory, port) -> factory.createSocket(host, port),
                        (factory, port) -> factory.createSocket(host, port, host, 0),
                        (factory, port) ->
                                factory.createSocket(
                                        new Socket(host, port), "localhost", port, true));
        Evy.run(
                () -> {
                    SSLSocketFactory factory = Tls.socketFactory(CLIENT);
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER)) {
                        GreenThread<?> server = Evy.spawn(() -> echo(listener, makers.size()));
                        for (Maker maker : makers) {
                            try (Socket socket = maker.make(factory, listener.getLocalPort())) {
                                socket.getOutputStream().write(HELLO);

                                assertThat(socket.getInputStream().readNBytes(HELLO.length))
                                        .isEqualTo(HELLO);
                            }
                        }
                        server.join();
                    }
                });
    }

    private static Void echo(TlsServerSocket listener, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (GreenTlsSocket client = listener.accept()) {
                client.getOutputStream().write(client.getInputStream().readNBytes(HELLO.length));
            }
        }
        return null;
    }

    @Test
    @Spec("SSL1")
    void socketFactory_cipherSuites_areThoseOfTheOptions() throws Exception {
        String suite = "TLS_AES_128_GCM_SHA256";
        SSLSocketFactory factory = Tls.socketFactory(CLIENT.withCiphers(suite));

        assertThat(factory.getDefaultCipherSuites()).containsExactly(suite);
        assertThat(factory.getSupportedCipherSuites()).contains(suite).hasSizeGreaterThan(1);
    }

    // over sockets of the JDK

    @Test
    @Spec("SSL4")
    void unwrap_overSocketsOfTheJdk_givesThemBackWithTheirTimeouts() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var one = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var other = listener.accept()) {
            one.setSoTimeout(30_000);
            Evy.run(
                    () -> {
                        GreenTlsSocket client = Tls.wrap(one, CLIENT);
                        GreenTlsSocket server = Tls.wrap(other, SERVER);
                        assertThat(client.timeout()).isEqualTo(Duration.ofSeconds(30));
                        client.setTimeout(Duration.ofSeconds(20));
                        assertThat(carry(client, server, HELLO)).isEqualTo(HELLO);
                        assertThat(carry(server, client, HELLO)).isEqualTo(HELLO);

                        GreenThread<Socket> unwrapped = Evy.spawn(server::unwrap);
                        Socket plain = client.unwrap();

                        assertThat(unwrapped.join()).isSameAs(other);
                        assertThat(plain).isSameAs(one);
                        assertThat(one.getSoTimeout()).isEqualTo(30_000);
                        assertThatThrownBy(() -> client.send(HELLO))
                                .hasMessageContaining("TLS was unwrapped");
                    });
        }
    }

    @Test
    @Spec("SSL6")
    void close_overSocketsOfTheJdk_closesThem() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var one = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var other = listener.accept()) {
            Evy.run(
                    () -> {
                        GreenTlsSocket client = Tls.wrap(one, CLIENT);
                        GreenTlsSocket server = Tls.wrap(other, SERVER);
                        carry(client, server, HELLO);
                        server.sendAll(HELLO); // nobody reads it

                        client.close();
                        server.close();

                        assertThat(one.isClosed() && other.isClosed()).isTrue();
                    });
        }
    }

    // options

    @Test
    @Spec("SSL1")
    void options_thatMakeNoSense_areRefused() {
        TlsOptions server = TlsOptions.server();

        assertThatThrownBy(
                        () ->
                                server.withCertificate(
                                        TlsIdentities.LOCALHOST.key(), List.<X509Certificate>of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the certificate chain is empty");
        assertThatThrownBy(() -> Tls.wrap(new ServerSocket(), CLIENT))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
