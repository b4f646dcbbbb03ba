package evy.io.tls;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.SSLException;

/**
 * Certificates and private keys in PEM files, as authorities and {@code openssl} write them. What
 * stands between the blocks, and blocks of other kinds, are passed over.
 */
public final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private Pem() {}

    /** One block; enciphered if its head says that its content is. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Block(String label, byte[] content, boolean enciphered) {
        boolean isCertificate() {
            return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
        }

        boolean isPrivateKey() {
            return label.endsWith("PRIVATE KEY");
        }
    }

    /**
     * Reads certificates.
     *
     * @param file the file
     * @return all there are, in their order; at least one
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws SSLException if there is none, or one cannot be understood; names the file
     * @throws IOException if it cannot be read
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file)) {
                if (block.isCertificate()) {
                    var content = new ByteArrayInputStream(block.content);
                    certificates.add((X509Certificate) factory.generateCertificate(content));
                }
            }
        } catch (CertificateException e) {
            throw new SSLException(file + ": not a certificate: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new SSLException(file + ": there is no certificate in it");
        }
        return certificates;
    }

    /**
     * Reads a private key that is not encrypted.
     *
     * @param file the file: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)
     * @return the first key there is
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws SSLException if there is none, or it cannot be understood; names the file
     * @throws IOException if it cannot be read
     */
    public static PrivateKey privateKey(Path file) throws IOException {
        return privateKey(file, null);
    }

    /**
     * Reads a private key.
     *
     * @param file the file: PKCS#8, encrypted or not, PKCS#1 (RSA) or SEC 1 (EC)
     * @param password for an encrypted one; null for none
     * @return the first key there is
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws SSLException if there is none, it cannot be understood, or the password is missing or
     *     wrong; names the file
     * @throws IOException if it cannot be read
     */
    public static PrivateKey privateKey(Path file, char @Nullable [] password) throws IOException {
        for (Block block : blocks(file)) {
            if (block.isPrivateKey()) {
                if (block.enciphered) {
                    throw new SSLException(
                            file
                                    + ": encrypted in OpenSSL's old way, which is not supported;"
                                    + " convert it by 'openssl pkcs8 -topk8'");
                }
                return PrivateKeys.decode(file, block.label, block.content, password);
            }
        }
        throw new SSLException(file + ": there is no private key in it");
    }

    private static List<Block> blocks(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        String label = null;
        boolean enciphered = false;
        StringBuilder content = new StringBuilder();
        for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()) {
            String text = line.strip();
            if (label == null) {
                label = between(BEGIN, text);
            } else if (label.equals(between(END, text))) {
                blocks.add(new Block(label, decode(file, label, content), enciphered));
                label = null;
                enciphered = false;
                content.setLength(0);
            } else if (text.indexOf(':') >= 0) {
                enciphered |= text.startsWith("Proc-Type:") && text.endsWith("ENCRYPTED");
            } else {
                content.append(text);
            }
        }
        if (label != null) {
            throw new SSLException(file + ": no end of " + BEGIN + label + DASHES);
        }
        return blocks;
    }

    private static @Nullable String between(String start, String line) {
        return line.startsWith(start) && line.endsWith(DASHES)
                ? line.substring(start.length(), line.length() - DASHES.length())
                : null;
    }

    private static byte[] decode(Path file, String label, CharSequence content)
            throws SSLException {
        try {
            return Base64.getDecoder().decode(content.toString());
        } catch (IllegalArgumentException e) {
            throw new SSLException(file + ": " + label + " is not in base 64", e);
        }
    }
}
