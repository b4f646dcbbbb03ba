package evy.web;

import evy.GreenPool;
import evy.hubs.Hub;
import evy.io.tls.TlsOptions;
import evy.web.http1.Limits;
import evy.web.http1.Pace;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a server serves. Immutable; {@code WebOptions.DEFAULT.withDebug(true)} changes one thing.
 *
 * @source eventlet {@code wsgi.server}, whose arguments these are
 */
public final class WebOptions {
    /** Safe limits, no access log, errors to the {@link System.Logger} {@code evy.web}. */
    public static final WebOptions DEFAULT = new WebOptions();

    private @Nullable Consumer<String> log;
    private LogFormat logFormat = LogFormat.of(LogFormat.DEFAULT);
    private boolean forwardedForLogged;
    private @Nullable GreenPool pool;
    private int maxConnections = 1024;
    private HttpVersion maxVersion = HttpVersion.HTTP_1_1;
    private Duration keepAlive = Duration.ofSeconds(75);
    private int minimumChunk = 4096;
    private int maxRequestLine = 8192;
    private int maxHeaderLine = 8192;
    private int maxHeaders = 65_536;
    private int maxHeaderCount = 100;
    private long maxBody = 64L * 1024 * 1024;
    private Duration socketTimeout = Duration.ofSeconds(30);
    private Duration headTimeout = Duration.ofSeconds(30);
    private int minimumBodyRate = 240;
    private boolean debug;
    private boolean capitalised = true;
    private Duration drainTimeout = Duration.ofSeconds(10);
    private int hubs = 1;
    private int backlog = 1024;
    private int trustedHops;
    private @Nullable TlsOptions tls;
    private Map<String, Object> environment = Map.of();

    private WebOptions() {}

    private WebOptions copy() {
        WebOptions copy = new WebOptions();
        copy.log = log;
        copy.logFormat = logFormat;
        copy.forwardedForLogged = forwardedForLogged;
        copy.pool = pool;
        copy.maxConnections = maxConnections;
        copy.maxVersion = maxVersion;
        copy.keepAlive = keepAlive;
        copy.minimumChunk = minimumChunk;
        copy.maxRequestLine = maxRequestLine;
        copy.maxHeaderLine = maxHeaderLine;
        copy.maxHeaders = maxHeaders;
        copy.maxHeaderCount = maxHeaderCount;
        copy.maxBody = maxBody;
        copy.socketTimeout = socketTimeout;
        copy.headTimeout = headTimeout;
        copy.minimumBodyRate = minimumBodyRate;
        copy.debug = debug;
        copy.capitalised = capitalised;
        copy.drainTimeout = drainTimeout;
        copy.hubs = hubs;
        copy.backlog = backlog;
        copy.trustedHops = trustedHops;
        copy.tls = tls;
        copy.environment = environment;
        return copy;
    }

    /**
     * Where each request is logged, a line each, and what else there is to say.
     *
     * @param sink called on the hub: must not block
     * @return other options
     */
    public WebOptions withLog(Consumer<String> sink) {
        WebOptions copy = copy();
        copy.log = Objects.requireNonNull(sink, "sink");
        return copy;
    }

    /**
     * How a request is logged: a text with names in braces. The default is {@value
     * LogFormat#DEFAULT}. There is also {@code {client_port}}.
     *
     * @param format text with names in braces
     * @return other options
     * @throws IllegalArgumentException if a name is unknown
     */
    public WebOptions withLogFormat(String format) {
        WebOptions copy = copy();
        copy.logFormat = LogFormat.of(format);
        return copy;
    }

    /**
     * Whether the log shows {@code X-Forwarded-For} before the address of the client. Default no:
     * the client can write there what it likes.
     *
     * @param logged true to show it
     * @return other options
     */
    public WebOptions withForwardedForLogged(boolean logged) {
        WebOptions copy = copy();
        copy.forwardedForLogged = logged;
        return copy;
    }

    /**
     * The pool that connections run in, instead of one of {@link #withMaxConnections} of its own.
     * It may be shared with other servers.
     *
     * @param newPool bounds how many connections there are
     * @return other options
     */
    public WebOptions withPool(GreenPool newPool) {
        WebOptions copy = copy();
        copy.pool = Objects.requireNonNull(newPool, "newPool");
        return copy;
    }

