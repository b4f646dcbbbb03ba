import evy.web.WebOptions;
import evy.web.WebServer;
import evy.web.websocket.Compression;
import evy.web.websocket.WebSocketApp;
import evy.web.websocket.WebSocketOptions;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Evy's web server on one hub. Arguments: {@code ws|ws-deflate PORT}. */
final class EvyWebSocket {
    public static void main(String... args) throws Exception {
        var options = WebSocketOptions.DEFAULT;
        if (args[0].equals("ws-deflate")) {
            options = options.withCompression(Compression.WITHOUT_CONTEXT);
        }
        var app =
                WebSocketApp.of(
                        ws -> {
                            for (var message : ws) {
                                ws.send(message);
                            }
                        },
                        options);
        var address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        var server =
                WebServer.start(address, app, WebOptions.DEFAULT.withBacklog(Protocol.BACKLOG));
        Protocol.listening(server.port());
        server.await();
    }
}
