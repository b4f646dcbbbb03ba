package evy.web.jdk;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;

import evy.web.Request;
import evy.web.Response;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A request and its response. It is over when the response is closed: that may be before the
 * handler returns, or long after, and in any thread. What is known of the request stays known.
 *
 * @thread any but the connection's, one at a time; made by the connection's
 */
final class PlainExchange extends HttpExchange {
    private final Request request;
    private final ConnectionThread connection;
    private final HttpContext context;
    private final Headers requestHeaders;
    private final Headers responseHeaders = new Headers();
    private final ResponseStream response;
    private final String method;
    private final URI uri;
    private final String protocol;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;

    private InputStream in;
    private OutputStream out;
    private volatile int code = -1;
    private volatile @Nullable HttpPrincipal principal;

    PlainExchange(Request request, URI uri, HttpContext context, ConnectionThread connection) {
        this.request = request;
        this.connection = connection;
        this.context = context;
        this.uri = uri;
        this.method = request.method();
        this.protocol = request.version().toString();
        this.remote = (InetSocketAddress) request.remoteAddress(); // so the server was bound
        this.local = (InetSocketAddress) request.localAddress();
        Headers headers = new Headers();
        request.headers().forEach(field -> headers.add(field.name(), field.value()));
        this.requestHeaders = Headers.of(headers);
        this.in =
                request.contentLength() == 0
                        ? InputStream.nullInputStream()
                        : new BufferedInputStream(new RequestStream(connection, request.body()));
        this.response = new ResponseStream(connection);
        this.out = response;
    }

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
        if (code >= 0) {
            throw new IOException("headers already sent, with status " + code);
        }
        boolean asIfGet = method.equals("HEAD") || status == 304;
        boolean bodiless = length < 0 || asIfGet || status == 204;
        responseHeaders.remove("Transfer-encoding");
        if (!asIfGet) { // else the handler may say how long a body would be
            announce(status == 204 ? -1 : bodiless ? 0 : length > 0 ? length : -1);
        }
        Response head = Response.of(status).withHeaders(fields());
        code = status;
        response.open(() -> request.begin(head), bodiless ? 0 : length > 0 ? length : -1);
        if (bodiless) {
            response.close();
            close(); // what filters have put around the streams
        }
    }

    private void announce(long length) {
        if (length < 0) {
            responseHeaders.remove("Content-length");
        } else {
            responseHeaders.set("Content-length", Long.toString(length));
        }
    }

    private evy.web.Headers fields() {
        List<String> fields = new ArrayList<>();
        responseHeaders.forEach(
                (name, values) -> {
                    for (String value : values) {
                        fields.add(name);
                        fields.add(unfolded(value));
                    }
                });
        return evy.web.Headers.of(fields.toArray(String[]::new));
    }

    /* The JDK lets a value go on in another line, which must not be sent any more. */
    private static String unfolded(String value) {
        return value.indexOf('\r') < 0 ? value : value.replaceAll("\r\n[ \t]+", " ");
    }

    /** Ends the exchange; without a response to send, by closing the connection. */
    @Override
    public void close() {
        try {
            if (code < 0) {
                connection.call(this::drop);
            } else {
                out.close();
                response.close();
            }
        } catch (IOException e) {
            connection.fail(e); // unless it is over
        }
    }

    private @Nullable Void drop() throws IOException {
        request.takeOver();
        connection.end();
        return null;
    }

    @Override
    public Headers getRequestHeaders() {
        return requestHeaders;
    }

    @Override
    public Headers getResponseHeaders() {
        return responseHeaders;
    }

    @Override
    public URI getRequestURI() {
        return uri;
    }

    @Override
    public String getRequestMethod() {
        return method;
    }

    @Override
    public HttpContext getHttpContext() {
        return context;
    }

    @Override
    public InputStream getRequestBody() {
        return in;
    }

    @Override
    public OutputStream getResponseBody() {
        return out;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return local;
    }

    @Override
    public int getResponseCode() {
        return code;
    }

    @Override
    public String getProtocol() {
        return protocol;
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return context.getAttributes().get(Objects.requireNonNull(name, "name"));
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        Objects.requireNonNull(name, "name");
        if (value == null) {
            context.getAttributes().remove(name);
        } else {
            context.getAttributes().put(name, value);
        }
    }

    @Override
    public void setStreams(@Nullable InputStream input, @Nullable OutputStream output) {
        in = input == null ? in : input;
        out = output == null ? out : output;
    }

    @Override
    public @Nullable HttpPrincipal getPrincipal() {
        return principal;
    }

    void setPrincipal(HttpPrincipal given) {
        principal = given;
    }
}
