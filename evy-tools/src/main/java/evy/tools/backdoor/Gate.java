package evy.tools.backdoor;

import evy.Evy;
import evy.Timeout;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * Asks clients for the token, if there is one, and sends them nothing until they have given it.
 *
 * <p>A wrong one costs its client a second, and only so many may be waiting at once; so guesses are
 * few, and clients who have the token are not kept out for long by those who have not.
 *
 * @thread the sessions' hub
 */
final class Gate {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PENALTY = Duration.ofSeconds(1);
    private static final int MAX_WAITING = 64;

    private final byte @Nullable [] expected;
    private int waiting;

    Gate(@Nullable String token) {
        expected = token == null ? null : digest(token);
    }

    /** True if the client may come in. */
    boolean admits(TelnetInput client) throws IOException {
        if (expected == null) {
            return true;
        }
        if (waiting >= MAX_WAITING) {
            return false;
        }
        waiting++;
        try {
            var first = Timeout.call(PATIENCE, client::next, new TelnetInput.Said.End());
            var given = first instanceof TelnetInput.Said.Line line ? line.text() : "";
            if (MessageDigest.isEqual(digest(given), expected)) {
                return true;
            }
            Evy.sleep(PENALTY);
            return false;
        } finally {
            waiting--;
        }
    }

    /* Digests have one length, so that not even that can be told from the time a comparison takes. */
    private static byte[] digest(String token) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return sha.digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
