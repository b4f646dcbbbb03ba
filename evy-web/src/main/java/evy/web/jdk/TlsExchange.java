package evy.web.jdk;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpPrincipal;
import com.sun.net.httpserver.HttpsExchange;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;

import javax.net.ssl.SSLSession;

/** An exchange over TLS: another one, and the session. */
final class TlsExchange extends HttpsExchange {
    private final PlainExchange plain;
    private final SSLSession session;

    TlsExchange(PlainExchange plain, SSLSession session) {
        this.plain = plain;
        this.session = session;
    }

    @Override
    public SSLSession getSSLSession() {
        return session;
    }

    @Override
    public Headers getRequestHeaders() {
        return plain.getRequestHeaders();
    }

    @Override
    public Headers getResponseHeaders() {
        return plain.getResponseHeaders();
    }

    @Override
    public URI getRequestURI() {
        return plain.getRequestURI();
    }

    @Override
    public String getRequestMethod() {
        return plain.getRequestMethod();
    }

    @Override
    public HttpContext getHttpContext() {
        return plain.getHttpContext();
    }

    @Override
    public void close() {
        plain.close();
    }

    @Override
    public InputStream getRequestBody() {
        return plain.getRequestBody();
    }

    @Override
    public OutputStream getResponseBody() {
        return plain.getResponseBody();
    }

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
        plain.sendResponseHeaders(status, length);
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return plain.getRemoteAddress();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return plain.getLocalAddress();
    }

    @Override
    public int getResponseCode() {
        return plain.getResponseCode();
    }

    @Override
    public String getProtocol() {
        return plain.getProtocol();
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return plain.getAttribute(name);
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        plain.setAttribute(name, value);
    }

    @Override
    public void setStreams(@Nullable InputStream input, @Nullable OutputStream output) {
        plain.setStreams(input, output);
    }

    @Override
    public @Nullable HttpPrincipal getPrincipal() {
        return plain.getPrincipal();
    }
}
