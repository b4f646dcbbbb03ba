package evy.zmq;

import zmq.io.mechanism.curve.Curve;

/**
 * A pair of long-term keys for CURVE, each 40 characters of Z85.
 *
 * @param publicKey to be given to everybody
 * @param secretKey to be kept
 * @source ZeroMQ {@code zmq_curve_keypair(3)}, RFC 32/Z85
 */
public record CurveKeyPair(String publicKey, String secretKey) {
    private static final int LENGTH = 40;

    /**
     * Checks the keys' form.
     *
     * @throws IllegalArgumentException if one has not 40 characters
     */
    public CurveKeyPair {
        check("public key", publicKey);
        check("secret key", secretKey);
    }

    static void check(String what, String key) {
        if (key.length() != LENGTH) { // its text stays out of messages: it may be a secret
            throw new IllegalArgumentException(
                    what + " must be " + LENGTH + " characters of Z85: " + key.length());
        }
    }

    /** {@return a new pair} */
    public static CurveKeyPair generate() {
        String[] keys = new Curve().keypairZ85();
        return new CurveKeyPair(keys[0], keys[1]);
    }

    /** The public one only. */
    @Override
    public String toString() {
        return "CurveKeyPair[publicKey=" + publicKey + "]";
    }
}
