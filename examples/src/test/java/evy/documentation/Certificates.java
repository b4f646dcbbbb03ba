package evy.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate for this machine that signs itself, as PEM files. */
final class Certificates {
    private static final String PASSWORD = "password";
    private static final String COMMAND =
            "-genkeypair -alias web -keyalg EC -dname CN=localhost -validity 3650"
                    + " -ext san=dns:localhost,ip:127.0.0.1 -storetype PKCS12 -storepass "
                    + PASSWORD
                    + " -keystore ";

    private static String certificate;
    private static String key;

    private Certificates() {}

    /** Writes {@code chain.pem} and {@code key.pem} into a folder. */
    static synchronized void write(Path folder) throws Exception {
        if (certificate == null) {
            make();
        }
        Files.writeString(folder.resolve("chain.pem"), certificate);
        Files.writeString(folder.resolve("key.pem"), key);
    }

    private static void make() throws IOException, InterruptedException, GeneralSecurityException {
        var folder = Files.createTempDirectory("evy-docs-keys");
        var store = folder.resolve("store.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin/keytool");
        var process =
                new ProcessBuilder((keytool + " " + COMMAND + store).split(" "))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool has failed");
        }
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        certificate = pem("CERTIFICATE", keys.getCertificate("web").getEncoded());
        key = pem("PRIVATE KEY", keys.getKey("web", PASSWORD.toCharArray()).getEncoded());
        Files.delete(store);
        Files.delete(folder);
    }

    private static String pem(String what, byte... bytes) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(what, text);
    }
}
