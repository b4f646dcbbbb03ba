package evy.io.tls;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLException;

/** Finds a key that is not the certificate's, before a client does. */
final class KeyMatch {
    private KeyMatch() {}

    static void check(PrivateKey key, Path keyfile, X509Certificate certificate, Path certfile)
            throws SSLException {
        boolean same;
        try {
            same = belong(key, certificate);
        } catch (GeneralSecurityException e) {
            throw new SSLException(message(keyfile, certfile), e);
        }
        if (!same) {
            throw new SSLException(message(keyfile, certfile));
        }
    }

    private static String message(Path keyfile, Path certfile) {
        return "the key in " + keyfile + " is not that of the certificate in " + certfile;
    }

    private static boolean belong(PrivateKey key, X509Certificate certificate)
            throws GeneralSecurityException {
        String algorithm = signatureOf(key.getAlgorithm());
        if (algorithm == null) {
            return true; // nothing to try it by
        }
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(probe);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(probe);
        return verifier.verify(signature);
    }

    private static @Nullable String signatureOf(String keyAlgorithm) {
        return switch (keyAlgorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> null;
        };
    }
}
