import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;

/**
 * Helidon SE 4, which has no compression: a virtual thread a connection. Arguments: {@code ws
 * PORT}.
 */
final class HelidonWebSocket {
    public static void main(String... args) {
        var server =
                WebServer.builder()
                        .host("localhost")
                        .port(Integer.parseInt(args[1]))
                        .backlog(Protocol.BACKLOG)
                        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                        .addRouting(WsRouting.builder().endpoint("/echo", Echo::new))
                        .build()
                        .start();
        Protocol.listening(server.port());
    }

    private static final class Echo implements WsListener {
        @Override
        public void onMessage(WsSession session, BufferData buffer, boolean last) {
            session.send(buffer, last);
        }
    }
}
