package evy.web;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The answer to a request: status, headers, body. Immutable: {@code
 * Response.text("gone").withStatus(410)} makes another. One whose body is in memory may be kept and
 * sent any number of times, by any thread, which is fastest; others are good for one request.
 *
 * <p>The server adds {@code Date}, {@code Content-Length} or {@code Transfer-Encoding}, and {@code
 * Connection}. A {@code Content-Length} set by hand must be that of the body; {@code Connection:
 * close} closes the connection.
 */
public final class Response {
    private static final HeaderList TEXT =
            HeaderList.of("Content-Type", "text/plain; charset=utf-8");
    private static final HeaderList HTML =
            HeaderList.of("Content-Type", "text/html; charset=utf-8");
    private static final HeaderList JSON = HeaderList.of("Content-Type", "application/json");
    private static final HeaderList EVENTS =
            HeaderList.of("Content-Type", "text/event-stream", "Cache-Control", "no-cache");
    private static final Response HANDLED =
            new Response(200, null, HeaderList.EMPTY, new Body.Handled(), -1, null);

    private final int status;
    private final @Nullable String reason;
    private final HeaderList headers;
    private final Body body;
    private final int minimumChunk;
    private final @Nullable Supplier<Headers> trailers;

    private Response(
            int status,
            @Nullable String reason,
            HeaderList headers,
            Body body,
            int minimumChunk,
            @Nullable Supplier<Headers> trailers) {
        this.status = status;
        this.reason = reason;
        this.headers = headers;
        this.body = body;
        this.minimumChunk = minimumChunk;
        this.trailers = trailers;
    }

    private static Response ok(HeaderList headers, Body body) {
        return new Response(200, null, headers, body, -1, null);
    }

    /**
     * A response without a body.
     *
     * @param status 200 to 999
     * @return a response without headers
     * @throws IllegalArgumentException if {@code status} is out of range
     */
    public static Response of(int status) {
        return new Response(checked(status), null, HeaderList.EMPTY, Body.Bytes.NONE, -1, null);
    }

    private static int checked(int status) {
        if (status < 200 || status > 999) {
            throw new IllegalArgumentException("status must be 200 to 999: " + status);
        }
        return status;
    }

