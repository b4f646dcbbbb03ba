package evy.tools.backdoor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a {@link Backdoor} is kept. Immutable; {@code BackdoorOptions.DEFAULT.withMaxSessions(4)}
 * changes one thing.
 *
 * @param token what a client has to send as its first line; null for nothing
 * @param remote true to serve on addresses that other machines reach; needs a token
 * @param maxSessions how many there may be at once
 * @param maxLine longest line of input, in bytes
 * @param drainTimeout how long a session goes on with what it has once the client's input has ended
 * @param log gets a line for each connection; null for the {@link System.Logger} {@code
 *     evy.tools.backdoor}
 */
public record BackdoorOptions(
        @Nullable String token,
        boolean remote,
        int maxSessions,
        int maxLine,
        Duration drainTimeout,
        @Nullable Consumer<String> log) {
    /** Fewer characters than this are guessed too easily. */
    public static final int MIN_TOKEN_LENGTH = 16;

    /** Local clients only, no token, 100 sessions. */
    public static final BackdoorOptions DEFAULT =
            new BackdoorOptions(null, false, 100, 65_536, Duration.ofSeconds(10), null);

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if one makes no sense; the message says which
     */
    public BackdoorOptions {
        if (token != null && token.length() < MIN_TOKEN_LENGTH) {
            throw new IllegalArgumentException(
                    "token must have at least "
                            + MIN_TOKEN_LENGTH
                            + " characters: it has "
                            + token.length());
        }
        if (token != null && !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("token must be printable ASCII without blanks");
        }
        if (maxSessions < 1) {
            throw new IllegalArgumentException("maxSessions must be >= 1: " + maxSessions);
        }
        if (maxLine < 80) {
            throw new IllegalArgumentException("maxLine must be >= 80 bytes: " + maxLine);
        }
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException("drainTimeout must be >= 0: " + drainTimeout);
        }
    }

    /**
     * The same for clients that know a token: it is the first line they send, and until then they
     * are sent nothing.
     *
     * @param newToken at least {@value #MIN_TOKEN_LENGTH} printable ASCII characters
     * @return the new options
     */
    public BackdoorOptions withToken(String newToken) {
        Objects.requireNonNull(newToken, "token");
        return new BackdoorOptions(newToken, remote, maxSessions, maxLine, drainTimeout, log);
    }

    /**
     * The same for listeners that other machines reach, too. Whoever knows the token can do there
     * whatever the program can; and without TLS whoever sees the bytes pass knows the token.
     *
     * @return the new options; they need a token
     */
    public BackdoorOptions withRemote() {
        return new BackdoorOptions(token, true, maxSessions, maxLine, drainTimeout, log);
    }

    /**
     * The same with another number of sessions. One that has evaluated something takes about 7 MB
     * of heap until it ends.
     *
     * @param newMaxSessions at least 1; a client too many is told so
     * @return the new options
     */
    public BackdoorOptions withMaxSessions(int newMaxSessions) {
        return new BackdoorOptions(token, remote, newMaxSessions, maxLine, drainTimeout, log);
    }

    /**
     * The same with another limit for lines.
     *
     * @param bytes at least 80; a line that is longer is dropped, and the client told
     * @return the new options
     */
    public BackdoorOptions withMaxLine(int bytes) {
        return new BackdoorOptions(token, remote, maxSessions, bytes, drainTimeout, log);
    }

    /**
     * The same with another patience for sessions whose client has ended its input, as {@code echo
     * x | nc} does; one that has vanished looks no different at first.
     *
     * @param newDrainTimeout zero to stop at once what runs
     * @return the new options
     */
    public BackdoorOptions withDrainTimeout(Duration newDrainTimeout) {
        return new BackdoorOptions(token, remote, maxSessions, maxLine, newDrainTimeout, log);
    }

    /**
     * The same with another log.
     *
     * @param newLog must not block
     * @return the new options
     */
    public BackdoorOptions withLog(Consumer<String> newLog) {
        return new BackdoorOptions(token, remote, maxSessions, maxLine, drainTimeout, newLog);
    }

    /** Shows no token. */
    @Override
    public String toString() {
        return "BackdoorOptions[token=%s, remote=%s, maxSessions=%d, maxLine=%d, drainTimeout=%s]"
                .formatted(
                        token == null ? "none" : "set", remote, maxSessions, maxLine, drainTimeout);
    }
}
