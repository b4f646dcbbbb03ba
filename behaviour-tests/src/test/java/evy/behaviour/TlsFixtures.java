package evy.behaviour;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.TlsIdentities.Identity;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What the tests of TLS have in common. */
final class TlsFixtures {
    /** The server of {@code localhost}. */
    static final TlsOptions SERVER = server(TlsIdentities.LOCALHOST);

    /** A client that trusts the tests' authority, and takes the other end for localhost. */
    static final TlsOptions CLIENT =
            TlsOptions.client().withCaCerts(authorities()).withServerHostname("localhost");

    private TlsFixtures() {}

    static TlsOptions server(Identity identity) {
        return TlsOptions.server().withCertificate(identity.key(), identity.chain());
    }

    /** A file with the tests' authority; goes with the JVM. */
    static Path authorities() {
        try {
            Path file = Files.createTempFile("evy-test-ca", ".pem");
            file.toFile().deleteOnExit();
            return TlsIdentities.CA.writeChain(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the JDK's own sockets need to do the same. */
    static SSLContext jdkContext(Identity identity) throws GeneralSecurityException, IOException {
        char[] password = "password".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setCertificateEntry("ca", TlsIdentities.CA.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(keys);
        keys.setKeyEntry(
                "own", identity.key(), password, identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** The two ends of a TLS connection; the hands have not been shaken unless it says so. */
    record TlsPair(GreenTlsSocket client, GreenTlsSocket server, Pair below)
            implements AutoCloseable {
        static TlsPair open() throws IOException {
            return open(CLIENT, SERVER);
        }

        static TlsPair open(TlsOptions client, TlsOptions server) throws IOException {
            return over(Pair.open(), client, server);
        }

        static TlsPair over(Pair below, TlsOptions client, TlsOptions server) throws IOException {
            try {
                return new TlsPair(
                        Tls.wrap(below.client(), client), Tls.wrap(below.server(), server), below);
            } catch (IOException | RuntimeException | Error e) {
                below.close();
                throw e;
            }
        }

        static TlsPair shaken() throws IOException {
            return shaken(CLIENT, SERVER);
        }

        static TlsPair shaken(TlsOptions client, TlsOptions server) throws IOException {
            return open(client, server).shake();
        }

        TlsPair shake() throws IOException {
            GreenThread<Void> other =
                    Evy.spawn(
                            () -> {
                                server.startHandshake();
                                return null;
                            });
            boolean done = false;
            try {
                client.startHandshake();
                other.join();
                done = true;
            } finally {
                if (!done) {
                    other.kill();
                    close();
                }
            }
            return this;
        }

        /** Has the connection end below TLS, as when a program dies. */
        void cutByServer() throws IOException {
            below.server().close();
        }

        @Override
        public void close() throws IOException {
            try (Pair closed = below) {
                assert closed == below;
                client.close();
                server.close();
            }
        }
    }

    /** Sends on one end and receives on the other. */
    static byte[] carry(GreenTlsSocket from, GreenTlsSocket to, byte[] data) throws Exception {
        GreenThread<byte[]> received = Evy.spawn(() -> to.getInputStream().readNBytes(data.length));
        from.sendAll(data);
        return received.join();
    }
}
