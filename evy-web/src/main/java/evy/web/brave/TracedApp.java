package evy.web.brave;

import brave.Span;
import brave.http.HttpServerHandler;
import brave.http.HttpServerRequest;
import brave.http.HttpServerResponse;
import brave.http.HttpTracing;
import brave.propagation.CurrentTraceContext;

import evy.web.App;
import evy.web.Request;
import evy.web.Response;

import org.jspecify.annotations.Nullable;

/**
 * Makes a span of each request to an app: it continues the trace that the request's B3 headers
 * name, or begins one. It lasts until the last byte of the response has been sent, or the WebSocket
 * is closed. As long it is Brave's current span on the request's green thread.
 *
 * {@snippet :
 * WebServer.serve(8080, TracedApp.around(tracing, app)); // brave.http.HttpTracing.create(...)
 * }
 *
 * <p>Green threads that the app spawns inherit the span if Brave's {@link CurrentTraceContext} is
 * told to be {@linkplain CurrentTraceContext.Default#inheritable() inheritable}. A request that the
 * app makes of others carries the trace on if its headers are {@linkplain
 * brave.propagation.Propagation#injector injected}.
 *
 * <p>Needs {@code brave} and {@code brave-instrumentation-http} on the module or class path. Put it
 * around all other apps, so that nothing is left out.
 *
 * @thread any
 * @source eventlet {@code zipkin.patcher.enable_trace_patch}
 */
public final class TracedApp implements App {
    private final HttpServerHandler<HttpServerRequest, HttpServerResponse> spans;
    private final CurrentTraceContext current;
    private final App app;

    private TracedApp(HttpTracing tracing, App app) {
        this.spans = HttpServerHandler.create(tracing);
        this.current = tracing.tracing().currentTraceContext();
        this.app = app;
    }

    /**
     * Traces what an app is asked.
     *
     * @param tracing says what is sampled, and what becomes of the spans
     * @param app the app
     * @return the same, traced
     */
    public static App around(HttpTracing tracing, App app) {
        return new TracedApp(tracing, app);
    }

    @Override
    public Response handle(Request request) throws Exception {
        Exchange exchange = new Exchange(request);
        Span span = spans.handleReceive(exchange);
        CurrentTraceContext.Scope scope = current.newScope(span.context());
        request.onFinished(
                _ -> {
                    scope.close();
                    spans.handleSend(exchange.response(), span);
                });
        try {
            return app.handle(request);
        } catch (Throwable t) {
            exchange.error = t;
            throw t;
        }
    }

    /** A request as Brave sees it. */
    private static final class Exchange extends HttpServerRequest {
        private final Request request;
        private @Nullable Throwable error;

        Exchange(Request request) {
            this.request = request;
        }

        HttpServerResponse response() {
            return new Answer(this);
        }

        @Override
        public Object unwrap() {
            return request;
        }

        @Override
        public String method() {
            return request.method();
        }

        @Override
        public String path() {
            return request.path();
        }

        @Override
        public @Nullable String route() {
            return request.route();
        }

        @Override
        public String url() {
            return request.scheme() + "://" + request.host() + request.target();
        }

        @Override
        public @Nullable String header(String name) {
            return request.header(name);
        }

        /* Not by X-Forwarded-For, unless the server trusts it. */
        @Override
        public boolean parseClientIpAndPort(Span span) {
            return span.remoteIpAndPort(request.clientAddress(), 0);
        }
    }

    /** A response as Brave sees it. */
    private static final class Answer extends HttpServerResponse {
        private final Exchange exchange;

        Answer(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public Object unwrap() {
            return exchange.request;
        }

        @Override
        public HttpServerRequest request() {
            return exchange;
        }

        @Override
        public @Nullable Throwable error() {
            return exchange.error;
        }

        @Override
        public @Nullable String route() {
            return exchange.route();
        }

        @Override
        public int statusCode() {
            return exchange.request.responseStatus();
        }
    }
}
