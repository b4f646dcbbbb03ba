package evy.behaviour;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** An authority and those it vouches for, made for the run: keys, certificates, PEM files. */
final class TlsIdentities {
    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final byte[] ECDSA_SHA256 = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2);
    private static final byte[] RSA_SHA256 =
            join(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11), der(5));

    /** Who vouches for the others. */
    static final Identity CA = authority("Evy test authority");

    /** For {@code localhost}, {@code one.test} and 127.0.0.1. */
    static final Identity LOCALHOST =
            identity(CA, "localhost", ec(), "localhost", "one.test", "127.0.0.1");

    private TlsIdentities() {}

    /** A key and the certificates that go with it. */
    record Identity(KeyPair keys, List<X509Certificate> chain) {
        PrivateKey key() {
            return keys.getPrivate();
        }

        X509Certificate certificate() {
            return chain.getFirst();
        }

        Path writeChain(Path file) throws IOException {
            StringBuilder text = new StringBuilder();
            try {
                for (X509Certificate certificate : chain) {
                    text.append(pem("CERTIFICATE", certificate.getEncoded()));
                }
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
            return Files.writeString(file, text);
        }

        Path writeKey(Path file) throws IOException {
            return Files.writeString(file, pem("PRIVATE KEY", key().getEncoded()));
        }
    }

    static String pem(String label, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    static KeyPair ec() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static Identity authority(String name) {
        KeyPair keys = ec();
        return new Identity(keys, List.of(certificate(name, keys, name, keys.getPublic(), true)));
    }

    /** Somebody for whom an authority vouches. */
    static Identity identity(Identity ca, String name, KeyPair keys, String... hosts) {
        String issuer =
                ca.certificate().getSubjectX500Principal().getName().substring("CN=".length());
        X509Certificate own = certificate(issuer, ca.keys, name, keys.getPublic(), false, hosts);
        return new Identity(keys, List.of(own, ca.certificate()));
    }

    private static X509Certificate certificate(
            String issuer,
            KeyPair signer,
            String subject,
            PublicKey key,
            boolean authority,
            String... hosts) {
        boolean rsa = signer.getPrivate().getAlgorithm().equals("RSA");
        byte[] algorithm = der(0x30, rsa ? RSA_SHA256 : ECDSA_SHA256);
        Instant now = Instant.now();
        byte[] content =
                der(
                        0x30,
                        der(0xa0, der(2, new byte[] {2})),
                        der(2, BigInteger.valueOf(SERIAL.getAndIncrement()).toByteArray()),
                        algorithm,
                        name(issuer),
                        der(0x30, time(now.minusSeconds(3600)), time(now.plusSeconds(86_400))),
                        name(subject),
                        key.getEncoded(),
                        der(0xa3, der(0x30, authority ? constraints() : alternatives(hosts))));
        try {
            Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(signer.getPrivate());
            signature.update(content);
            byte[] bits = join(new byte[] {0}, signature.sign());
            byte[] whole = der(0x30, content, algorithm, der(3, bits));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] name(String common) {
        byte[] text = der(0x0c, common.getBytes(StandardCharsets.UTF_8));
        return der(0x30, der(0x31, der(0x30, oid(0x55, 4, 3), text)));
    }

    private static byte[] time(Instant when) {
        String text =
                DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(when);
        return der(0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] constraints() {
        byte[] isAuthority = der(0x30, der(1, new byte[] {-1}));
        return der(0x30, oid(0x55, 0x1d, 0x13), der(1, new byte[] {-1}), der(4, isAuthority));
    }

    private static byte[] alternatives(String... hosts) {
        byte[] names = {};
        for (String host : hosts) {
            boolean address = Character.isDigit(host.charAt(host.length() - 1));
            byte[] name =
                    address
                            ? der(0x87, InetAddress.ofLiteral(host).getAddress())
                            : der(0x82, host.getBytes(StandardCharsets.US_ASCII));
            names = join(names, name);
        }
        return der(0x30, oid(0x55, 0x1d, 0x11), der(4, der(0x30, names)));
    }

    private static byte[] oid(int... arcs) {
        byte[] bytes = new byte[arcs.length];
        for (int i = 0; i < arcs.length; i++) {
            bytes[i] = (byte) arcs[i];
        }
        return der(6, bytes);
    }

    /** An element of DER. */
    static byte[] der(int tag, byte[]... contents) {
        byte[] content = {};
        for (byte[] part : contents) {
            content = join(content, part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length >= 0x100) {
            out.write(0x82);
            out.write(content.length >> 8);
        } else if (content.length >= 0x80) {
            out.write(0x81);
        }
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
