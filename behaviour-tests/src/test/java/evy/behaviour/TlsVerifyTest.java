package evy.behaviour;

import static evy.behaviour.TlsFixtures.CLIENT;
import static evy.behaviour.TlsFixtures.SERVER;
import static evy.behaviour.TlsFixtures.carry;
import static evy.behaviour.TlsFixtures.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.TlsFixtures.TlsPair;
import evy.behaviour.TlsIdentities.Identity;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.io.tls.TlsServerSocket;
import evy.io.tls.Verify;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;

/** Whom a TLS end trusts, what it shows, and what the two agree on. */
@ExtendWith(LeakCheckExtension.class)
class TlsVerifyTest {
    private static final byte[] HELLO = "hello".getBytes();

    @TempDir Path dir;

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    private static void assertRefused(TlsOptions client, TlsOptions server, String why)
            throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open(client, server)) {
                        GreenThread<byte[]> other = Evy.spawn(() -> pair.server().recv(1));

                        assertThatThrownBy(() -> pair.client().recv(1))
                                .isInstanceOf(SSLException.class)
                                .hasMessageContaining(why);
                        assertThat(pair.client().isClosed()).isTrue();
                        assertThatThrownBy(other::join).isInstanceOf(SSLException.class);
                    }
                });
    }

    private static X509Certificate shownTo(TlsOptions client, TlsOptions server) throws Exception {
        return Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken(client, server)) {
                        assertThat(carry(pair.client(), pair.server(), HELLO)).isEqualTo(HELLO);
                        return (X509Certificate)
                                pair.client().getSession().getPeerCertificates()[0];
                    }
                });
    }

    // trust

    @Test
    @Spec("SSL14")
    void client_byDefault_refusesAnAuthorityNobodyKnows() throws Exception {
        assertRefused(
                TlsOptions.client().withServerHostname("localhost"), SERVER, "certification path");
    }

    @Test
    @Spec("SSL14")
    void client_byDefault_refusesACertificateForAnotherHost() throws Exception {
        assertRefused(CLIENT.withServerHostname("other.test"), SERVER, "other.test");
    }

    @Test
    @Spec("SSL14")
    void client_thatIsToldSo_checksNoHostOrNothing() throws Exception {
        TlsOptions noHost = CLIENT.withServerHostname("other.test").withoutHostnameCheck();
        TlsOptions nothing = TlsOptions.client().withVerify(Verify.NONE);

        assertThat(shownTo(noHost, SERVER)).isNotNull();
        assertThat(shownTo(nothing, SERVER)).isNotNull();
    }

    @Test
    @Spec("SSL14")
    void client_withTheAddressOnly_checksTheAddress() throws Exception {
        Identity elsewhere =
                TlsIdentities.identity(
                        TlsIdentities.CA, "elsewhere", TlsIdentities.ec(), "10.1.2.3");
        TlsOptions client = TlsOptions.client().withCaCerts(TlsFixtures.authorities());

        assertThat(shownTo(client, SERVER)).isNotNull();
        assertRefused(client, server(elsewhere), "127.0.0.1");
    }

    @Test
    @Spec("SSL13")
    void server_thatRequiresAClientCertificate_refusesOneWithout() throws Exception {
        Identity person =
                TlsIdentities.identity(TlsIdentities.CA, "person", TlsIdentities.ec(), "person");
        Identity stranger =
                TlsIdentities.identity(
                        TlsIdentities.authority("stranger"),
                        "person",
                        TlsIdentities.ec(),
                        "person");
        TlsOptions server =
                SERVER.withVerify(Verify.REQUIRED).withCaCerts(TlsFixtures.authorities());

        assertThat(shownTo(CLIENT.withCertificate(person.key(), person.chain()), server))
                .isNotNull();
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            TlsOptions client = CLIENT.withVersions(version);
            assertServerRefuses(client, server);
            assertServerRefuses(client.withCertificate(stranger.key(), stranger.chain()), server);
        }
    }

    private static void assertServerRefuses(TlsOptions client, TlsOptions server) throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open(client, server)) {
                        GreenThread<byte[]> serving = Evy.spawn(() -> pair.server().recv(1));

                        assertThatThrownBy(() -> pair.client().recv(1))
                                .isInstanceOf(IOException.class);
                        assertThatThrownBy(serving::join).isInstanceOf(SSLException.class);
                    }
                });
    }

    @Test
    @Spec("SSL13")
    void server_thatAsksForAClientCertificate_doesWithout() throws Exception {
        TlsOptions server =
                SERVER.withVerify(Verify.OPTIONAL).withCaCerts(TlsFixtures.authorities());

        assertThat(shownTo(CLIENT, server)).isNotNull();
    }

    // what is shown

    @ParameterizedTest
    @CsvSource({"one.test, first", "two.test, second", "x.wild.test, third", "none.test, first"})
    @Spec("SSL11")
    void server_withSeveralCertificates_choosesByName(String asked, String shown) throws Exception {
        Identity ca = TlsIdentities.CA;
        Identity first = TlsIdentities.identity(ca, "first", TlsIdentities.ec(), "one.test");
        Identity second = TlsIdentities.identity(ca, "second", TlsIdentities.rsa(), "two.test");
        Identity third = TlsIdentities.identity(ca, "third", TlsIdentities.ec(), "*.wild.test");
        TlsOptions server =
                server(first)
                        .withCertificate(second.key(), second.chain())
                        .withCertificate(third.key(), third.chain());
        TlsOptions client = CLIENT.withServerHostname(asked).withoutHostnameCheck();

        X509Certificate certificate = shownTo(client, server);

        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + shown);
    }

    @Test
    @Spec("SSL11")
    void reload_ofChangedFiles_showsTheNewCertificateToNewConnections() throws Exception {
        Path cert = TlsIdentities.LOCALHOST.writeChain(dir.resolve("cert.pem"));
        Path key = TlsIdentities.LOCALHOST.writeKey(dir.resolve("key.pem"));
        TlsOptions server = TlsOptions.server(cert, key);
        TlsOptions changed = server.withAlpn("h2");
        Identity renewed =
                TlsIdentities.identity(
                        TlsIdentities.CA, "renewed", TlsIdentities.ec(), "localhost");
        X509Certificate before = shownTo(CLIENT, server);
        renewed.writeChain(cert);

        assertThatThrownBy(server::reload)
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("not that of the certificate");
        assertThat(shownTo(CLIENT, server)).isEqualTo(before);
        renewed.writeKey(key);
        server.reload();

        assertThat(shownTo(CLIENT, server)).isEqualTo(renewed.certificate());
        assertThat(shownTo(CLIENT, changed)).isEqualTo(renewed.certificate());
    }

    @Test
    @Spec({"SSL11", "CONV11"})
    void files_thatAreMissing_areNamedWhenWrapped() throws Exception {
        Path key = TlsIdentities.LOCALHOST.writeKey(dir.resolve("key.pem"));
        Path absent = dir.resolve("absent.pem");

        Evy.run(
                () -> {
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        assertThatThrownBy(
                                        () ->
                                                Tls.wrap(
                                                        pair.server(),
                                                        TlsOptions.server(absent, key)))
                                .isInstanceOf(NoSuchFileException.class)
                                .hasMessageContaining("absent.pem");
                        assertThatThrownBy(
                                        () ->
                                                Tls.wrap(
                                                        pair.client(),
                                                        TlsOptions.client().withCaCerts(absent)))
                                .isInstanceOf(NoSuchFileException.class);
                    }
                });
    }

    // what is agreed on

    @Test
    @Spec("SSL11")
    void alpn_ofBothEnds_isAgreedOnOrRefused() throws Exception {
        TlsOptions client = CLIENT.withAlpn("h2", "http/1.1");
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken(client, SERVER.withAlpn("http/1.1"))) {
                        assertThat(pair.client().getApplicationProtocol()).isEqualTo("http/1.1");
                        assertThat(pair.server().getApplicationProtocol()).isEqualTo("http/1.1");
                    }
                });

        assertServerRefuses(client, SERVER.withAlpn("other"));
    }

    @Test
    @Spec({"SSL11", "SSL13"})
    void versions_thatHaveNothingInCommon_areRefused() throws Exception {
        assertServerRefuses(CLIENT.withVersions("TLSv1.2"), SERVER.withVersions("TLSv1.3"));
    }

    @Test
    @Spec("SSL11")
    void names_nobodyKnows_areRefusedWhenWrapped() throws Exception {
        Evy.run(
                () -> {
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        assertThatThrownBy(
                                        () -> Tls.wrap(pair.client(), CLIENT.withVersions("TLSv9")))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("TLSv9");
                        assertThatThrownBy(
                                        () -> Tls.wrap(pair.client(), CLIENT.withCiphers("CAESAR")))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("CAESAR");
                    }
                });
        assertThatThrownBy(() -> CLIENT.withHandshakeTimeout(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
        assertThatThrownBy(CLIENT::withVersions).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Spec("SSL11")
    void context_thatIsGiven_isUsed() throws Exception {
        SSLContext context = TlsFixtures.jdkContext(TlsIdentities.LOCALHOST);
        TlsOptions server = TlsOptions.server().withContext(context);
        TlsOptions client =
                TlsOptions.client().withContext(context).withServerHostname("localhost");

        assertThat(server.context()).isSameAs(context);
        assertThat(shownTo(client, server)).isEqualTo(TlsIdentities.LOCALHOST.certificate());
    }

    @Test
    @Spec("SSL11")
    void parameters_setOnASocket_hold() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        SSLParameters parameters = pair.client().getSSLParameters();
                        parameters.setProtocols(new String[] {"TLSv1.2"});
                        pair.client().setSSLParameters(parameters);
                        pair.server()
                                .setHandshakeApplicationProtocolSelector(
                                        (socket, offered) -> offered.isEmpty() ? "" : null);
                        pair.shake();

                        assertThat(pair.client().getSession().getProtocol()).isEqualTo("TLSv1.2");
                    }
                });
    }

    @Test
    @Spec("SSL11")
    void session_ofASecondConnection_isResumed() throws Exception {
        Evy.run(
                () -> {
                    TlsOptions client = CLIENT.withVersions("TLSv1.2");
                    try (TlsServerSocket listener = Tls.wrap(NetFixtures.listen(), SERVER)) {
                        long first = sessionMadeAt(listener, client);
                        Evy.sleep(Duration.ofMillis(3));

                        assertThat(sessionMadeAt(listener, client)).isEqualTo(first);
                    }
                });
    }

    private static long sessionMadeAt(TlsServerSocket listener, TlsOptions client)
            throws Exception {
        GreenThread<byte[]> serving =
                Evy.spawn(
                        () -> {
                            try (var accepted = listener.accept()) {
                                return accepted.recv(5);
                            }
                        });
        try (var socket = Tls.connect("localhost", listener.getLocalPort(), client)) {
            socket.sendAll(HELLO);
            serving.join();
            return socket.getSession().getCreationTime();
        }
    }

    @Test
    @Spec("SSL13")
    void handshake_thatFailed_failsLaterCallsToo() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open(TlsOptions.client(), SERVER)) {
                        GreenThread<byte[]> other = Evy.spawn(() -> pair.server().recv(1));
                        assertThatThrownBy(() -> pair.client().startHandshake())
                                .isInstanceOf(SSLHandshakeException.class);

                        assertThatThrownBy(() -> pair.client().send(HELLO))
                                .isInstanceOf(SSLException.class)
                                .hasMessageContaining("has failed");
                        assertThat(pair.client().getSession().isValid()).isFalse();
                        assertThatThrownBy(other::join).isInstanceOf(SSLException.class);
                    }
                });
    }
}
