import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;

/** Vert.x 5 with one event loop on its native transport. Arguments: {@code ws|ws-deflate PORT}. */
final class VertxWebSocket {
    private static final int MOST_BYTES = 1 << 20;

    public static void main(String... args) throws Exception {
        var vertx =
                Vertx.vertx(
                        new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        boolean deflate = args[0].equals("ws-deflate");
        var options =
                new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(Integer.parseInt(args[1]))
                        .setAcceptBacklog(Protocol.BACKLOG)
                        .setMaxWebSocketFrameSize(MOST_BYTES)
                        .setMaxWebSocketMessageSize(MOST_BYTES)
                        .setPerMessageWebSocketCompressionSupported(deflate)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setWebSocketAllowServerNoContext(true)
                        .setWebSocketPreferredClientNoContext(true);
        var server =
                vertx.createHttpServer(options)
                        .webSocketHandler(ws -> ws.binaryMessageHandler(ws::writeBinaryMessage))
                        .listen()
                        .await();
        Protocol.listening(server.actualPort());
    }
}