    /**
     * Plain text.
     *
     * @param text sent as UTF-8
     * @return a 200
     */
    public static Response text(String text) {
        return ok(TEXT, new Body.Bytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * A page.
     *
     * @param html sent as UTF-8
     * @return a 200
     */
    public static Response html(String html) {
        return ok(HTML, new Body.Bytes(html.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * JSON.
     *
     * @param json the text, sent as UTF-8
     * @return a 200
     */
    public static Response json(String json) {
        return ok(JSON, new Body.Bytes(json.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Bytes.
     *
     * @param bytes not copied: leave them alone
     * @return a 200 without a Content-Type
     */
    public static Response bytes(byte[] bytes) {
        return ok(HeaderList.EMPTY, new Body.Bytes(bytes));
    }

    /**
     * What a stream gives until it ends.
     *
     * @param in read when the response is sent, and closed
     * @return a 200 without a Content-Type
     */
    public static Response stream(InputStream in) {
        return ok(HeaderList.EMPTY, new Body.Streamed(in, -1));
    }

    /**
     * A number of bytes of a stream.
     *
     * @param in read when the response is sent, and closed
     * @param length how many bytes; if there are fewer, the response fails
     * @return a 200 without a Content-Type
     * @throws IllegalArgumentException if {@code length} is negative
     */
    public static Response stream(InputStream in, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must be >= 0: " + length);
        }
        return ok(HeaderList.EMPTY, new Body.Streamed(in, length));
    }

    /**
     * Pieces, one after the other. Small ones are gathered, see {@link #withMinimumChunk}.
     *
     * @param chunks gone through when the response is sent; closed if it is an {@link
     *     AutoCloseable}
     * @return a 200 without a Content-Type
     */
    public static Response chunks(Iterable<byte[]> chunks) {
        return ok(HeaderList.EMPTY, new Body.Chunked(chunks));
    }

    /**
     * What a callback writes.
     *
     * @param writer called when the response is sent
     * @return a 200 without a Content-Type
     */
    public static Response streaming(BodyWriter writer) {
        return ok(HeaderList.EMPTY, new Body.Written(writer));
    }

    /**
     * A file, or what the request asks for of it: one range, or nothing if the client has it
     * already. With {@code ETag}, {@code Last-Modified}, {@code Accept-Ranges}. 404 if there is no
     * such file.
     *
     * @param path a regular file, read off the hub
     * @return a 200 without a Content-Type
     */
    public static Response file(Path path) {
        return ok(HeaderList.EMPTY, new Body.OfFile(path));
    }

    /**
     * Server-sent events.
     *
     * @param source sends them, for as long as it does not return
     * @return a 200
     */
    public static Response events(EventSource source) {
        return ok(EVENTS, new Body.Written(out -> source.run(new EventSink(out))))
                .withMinimumChunk(0);
    }

    /**
     * Sends the client elsewhere.
     *
     * @param location where to
     * @return a 302
     */
    public static Response redirect(String location) {
        return of(302).withHeader("Location", location);
    }

    /**
     * Refuses a method.
     *
     * @param allowed the methods that are not refused
     * @return a 405
     */
    public static Response methodNotAllowed(String... allowed) {
        return of(405).withHeader("Allow", String.join(", ", allowed));
    }

    /**
     * Tells the server that the app has answered by itself: by {@link Request#begin}, or over the
     * connection it took over by {@link Request#takeOver}.
     *
     * @return always the same
     */
    public static Response handled() {
        return HANDLED;
    }

    /**
     * The same with another status.
     *
     * @param newStatus 200 to 999
     * @return another response
     * @throws IllegalArgumentException if {@code newStatus} is out of range
     */
    public Response withStatus(int newStatus) {
        return new Response(checked(newStatus), null, headers, body, minimumChunk, trailers);
    }

    /**
     * The same with another status and text for it.
     *
     * @param newStatus 200 to 999
     * @param newReason instead of the usual
     * @return another response
     * @throws IllegalArgumentException if {@code newStatus} is out of range, or {@code newReason}
     *     cannot be sent
     */
    public Response withStatus(int newStatus, String newReason) {
        Headers.of("Reason", newReason);
        return new Response(checked(newStatus), newReason, headers, body, minimumChunk, trailers);
    }

    /**
     * The same with a field added.
     *
     * @param name of the field
     * @param value of the field
     * @return another response
     * @throws IllegalArgumentException if it cannot be sent, or is {@code Transfer-Encoding}, which
     *     is up to the server
     */
    public Response withHeader(String name, String value) {
        return withHeaders(headers.with(name, value));
    }

    /**
     * The same with a field instead of those of that name.
     *
     * @param name of the field
     * @param value of the field
     * @return another response
     * @throws IllegalArgumentException as {@link #withHeader}
     */
    public Response withOnlyHeader(String name, String value) {
        return withHeaders(headers.without(name).with(name, value));
    }

    /**
     * The same with other headers.
     *
     * @param newHeaders all of them
     * @return another response
     * @throws IllegalArgumentException if {@code Transfer-Encoding} is among them
     */
    public Response withHeaders(Headers newHeaders) {
        if (newHeaders.contains("Transfer-Encoding")) {
            throw new IllegalArgumentException("Transfer-Encoding is up to the server");
        }
        HeaderList list = HeaderList.copyOf(newHeaders);
        return new Response(status, reason, list, body, minimumChunk, trailers);
    }

    /**
     * The same with another Content-Type.
     *
     * @param type of the body
     * @return another response
     */
    public Response withType(String type) {
        return withOnlyHeader("Content-Type", type);
    }

    /**
     * The same with another size for gathering what a body that is not in memory comes in.
     *
     * @param bytes send when there are so many; 0 or 1 to send each piece at once
     * @return another response
     * @throws IllegalArgumentException if {@code bytes} is negative
     */
    public Response withMinimumChunk(int bytes) {
        return new Response(
                status, reason, headers, body, WebOptions.notNegative("bytes", bytes), trailers);
    }

    /**
     * The same with fields behind the body. They are sent if the body is sent in chunks; {@code
     * Trailer} in the headers may announce them.
     *
     * @param newTrailers asked when the body has been written
     * @return another response
     */
    public Response withTrailers(Supplier<Headers> newTrailers) {
        return new Response(status, reason, headers, body, minimumChunk, newTrailers);
    }

    Response withBody(Body newBody) {
        return new Response(status, reason, headers, newBody, minimumChunk, trailers);
    }

    /** {@return the status} */
    public int status() {
        return status;
    }

    /** {@return the headers, without those that the server adds} */
    public Headers headers() {
        return headers;
    }

    HeaderList headerList() {
        return headers;
    }

    @Nullable String reason() {
        return reason;
    }

    Body body() {
        return body;
    }

    /** Bytes to be gathered, -1 for what the server's options say. */
    int minimumChunk() {
        return minimumChunk;
    }

    @Nullable Supplier<Headers> trailers() {
        return trailers;
    }

    @Override
    public String toString() {
        return "Response[" + status + "]";
    }

    /** Sends events to one client. */
    @FunctionalInterface
    public interface EventSource {
        /**
         * Sends events until it returns, or the client is gone.
         *
         * @param sink takes the events
         * @throws Exception ends the stream
         */
        void run(EventSink sink) throws Exception;
    }
}
