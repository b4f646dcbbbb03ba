package evy.web.brave;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Span;
import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.http.HttpTracing;
import brave.propagation.CurrentTraceContext;
import brave.propagation.TraceContext;
import brave.sampler.Sampler;

import evy.Evy;
import evy.GreenPool;
import evy.sync.GreenQueue;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.web.App;
import evy.web.Request;
import evy.web.Response;
import evy.web.Router;
import evy.web.WebOptions;
import evy.web.WebServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import zipkin2.reporter.BytesMessageSender;
import zipkin2.reporter.brave.AsyncZipkinSpanHandler;
import zipkin2.reporter.urlconnection.URLConnectionSender;

import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

@ExtendWith(LeakCheckExtension.class)
class TracedAppTest {
    private static final String TRACE = "463ac35c9f6413ad48485a3953bb6124";
    private static final String PARENT = "a2fb4a1d1a96d312";

    private final List<MutableSpan> spans = new ArrayList<>();
    private Tracing tracing = builder().addSpanHandler(collector()).build();

    private static Tracing.Builder builder() {
        return Tracing.newBuilder()
                .localServiceName("test")
                .currentTraceContext(CurrentTraceContext.Default.inheritable());
    }

    private SpanHandler collector() {
        return new SpanHandler() {
            @Override
            public boolean end(TraceContext context, MutableSpan span, Cause cause) {
                return spans.add(span);
            }
        };
    }

    @AfterEach
    void close() {
        tracing.close();
    }

    /** Asks a traced app once; the headers by pairs. */
    private int ask(App app, String path, String... headers) throws Exception {
        return Evy.run(
                () -> {
                    App traced = TracedApp.around(HttpTracing.create(tracing), app);
                    try (WebServer server = start(traced)) {
                        var connection =
                                (HttpURLConnection)
                                        server.uri().resolve(path).toURL().openConnection();
                        for (int i = 0; i < headers.length; i += 2) {
                            connection.setRequestProperty(headers[i], headers[i + 1]);
                        }
                        int status = connection.getResponseCode();
                        connection.disconnect();
                        return status;
                    }
                });
    }

    private static WebServer start(App app) throws Exception {
        return WebServer.start(
                new InetSocketAddress("localhost", 0), app, WebOptions.DEFAULT.withLog(_ -> {}));
    }

    private MutableSpan onlySpan() {
        assertThat(spans).hasSize(1);
        return spans.getFirst();
    }

    @Test
    @Spec("PROF3")
    void handle_b3Headers_spanContinuesTheTrace() throws Exception {
        App app = new Router().get("/users/{id}", _ -> Response.text("ok"));

        ask(app, "/users/7", "X-B3-TraceId", TRACE, "X-B3-SpanId", PARENT, "X-B3-Sampled", "1");

        MutableSpan span = onlySpan();
        assertThat(span.traceId()).isEqualTo(TRACE);
        assertThat(span.id()).isEqualTo(PARENT); // Zipkin's way: both sides share the span
        assertThat(span.kind()).isEqualTo(Span.Kind.SERVER);
        assertThat(span.name()).isEqualTo("GET /users/{id}");
        assertThat(span.remoteIp()).isIn("127.0.0.1", "::1");
        assertThat(span.tags()).containsEntry("http.path", "/users/7");
        assertThat(span.finishTimestamp()).isGreaterThanOrEqualTo(span.startTimestamp());
    }

    @Test
    @Spec("PROF3")
    void handle_noHeaders_beginsATrace() throws Exception {
        ask(_ -> Response.text("ok"), "/");

        assertThat(onlySpan().parentId()).isNull();
    }

    @Test
    @Spec("PROF3")
    void handle_notSampled_reportsNothing() throws Exception {
        tracing.close();
        tracing = builder().sampler(Sampler.create(0)).addSpanHandler(collector()).build();

        ask(_ -> Response.text("ok"), "/");

        assertThat(spans).isEmpty();
    }

    @Test
    void handle_appFails_spanHasErrorAndTheStatusSent() throws Exception {
        int status =
                ask(
                        _ -> {
                            throw new IllegalStateException("broken");
                        },
                        "/");

        assertThat(status).isEqualTo(500);
        assertThat(onlySpan().error()).hasMessage("broken");
        assertThat(onlySpan().tags()).containsEntry("http.status_code", "500");
    }