    /**
     * How many connections are served at once. Others wait to be accepted. Default 1024.
     *
     * @param count at least 1
     * @return other options
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebOptions withMaxConnections(int count) {
        WebOptions copy = copy();
        copy.maxConnections = atLeastOne("connections", count);
        return copy;
    }

    /**
     * The highest version spoken. With HTTP/1.0 nothing is sent in chunks. Default HTTP/1.1.
     *
     * @param version how requests are answered at most
     * @return other options
     */
    public WebOptions withMaxVersion(HttpVersion version) {
        WebOptions copy = copy();
        copy.maxVersion = version;
        return copy;
    }

    /**
     * How long a connection may be idle between requests. Default 75 s.
     *
     * @param idle zero for no further request on a connection
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public WebOptions withKeepAlive(Duration idle) {
        WebOptions copy = copy();
        copy.keepAlive = notNegative("keep-alive", idle);
        return copy;
    }

    /**
     * How much of a body that is not in memory is gathered before it is sent. Default 4096 bytes,
     * at most 8192; {@link Response#withMinimumChunk} overrides it.
     *
     * @param bytes 0 or 1 to send each piece at once
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public WebOptions withMinimumChunk(int bytes) {
        WebOptions copy = copy();
        copy.minimumChunk = notNegative("minimum chunk", bytes);
        return copy;
    }

    /**
     * How long a request line may be: shorter than this, or it is a 414. Default 8192 bytes.
     *
     * @param bytes at least 1
     * @return other options
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebOptions withMaxRequestLine(int bytes) {
        WebOptions copy = copy();
        copy.maxRequestLine = atLeastOne("request line", bytes);
        return copy;
    }

    /**
     * How long a header line may be: shorter than this, or it is a 431. Default 8192 bytes.
     *
     * @param bytes at least 1
     * @return other options
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebOptions withMaxHeaderLine(int bytes) {
        WebOptions copy = copy();
        copy.maxHeaderLine = atLeastOne("header line", bytes);
        return copy;
    }

    /**
     * How much all header lines may have together, or it is a 431. Default 65 536 bytes.
     *
     * @param bytes at least 1
     * @return other options
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebOptions withMaxHeaders(int bytes) {
        WebOptions copy = copy();
        copy.maxHeaders = atLeastOne("headers", bytes);
        return copy;
    }

    /**
     * How many header lines there may be, or it is a 431. Default 100.
     *
     * @param count at least 1
     * @return other options
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebOptions withMaxHeaderCount(int count) {
        WebOptions copy = copy();
        copy.maxHeaderCount = atLeastOne("header count", count);
        return copy;
    }

    /**
     * How large the body of a request may be, or it is a 413. Default 64 MiB.
     *
     * @param bytes at least 0
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public WebOptions withMaxBody(long bytes) {
        WebOptions copy = copy();
        copy.maxBody = notNegative("body", bytes);
        return copy;
    }

    /**
     * How long a client may stall in the middle of a request or a response: any one wait for more
     * of it, or for 64 KiB to be taken. Default 30 s.
     *
     * @param timeout positive
     * @return other options
     * @throws IllegalArgumentException if it is not positive
     */
    public WebOptions withSocketTimeout(Duration timeout) {
        WebOptions copy = copy();
        copy.socketTimeout = positive("socket timeout", timeout);
        return copy;
    }

    /**
     * How long the head of a request may take from its first byte to its last, or it is a 408; also
     * how long a new connection may be silent. Default 30 s.
     *
     * @param timeout positive
     * @return other options
     * @throws IllegalArgumentException if it is not positive
     */
    public WebOptions withHeadTimeout(Duration timeout) {
        WebOptions copy = copy();
        copy.headTimeout = positive("head timeout", timeout);
        return copy;
    }

    /**
     * How fast a request body must come on average, once it has been waited for as long as the
     * {@linkplain #withSocketTimeout socket timeout}. Default 240 bytes/s.
     *
     * @param bytesPerSecond 0 for any
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public WebOptions withMinimumBodyRate(int bytesPerSecond) {
        WebOptions copy = copy();
        copy.minimumBodyRate = notNegative("body rate", bytesPerSecond);
        return copy;
    }

    /**
     * Whether clients see the stack trace of an app that failed, and the log says more. Default no.
     *
     * @param on true while developing only
     * @return other options
     */
    public WebOptions withDebug(boolean on) {
        WebOptions copy = copy();
        copy.debug = on;
        return copy;
    }

