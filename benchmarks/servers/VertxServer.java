import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;

/** Vert.x 5 with one event loop on its native transport. Arguments: {@code hello PORT}. */
final class VertxServer {
    public static void main(String... args) throws Exception {
        var vertx =
                Vertx.vertx(
                        new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        var options =
                new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(Integer.parseInt(args[1]))
                        .setAcceptBacklog(Protocol.BACKLOG);
        var server =
                vertx.createHttpServer(options)
                        .requestHandler(
                                request ->
                                        request.response()
                                                .putHeader("Content-Type", "text/plain")
                                                .end("Hello, World!"))
                        .listen()
                        .await();
        if (!vertx.isNativeTransportEnabled()) {
            throw new IllegalStateException(
                    "no native transport", vertx.unavailableNativeTransportCause());
        }
        Protocol.listening(server.actualPort());
    }
}