    @Test
    void handle_streamedBody_writtenWithinTheSpan() throws Exception {
        var within = new TraceContext[1];

        ask(_ -> Response.streaming(_ -> within[0] = tracing.currentTraceContext().get()), "/");

        assertThat(within[0].traceIdString()).isEqualTo(onlySpan().traceId());
    }

    @Test
    void handle_sameConnectionAfterwards_currentSpanIsGone() throws Exception {
        var pool = new GreenPool(1);

        ask(_ -> Response.text("ok"), "/");
        TraceContext later = pool.spawn(() -> tracing.currentTraceContext().get()).join();

        assertThat(later).isNull();
    }

    @Test
    @Spec("PROF3")
    void handle_spawnedGreenThread_inheritsTheTrace() throws Exception {
        App app =
                _ ->
                        Response.text(
                                Evy.spawn(() -> tracing.currentTraceContext().get().traceIdString())
                                        .join());

        ask(app, "/", "b3", TRACE + "-" + PARENT + "-1");

        assertThat(onlySpan().traceId()).isEqualTo(TRACE);
    }

    @Test
    @Spec("PROF3")
    void handle_requestMadeOfOthers_carriesTheTraceOn() throws Exception {
        var out = new HttpRequest[1];
        var injector = tracing.propagation().injector(HttpRequest.Builder::header);
        App app =
                request -> {
                    var builder = HttpRequest.newBuilder(URI.create("http://other/"));
                    injector.inject(tracing.currentTraceContext().get(), builder);
                    tracing.tracer().currentSpan().annotate("asked").tag("other", "yes");
                    out[0] = builder.build();
                    return Response.text("ok");
                };

        ask(app, "/", "X-B3-TraceId", TRACE, "X-B3-SpanId", PARENT, "X-B3-Sampled", "1");

        assertThat(out[0].headers().firstValue("X-B3-TraceId")).hasValue(TRACE);
        assertThat(onlySpan().tags()).containsEntry("other", "yes");
        assertThat(onlySpan().annotations()).anyMatch(a -> a.getValue().equals("asked"));
    }

    @Test
    @Spec("PROF3")
    void handle_zipkinReporter_spansReachTheCollector() throws Exception {
        String reported =
                Evy.run(
                        () -> {
                            var bodies = new GreenQueue<String>();
                            App zipkinApp =
                                    request -> {
                                        bodies.put(request.path() + " " + request.text());
                                        return Response.of(202).withHeader("Connection", "close");
                                    };
                            try (WebServer zipkin = start(zipkinApp);
                                    var sender =
                                            URLConnectionSender.newBuilder()
                                                    .endpoint(
                                                            zipkin.uri()
                                                                    .resolve("/api/v2/spans")
                                                                    .toString())
                                                    .compressionEnabled(false)
                                                    .build();
                                    var handler =
                                            AsyncZipkinSpanHandler.newBuilder(
                                                            (BytesMessageSender) sender)
                                                    .messageTimeout(10, TimeUnit.MILLISECONDS)
                                                    .build()) {
                                tracing.close();
                                tracing = builder().addSpanHandler(handler).build();
                                ask(
                                        _ -> Response.text("ok"),
                                        "/x",
                                        "b3",
                                        TRACE + "-" + PARENT + "-1");
                                return bodies.take();
                            }
                        });

        assertThat(reported).startsWith("/api/v2/spans [").contains(TRACE).contains("\"test\"");
    }

    @Test
    void handle_parsersOfTheUser_seeTheRequest() throws Exception {
        List<String> seen = new ArrayList<>();
        HttpTracing parsing =
                HttpTracing.newBuilder(tracing)
                        .serverRequestParser(
                                (request, _, _) ->
                                        seen.add(
                                                request.url().replaceAll(":[0-9]+", "")
                                                        + " "
                                                        + ((Request) request.unwrap()).target()))
                        .serverResponseParser(
                                (response, _, _) ->
                                        seen.add(((Request) response.unwrap()).target()))
                        .build();
        Evy.run(
                () -> {
                    App traced = TracedApp.around(parsing, _ -> Response.text("ok"));
                    try (WebServer server = start(traced)) {
                        var connection =
                                (HttpURLConnection)
                                        server.uri().resolve("/a?b=c").toURL().openConnection();
                        assertThat(connection.getResponseCode()).isEqualTo(200);
                        connection.disconnect();
                    }
                });

        assertThat(seen).containsExactly("http://localhost/a?b=c /a?b=c", "/a?b=c");
    }
}
