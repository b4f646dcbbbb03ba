package evy.web.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What a server makes of a client's key, to show that it knows the protocol.
 *
 * @source RFC 6455 section 4.2.2
 */
final class AcceptKey {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final MessageDigest SHA_1 = digest("SHA-1");

    private AcceptKey() {}

    static String of(String key) {
        byte[] bytes = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
        return Base64.getEncoder().encodeToString(sha1().digest(bytes));
    }

    /* A copy, as looking one up leaves something behind in the thread, which may live for days. */
    private static MessageDigest sha1() {
        try {
            return (MessageDigest) SHA_1.clone();
        } catch (CloneNotSupportedException e) {
            return digest("SHA-1");
        }
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }
}
