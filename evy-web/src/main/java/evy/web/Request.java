package evy.web;

import evy.web.http1.RequestBody;
import evy.web.http1.RequestHead;
import evy.web.http1.Target;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;

import javax.net.ssl.SSLSession;

/**
 * A request. It looks at the bytes received, and makes a string only of what is asked for; so it is
 * valid until its response has been sent and its {@linkplain #onFinished hooks} have run. What is
 * asked for the first time after that throws an {@link IllegalStateException}.
 *
 * @thread the connection's; others while the app waits for them
 */
public final class Request {
    private final Exchange exchange;
    private final RequestBody body;
    private @Nullable RequestHead head; // null once it is over
    private final HttpVersion version;

    // made when asked for
    private @Nullable String method;
    private @Nullable String target;
    private @Nullable String path;
    private @Nullable Headers headers;
    private @Nullable Map<String, @Nullable Object> environment;
    private @Nullable String route;
    private Map<String, String> pathParameters = Map.of();

    Request(Exchange exchange, RequestHead head, RequestBody body) {
        this.exchange = exchange;
        this.head = head;
        this.body = body;
        this.version = head.minorVersion() == 0 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    RequestHead head() {
        RequestHead h = head;
        if (h == null) {
            throw new IllegalStateException(
                    "the request is over; ask before, or copy what is needed later");
        }
        return h;
    }

    /* The exchange serves other requests after this one. */
    private Exchange live() {
        head();
        return exchange;
    }

    void end() {
        head = null;
        body.endOfRequest();
    }

    /** {@return the method, as sent: methods are case-sensitive} */
    public String method() {
        String m = method;
        if (m == null) {
            m = head().method();
            method = m;
        }
        return m;
    }

    /** {@return the target as sent: usually path and query, percent-encoded} */
    public String target() {
        String t = target;
        if (t == null) {
            t = head().target();
            target = t;
        }
        return t;
    }

    /** {@return the path, percent-decoded as UTF-8; empty if the target has none} */
    public String path() {
        String p = path;
        if (p == null) {
            p = PercentDecoder.decode(rawPath(), StandardCharsets.UTF_8);
            path = p;
        }
        return p;
    }

    /** {@return the path as sent} */
    public String rawPath() {
        String t = target();
        int from = pathStart(t);
        int question = t.indexOf('?', from);
        return t.substring(from, question < 0 ? t.length() : question);
    }

    private int pathStart(String t) {
        if (t.startsWith("/")) {
            return 0;
        }
        int authority = Target.authorityStart(t);
        return authority < 0 ? t.length() : Target.authorityEnd(t, authority);
    }

    /** {@return what follows the question mark, as sent; null if there is none} */
    public @Nullable String query() {
        String t = target();
        int question = t.indexOf('?');
        return question < 0 ? null : t.substring(question + 1);
    }

    /** {@return the version the client speaks} */
    public HttpVersion version() {
        return version;
    }

    /** {@return the header fields} */
    public Headers headers() {
        Headers h = headers;
        if (h == null) {
            h = new RequestHeaders(this);
            headers = h;
        }
        return h;
    }

    /**
     * The value of a header field.
     *
     * @param name in any case
     * @return that of the first, null if there is none
     */
    public @Nullable String header(String name) {
        return headers().get(name);
    }

    /**
     * What stands in a place of the path's template, by which a {@link Router} has chosen the app.
     *
     * @param name of the place
     * @return its text, decoded
     * @throws IllegalArgumentException if the template has no such place
     */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "no place named '"
                            + name
                            + "' in the path's template, only "
                            + pathParameters.keySet());
        }
        return value;
    }

    /**
     * The template of the path by which a {@link Router} has chosen the app: a name for all
     * requests of a kind, for metrics and traces.
     *
     * @return such as {@code /users/{id}}; null if no router has, or none of its routes matched
     */
    public @Nullable String route() {
        return route;
    }

    void setRoute(String template, Map<String, String> values) {
        route = template;
        pathParameters = values;
    }

    /**
     * The host and port that the client asked for.
     *
     * @return from the target if that is absolute, else from {@code Host}; null for a client of
     *     HTTP/1.0 that does not say
     */
    public @Nullable String host() {
        String t = target();
        int authority = Target.authorityStart(t);
        return authority < 0
                ? header("Host")
                : t.substring(authority, Target.authorityEnd(t, authority));
    }

    /**
     * The body, as it comes. A client that waits for a {@code 100 Continue} gets it at the first
     * read. What is not read is skipped.
     *
     * <p>Its reads throw a {@link java.net.ProtocolException} if the client breaks the rules,
     * {@link java.io.EOFException} if it leaves early, {@link java.net.SocketTimeoutException} if
     * it is too slow. Let them pass: the client gets the right status.
     *
     * @return always the same stream; empty if there is no body
     */
    public InputStream body() {
        return body;
    }

    /** {@return bytes of the body as announced; 0 if there is none, -1 if it comes in chunks} */
    public long contentLength() {
        var framing = head().framing();
        return framing.isChunked() ? -1 : Math.max(0, framing.contentLength());
    }

    /**
     * Reads the rest of the body.
     *
     * @checkpoint if it has not come
     * @return no more than {@link WebOptions#withMaxBody} allows
     * @throws IOException as the reads of {@link #body}
     */
    public byte[] bytes() throws IOException {
        return body.readAllBytes();
    }

    /**
     * Reads the rest of the body as text, in the charset of the {@code Content-Type} or else in
     * UTF-8.
     *
     * @checkpoint if it has not come
     * @return the text
     * @throws IOException as the reads of {@link #body}
     */
    public String text() throws IOException {
        return new String(bytes(), charset());
    }

    private Charset charset() {
        String type = header("Content-Type");
        int at = type == null ? -1 : type.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (type == null || at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name = type.substring(at + "charset=".length()).split(";", 2)[0].strip();
        try {
            return Charset.forName(name.replace("\"", ""));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /** {@return the fields behind a body in chunks; empty until all of it has been read} */
    public Headers trailers() {
        return Headers.of(body.trailers().toArray(String[]::new));
    }

    /**
     * Sends a {@code 100 Continue} now.
     *
     * @checkpoint if the client does not take it
     * @param fields sent behind {@code Upgrade} and {@code Connection}, their names as they are
     * @throws IOException if the connection is lost
     * @throws IllegalStateException if the response has begun
     */
    public void sendContinue(Headers fields) throws IOException {
        live().sendContinue(fields);
    }

    /**
     * Sets what is sent with the {@code 100 Continue} at the first read of the body.
     *
     * @param fields its header fields
     */
    public void setContinueHeaders(Headers fields) {
        live().setContinueHeaders(fields);
    }

    /** {@return {@code http} or {@code https}, as the last trusted proxy saw it} */
    public String scheme() {
        String forwarded =
                exchange.options().trustedHops() == 0 ? null : header("X-Forwarded-Proto");
        boolean known = "http".equals(forwarded) || "https".equals(forwarded);
        return forwarded != null && known ? forwarded : exchange.peer().scheme();
    }

    /** {@return the address of the other end of the connection} */
    public SocketAddress remoteAddress() {
        return exchange.peer().remote();
    }

    /** {@return the address of this end of the connection} */
    public SocketAddress localAddress() {
        return exchange.peer().local();
    }

    /**
     * The address of the client: that of the other end of the connection, unless {@linkplain
     * WebOptions#withTrustedHops proxies are trusted} that say another.
     *
     * @return as text; {@code unix} for a Unix socket
     */
    public String clientAddress() {
        int hops = exchange.options().trustedHops();
        String forwarded = hops == 0 ? null : headers().joined("X-Forwarded-For");
        if (forwarded == null) {
            return exchange.peer().ip();
        }
        String[] addresses = forwarded.split(",", -1);
        return addresses[Math.max(0, addresses.length - hops)].strip();
    }

    /** {@return the TLS session; null if the connection is plain} */
    public @Nullable SSLSession tlsSession() {
        return exchange.peer().tlsSession();
    }

    /**
     * What apps tell each other about this request, by name. It begins with the variables of CGI
     * and what {@link WebOptions#withEnvironment} says. The server never looks at it.
     *
     * @return always the same map, to be changed at will
     */
    public Map<String, @Nullable Object> environment() {
        Map<String, @Nullable Object> e = environment;
        if (e == null) {
            e = CgiEnvironment.of(this, exchange.peer());
            e.putAll(exchange.options().environment());
            environment = e;
        }
        return e;
    }

    /**
     * The status of the response, for {@linkplain #onFinished hooks}: also that of the 500 that was
     * sent because the app failed.
     *
     * @return the status; 0 as long as no response has begun
     */
    public int responseStatus() {
        return live().status();
    }

    /**
     * Has something done after the response has been sent, or could not be. Hooks run in the order
     * they were added, also if one fails.
     *
     * @param hook what to do
     */
    public void onFinished(Hook hook) {
        live().addHook(hook);
    }

    /** Done after a response has been sent. */
    @FunctionalInterface
    public interface Hook {
        /**
         * Does it.
         *
         * @param request still valid
         * @throws Exception goes to the log
         */
        void run(Request request) throws Exception;
    }

    /**
     * Begins the response, to write its body right here. The app then returns {@link
     * Response#handled}. Nothing is sent before {@link WebOptions#withMinimumChunk} says so or the
     * stream is flushed: until then another response may be returned, or an exception thrown, which
     * replaces it.
     *
     * @param response status and headers; its body must be empty
     * @return where the body goes; need not be closed
     * @throws IOException if the connection is lost
     * @throws IllegalStateException if a response has begun
     */
    public OutputStream begin(Response response) throws IOException {
        return live().begin(response);
    }

    /**
     * Takes over the connection: nothing is sent or received any more but by the caller. The app
     * then returns {@link Response#handled}, and the connection is closed.
     *
     * @return the connection
     * @throws IOException if the connection is lost
     * @throws IllegalStateException if a response has begun
     */
    public Takeover takeOver() throws IOException {
        return live().takeOver();
    }

    /**
     * Sends {@code 101 Switching Protocols}, and takes over the connection as {@link #takeOver}.
     *
     * @param protocol what is spoken from now on
     * @param fields sent with it
     * @return the connection
     * @throws IOException if the connection is lost
     * @throws IllegalStateException if a response has begun
     */
    public Takeover upgrade(String protocol, Headers fields) throws IOException {
        return live().upgrade(protocol, fields);
    }

    @Override
    public String toString() {
        return head == null ? "request that is over" : method() + " " + target();
    }
}
