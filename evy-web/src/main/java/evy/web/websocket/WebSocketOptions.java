package evy.web.websocket;

import evy.io.tls.TlsOptions;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How a WebSocket behaves. Immutable; each {@code with…} gives changed options.
 *
 * <p>When nothing is said: messages up to 16 MiB in frames up to 8 MiB, pings after 20 s of
 * silence, the peer given up after 60 s of it, 10 s to connect and 5 s to close, no compression,
 * any origin.
 */
public final class WebSocketOptions {
    /** What holds when nothing is said. */
    public static final WebSocketOptions DEFAULT = new WebSocketOptions(new Settings());

    private final Settings settings;

    private WebSocketOptions(Settings settings) {
        this.settings = settings;
    }

    private WebSocketOptions with(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new WebSocketOptions(changed);
    }

    /**
     * The same with limits for what comes in. More ends the connection with the code 1009.
     *
     * @param maxMessage most bytes of a message, decompressed
     * @param maxFrame most bytes of a frame
     * @return other options
     * @throws IllegalArgumentException unless both are positive
     */
    public WebSocketOptions withLimits(int maxMessage, long maxFrame) {
        requirePositive("maxMessage", maxMessage);
        requirePositive("maxFrame", maxFrame);
        return with(
                s -> {
                    s.maxMessage = maxMessage;
                    s.maxFrame = maxFrame;
                });
    }

    /**
     * The same with times of silence. They are kept while {@code receive} waits: what nobody
     * listens to can be as silent as it likes.
     *
     * @param pingInterval after this long the peer is pinged; zero for never
     * @param idleTimeout after this long the peer counts as lost, and also if it takes nothing for
     *     so long of what is sent to it; zero for never
     * @return other options
     */
    public WebSocketOptions withKeepAlive(Duration pingInterval, Duration idleTimeout) {
        requireNotNegative("pingInterval", pingInterval);
        requireNotNegative("idleTimeout", idleTimeout);
        return with(
                s -> {
                    s.pingInterval = pingInterval;
                    s.idleTimeout = idleTimeout;
                });
    }

    /**
     * The same with limits for opening and closing.
     *
     * @param connectTimeout a client's: longest time until the handshake is done
     * @param closeTimeout longest wait for the peer's part of closing
     * @return other options
     */
    public WebSocketOptions withTimeouts(Duration connectTimeout, Duration closeTimeout) {
        requirePositive("connectTimeout", connectTimeout.toNanos());
        requirePositive("closeTimeout", closeTimeout.toNanos());
        return with(
                s -> {
                    s.connectTimeout = connectTimeout;
                    s.closeTimeout = closeTimeout;
                });
    }

    /**
     * The same with compression, if the peer has it, too.
     *
     * @param wanted what is wanted of it
     * @return other options
     */
    public WebSocketOptions withCompression(Compression wanted) {
        return with(s -> s.compression = wanted);
    }

    /**
     * The same for certain subprotocols.
     *
     * @param names those this end speaks; a client's best first. Of them a server takes the one
     *     that the client named first
     * @return other options
     * @throws IllegalArgumentException if one is no token
     */
    public WebSocketOptions withSubprotocols(String... names) {
        for (String name : names) {
            if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ',')) {
                throw new IllegalArgumentException("subprotocol must be a token: '" + name + "'");
            }
        }
        return with(s -> s.subprotocols = List.of(names));
    }

    /**
     * The same for a server that some origins only may connect to. Whoever relies on cookies must
     * check it: any page of the web can open a WebSocket to any server. Others get a 403.
     *
     * @param allowed asked with the {@code Origin}; with null if none was sent, as by programs
     * @return other options
     */
    public WebSocketOptions withOrigins(Predicate<@Nullable String> allowed) {
        return with(s -> s.origins = allowed);
    }

    /**
     * The same for a client that sends headers with its handshake.
     *
     * @param headers values by name
     * @return other options
     * @throws IllegalArgumentException if a name is no token, or a value has control characters
     */
    public WebSocketOptions withHeaders(Map<String, String> headers) {
        headers.forEach(
                (name, value) -> {
                    if (name.isEmpty()
                            || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
                        throw new IllegalArgumentException(
                                "header name must be a token: '" + name + "'");
                    }
                    if (!value.chars().allMatch(c -> c >= ' ' && c != 0x7f && c <= 0xff)) {
                        throw new IllegalArgumentException(
                                "header '" + name + "' has a value that cannot be sent");
                    }
                });
        return with(s -> s.headers = Map.copyOf(headers));
    }

    /**
     * The same for a client that connects by TLS in a certain way: whom it trusts, and how it shows
     * who it is.
     *
     * @param tls a client's
     * @return other options
     * @throws IllegalArgumentException if they are a server's
     */
    public WebSocketOptions withTls(TlsOptions tls) {
        if (tls.isServer()) {
            throw new IllegalArgumentException("TLS options of a server: a client's are needed");
        }
        return with(s -> s.tls = tls);
    }

    /** {@return the same for a server that also understands the drafts 75 and 76, of 2010} */
    public WebSocketOptions withLegacy() {
        return with(s -> s.legacy = true);
    }

    int maxMessage() {
        return settings.maxMessage;
    }

    long maxFrame() {
        return settings.maxFrame;
    }

    Duration pingInterval() {
        return settings.pingInterval;
    }

    Duration idleTimeout() {
        return settings.idleTimeout;
    }

    Duration connectTimeout() {
        return settings.connectTimeout;
    }

    Duration closeTimeout() {
        return settings.closeTimeout;
    }

    @Nullable Compression compression() {
        return settings.compression;
    }

    List<String> subprotocols() {
        return settings.subprotocols;
    }

    boolean admits(@Nullable String origin) {
        return settings.origins.test(origin);
    }

    Map<String, String> headers() {
        return settings.headers;
    }

    TlsOptions tls() {
        return settings.tls;
    }

    boolean legacy() {
        return settings.legacy;
    }

    private static void requirePositive(String what, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " must be > 0: " + value);
        }
    }

    private static void requireNotNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " must be >= 0: " + value);
        }
    }

    /** The values; not changed once options hold them. */
    private static final class Settings implements Cloneable {
        private static final int MEBI = 1 << 20;

        int maxMessage = 16 * MEBI;
        long maxFrame = 8 * MEBI;
        Duration pingInterval = Duration.ofSeconds(20);
        Duration idleTimeout = Duration.ofSeconds(60);
        Duration connectTimeout = Duration.ofSeconds(10);
        Duration closeTimeout = Duration.ofSeconds(5);
        @Nullable Compression compression;
        List<String> subprotocols = List.of();
        Predicate<@Nullable String> origins = _ -> true;
        Map<String, String> headers = Map.of();
        TlsOptions tls = TlsOptions.client();
        boolean legacy;

        Settings copy() {
            try {
                return (Settings) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
