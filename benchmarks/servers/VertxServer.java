import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;

/** Vert.x 5 with one event loop on its native transport. Arguments: see {@link Page}. */
final class VertxServer {
    private final Page page;
    private final String path;
    private final Page.Date date = new Page.Date();

    private VertxServer(Page page) {
        this.page = page;
        this.path = page.path();
    }

    public static void main(String... args) throws Exception {
        var vertx =
                Vertx.vertx(
                        new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        var options =
                new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(Page.port(args))
                        .setAcceptBacklog(Protocol.BACKLOG);
        if (Page.isTls(args)) {
            var certificate = Page.certificate(args);
            options.setSsl(true)
                    .setKeyCertOptions(
                            new PemKeyCertOptions()
                                    .setCertPath(certificate.resolve("cert.pem").toString())
                                    .setKeyPath(certificate.resolve("key.pem").toString()));
        }
        var handler = new VertxServer(Page.of(args));
        var server =
                vertx.createHttpServer(options).requestHandler(handler::handle).listen().await();
        if (!vertx.isNativeTransportEnabled()) {
            throw new IllegalStateException(
                    "no native transport", vertx.unavailableNativeTransportCause());
        }
        Protocol.listening(server.actualPort());
    }

    private void handle(HttpServerRequest request) {
        if (!request.path().equals(path)) {
            request.response().setStatusCode(404).end();
        } else if (page.isUpload()) {
            var upload = new Upload();
            request.handler(upload::take);
            request.endHandler(_ -> answer(request, Page.uploaded(upload.total)));
        } else {
            answer(request, page.content());
        }
    }

    private void answer(HttpServerRequest request, byte[] content) {
        request.response()
                .putHeader("Date", date.now())
                .putHeader("Content-Type", page.type())
                .end(Buffer.buffer(content));
    }

    private static final class Upload {
        private long total;

        void take(Buffer piece) {
            total += piece.length();
        }
    }
}
