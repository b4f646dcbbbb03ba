package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.behaviour.TlsIdentities.Identity;
import evy.io.tls.Pem;
import evy.io.tls.TlsOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.SSLException;

/** Certificates and keys in PEM files. */
@ExtendWith(LeakCheckExtension.class)
class TlsPemTest {
    /* 1.2.840.113549.1.5.13 */
    private static final byte[] PBES2 = {
        6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 5, 13
    };
    private static final char[] PASSWORD = "secret".toCharArray();

    @TempDir Path dir;

    private Path file(String... blocks) throws IOException {
        return Files.writeString(dir.resolve("some.pem"), String.join("\n", blocks));
    }

    @Test
    @Spec("SSL11")
    void certificates_ofAChainAmongOtherThings_areRead() throws Exception {
        Identity identity = TlsIdentities.LOCALHOST;
        Path chain = identity.writeChain(dir.resolve("chain.pem"));
        Path file =
                file(
                        "subject=CN = somebody",
                        TlsIdentities.pem("PRIVATE KEY", identity.key().getEncoded()),
                        Files.readString(chain).replace("\n", "\r\n"));

        assertThat(Pem.certificates(file)).isEqualTo(identity.chain());
        assertThat(Pem.privateKey(file)).isEqualTo(identity.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519", "Ed448", "RSASSA-PSS"})
    @Spec("SSL11")
    void privateKey_inPkcs8_isRead(String algorithm) throws Exception {
        PrivateKey key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();

        PrivateKey read = Pem.privateKey(file(TlsIdentities.pem("PRIVATE KEY", key.getEncoded())));

        assertThat(read.getEncoded()).isEqualTo(key.getEncoded());
        assertThat(read.getAlgorithm()).isEqualTo(key.getAlgorithm());
    }

    @Test
    @Spec("SSL11")
    void privateKey_inPkcs1_isRead() throws Exception {
        PrivateKey key = TlsIdentities.rsa().getPrivate();
        byte[] pkcs8 = key.getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length); // what follows its head

        PrivateKey read = Pem.privateKey(file(TlsIdentities.pem("RSA PRIVATE KEY", pkcs1)));

        assertThat(read).isEqualTo(key);
    }

    @Test
    @Spec("SSL11")
    void privateKey_inSec1_isRead() throws Exception {
        PrivateKey key = TlsIdentities.ec().getPrivate();
        byte[] pkcs8 = key.getEncoded();
        byte[] curve = {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7};
        byte[] number = Arrays.copyOfRange(pkcs8, 35, pkcs8.length); // its last field
        byte[] scalar = Arrays.copyOfRange(number, number.length - 32, number.length);
        byte[] sec1 =
                TlsIdentities.der(
                        0x30,
                        TlsIdentities.der(2, new byte[] {1}),
                        TlsIdentities.der(4, scalar),
                        TlsIdentities.der(0xa0, curve));
        byte[] parameters = TlsIdentities.pem("EC PARAMETERS", curve).getBytes();
        Path file = file(new String(parameters), TlsIdentities.pem("EC PRIVATE KEY", sec1));

        PrivateKey read = Pem.privateKey(file);

        assertThat(((ECPrivateKey) read).getS()).isEqualTo(((ECPrivateKey) key).getS());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PBEWithHmacSHA256AndAES_256", "PBEWithHmacSHA1AndAES_128"})
    @Spec("SSL11")
    void privateKey_encrypted_isReadByItsPasswordOnly(String scheme) throws Exception {
        PrivateKey key = TlsIdentities.ec().getPrivate();
        Path file = file(TlsIdentities.pem("ENCRYPTED PRIVATE KEY", encrypt(key, scheme)));

        assertThat(Pem.privateKey(file, PASSWORD)).isEqualTo(key);
        assertThatThrownBy(() -> Pem.privateKey(file, "wrong".toCharArray()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("some.pem")
                .hasMessageContaining("password");
        assertThatThrownBy(() -> Pem.privateKey(file))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("password is needed");
    }

    private static byte[] encrypt(PrivateKey key, String scheme)
            throws GeneralSecurityException, IOException {
        SecretKey secret =
                SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(PASSWORD));
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(Cipher.ENCRYPT_MODE, secret);
        AlgorithmParameters parameters = cipher.getParameters();
        byte[] content = cipher.doFinal(new PKCS8EncodedKeySpec(key.getEncoded()).getEncoded());
        byte[] algorithm = TlsIdentities.der(0x30, PBES2, parameters.getEncoded());
        return TlsIdentities.der(0x30, algorithm, TlsIdentities.der(4, content));
    }

    @ParameterizedTest
    @CsvSource({
        "'', no private key",
        "'-----BEGIN PRIVATE KEY-----', no end",
        "'-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----', base 64",
        "'-----BEGIN PRIVATE KEY-----\nMAMC\n-----END PRIVATE KEY-----', not valid",
        "'-----BEGIN RSA PRIVATE KEY-----\nBAEA\n-----END RSA PRIVATE KEY-----', not valid",
        "'-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----', not valid",
        "'-----BEGIN ODD PRIVATE KEY-----\nMAMC\n-----END ODD PRIVATE KEY-----', ODD",
        "'-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X\n\nMAMC\n"
                + "-----END RSA PRIVATE KEY-----', openssl pkcs8",
    })
    @Spec("SSL11")
    void privateKey_ofWhatIsNone_isRefusedWithTheFilesName(String content, String why)
            throws Exception {
        Path file = file(content);

        assertThatThrownBy(() -> Pem.privateKey(file))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("some.pem")
                .hasMessageContaining(why);
    }

    @Test
    @Spec("SSL11")
    void files_ofNoUse_areRefused() throws Exception {
        Path empty = file("");
        Path broken =
                Files.writeString(dir.resolve("x"), TlsIdentities.pem("CERTIFICATE", new byte[3]));

        assertThatThrownBy(() -> Pem.certificates(empty))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("no certificate");
        assertThatThrownBy(() -> Pem.certificates(broken))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("not a certificate");
        assertThatThrownBy(() -> Pem.privateKey(dir.resolve("absent.pem")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("absent.pem");
        assertThatThrownBy(() -> TlsOptions.server(broken, broken).context())
                .isInstanceOf(SSLException.class);
    }
}