    /**
     * Whether names of response headers are sent as {@code Foo-Bar}, however they are written.
     * Default yes.
     *
     * @param on false to send them as written
     * @return other options
     */
    public WebOptions withCapitalised(boolean on) {
        WebOptions copy = copy();
        copy.capitalised = on;
        return copy;
    }

    /**
     * How long requests under way may take when the server is closed. Default 10 s.
     *
     * @param timeout zero to cut them off
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public WebOptions withDrainTimeout(Duration timeout) {
        WebOptions copy = copy();
        copy.drainTimeout = notNegative("drain timeout", timeout);
        return copy;
    }

    /**
     * How many hubs serve, each with a listener of its own on the same port. Default 1, the current
     * one; with more, the server opens and closes them.
     *
     * @param count at least 1
     * @return other options
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebOptions withHubs(int count) {
        WebOptions copy = copy();
        copy.hubs = atLeastOne("hubs", count);
        return copy;
    }

    /**
     * How many connections may wait to be accepted. Default 1024; the system may cap it.
     *
     * @param count at least 1
     * @return other options
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebOptions withBacklog(int count) {
        WebOptions copy = copy();
        copy.backlog = atLeastOne("backlog", count);
        return copy;
    }

    /**
     * How many proxies in front of the server are trusted to have appended to {@code
     * X-Forwarded-For}. Default 0: {@code X-Forwarded-*} means nothing.
     *
     * @param count how many addresses from the end are the proxies' word
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public WebOptions withTrustedHops(int count) {
        WebOptions copy = copy();
        copy.trustedHops = notNegative("trusted hops", count);
        return copy;
    }

    /**
     * Serves https, where the server makes the listener. A listener that is passed in is used as it
     * is.
     *
     * @param options a server's
     * @return other options
     */
    public WebOptions withTls(TlsOptions options) {
        WebOptions copy = copy();
        copy.tls = Objects.requireNonNull(options, "options");
        return copy;
    }

    /**
     * What is in the {@linkplain Request#environment environment} of every request.
     *
     * @param entries copied; values may be null
     * @return other options
     */
    public WebOptions withEnvironment(Map<String, ?> entries) {
        WebOptions copy = copy();
        copy.environment = new HashMap<>(entries);
        return copy;
    }

    Limits limits() {
        return new Limits(maxRequestLine, maxHeaderLine, maxHeaders, maxHeaderCount, maxBody);
    }

    Pace pace() {
        return new Pace(nanos(socketTimeout), nanos(headTimeout), minimumBodyRate);
    }

    @Nullable Consumer<String> log() {
        return log;
    }

    LogFormat logFormat() {
        return logFormat;
    }

    boolean isForwardedForLogged() {
        return forwardedForLogged;
    }

    GreenPool poolOrNew() {
        return pool == null ? new GreenPool(maxConnections) : pool;
    }

    HttpVersion maxVersion() {
        return maxVersion;
    }

    Duration keepAlive() {
        return keepAlive;
    }

    long keepAliveNanos() {
        return nanos(keepAlive);
    }

    /* So long that nobody lives to see it, and yet a sum with the clock does not wrap round. */
    private static long nanos(Duration duration) {
        return Math.min(Hub.saturatedNanos(duration), Long.MAX_VALUE / 4);
    }

    int minimumChunk() {
        return minimumChunk;
    }

    boolean isDebug() {
        return debug;
    }

    boolean isCapitalised() {
        return capitalised;
    }

    Duration drainTimeout() {
        return drainTimeout;
    }

    int hubs() {
        return hubs;
    }

    int backlog() {
        return backlog;
    }

    int trustedHops() {
        return trustedHops;
    }

    @Nullable TlsOptions tls() {
        return tls;
    }

    Map<String, Object> environment() {
        return environment;
    }

    private static int atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be >= 1: " + value);
        }
        return value;
    }

    static int notNegative(String what, int value) {
        return (int) notNegative(what, (long) value);
    }

    private static long notNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must be >= 0: " + value);
        }
        return value;
    }

    static Duration notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " must be >= 0: " + value);
        }
        return value;
    }

    private static Duration positive(String what, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(what + " must be > 0: " + value);
        }
        return value;
    }
}
