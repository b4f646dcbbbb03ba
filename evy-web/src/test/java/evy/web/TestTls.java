package evy.web;

import evy.io.tls.TlsOptions;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server {@code localhost} and clients that trust it.
 *
 * @param server with a certificate of its own
 * @param client for clients of the JDK's and ours
 */
public record TestTls(TlsOptions server, SSLContext client) {
    private static final char[] PASSWORD = "password".toCharArray();
    private static final String ARGUMENTS =
            "-genkeypair -alias web -keyalg EC -dname CN=localhost -ext san=dns:localhost"
                    + " -storetype PKCS12 -storepass password -keystore";

    /** Makes a certificate; its file is left in the folder. */
    public static TestTls make(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Path said = folder.resolve("keytool.out");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/keytool")
                                        .toString()));
        command.addAll(List.of(ARGUMENTS.split(" ")));
        command.add(store.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (builder.redirectOutput(said.toFile()).start().waitFor() != 0) {
            throw new IllegalStateException(Files.readString(said, StandardCharsets.UTF_8));
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        X509Certificate certificate = (X509Certificate) keys.getCertificate("web");
        PrivateKey key = (PrivateKey) keys.getKey("web", PASSWORD);
        return new TestTls(
                TlsOptions.server().withCertificate(key, List.of(certificate)),
                trusting(certificate));
    }

    private static SSLContext trusting(X509Certificate certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("web", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
