package evy.io.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.SSLException;

/** Makes keys of what stands in a PEM block. */
final class PrivateKeys {
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private PrivateKeys() {}

    static PrivateKey decode(Path file, String label, byte[] content, char @Nullable [] password)
            throws SSLException {
        try {
            byte[] pkcs8 =
                    switch (label) {
                        case "PRIVATE KEY" -> content;
                        case "RSA PRIVATE KEY" -> Der.pkcs8OfPkcs1(content);
                        case "EC PRIVATE KEY" -> Der.pkcs8OfSec1(content);
                        case "ENCRYPTED PRIVATE KEY" -> decrypt(file, content, password);
                        default -> throw new SSLException(file + ": unsupported: " + label);
                    };
            return generate(file, pkcs8);
        } catch (SSLException e) {
            throw e;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new SSLException(file + ": " + label + " is not valid: " + e.getMessage(), e);
        }
    }

    private static PrivateKey generate(Path file, byte[] pkcs8)
            throws IOException, GeneralSecurityException {
        String oid = Der.algorithmOfPkcs8(pkcs8);
        String algorithm =
                switch (oid) {
                    case "1.2.840.113549.1.1.1" -> "RSA";
                    case "1.2.840.113549.1.1.10" -> "RSASSA-PSS";
                    case "1.2.840.10045.2.1" -> "EC";
                    case "1.2.840.10040.4.1" -> "DSA";
                    case "1.3.101.112" -> "Ed25519";
                    case "1.3.101.113" -> "Ed448";
                    default -> throw new SSLException(file + ": unsupported kind of key: " + oid);
                };
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] decrypt(Path file, byte[] content, char @Nullable [] password)
            throws IOException, GeneralSecurityException {
        if (password == null) {
            throw new SSLException(file + ": the key is encrypted, a password is needed");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(content);
        AlgorithmParameters parameters = info.getAlgParameters();
        // the name of the scheme says nothing of what it consists of, the parameters do
        boolean composed = info.getAlgName().equals(PBES2) || info.getAlgName().equals("PBES2");
        String name = composed ? parameters.toString() : info.getAlgName();
        PBEKeySpec spec = new PBEKeySpec(password);
        try {
            SecretKey key = SecretKeyFactory.getInstance(name).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            return info.getKeySpec(cipher).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new SSLException(
                    file + ": the key cannot be decrypted; is the password right?", e);
        } finally {
            spec.clearPassword();
        }
    }
}
