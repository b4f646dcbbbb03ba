import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

import java.nio.ByteBuffer;

/** Jetty 12 with one selector and virtual threads. Arguments: {@code ws|ws-deflate PORT}. */
public final class JettyWebSocket {
    private static final int MOST_BYTES = 1 << 20;

    public static void main(String... args) throws Exception {
        var server = new Server(new VirtualThreadPool());
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(args[1]));
        connector.setAcceptQueueSize(Protocol.BACKLOG);
        server.addConnector(connector);
        server.setHandler(
                WebSocketUpgradeHandler.from(
                        server,
                        container -> {
                            container.setMaxBinaryMessageSize(MOST_BYTES);
                            container.setMaxFrameSize(MOST_BYTES);
                            container.addMapping(
                                    "/echo", (request, response, callback) -> new Echo());
                        }));
        server.start();
        Protocol.listening(connector.getLocalPort());
    }

    /** Asks for the next message when the echo has gone out. */
    public static final class Echo implements Session.Listener {
        private Session session;

        @Override
        public void onWebSocketOpen(Session opened) {
            session = opened;
            session.demand();
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback received) {
            session.sendBinary(
                    payload,
                    Callback.from(
                            () -> {
                                received.succeed();
                                session.demand();
                            },
                            received::fail));
        }
    }
}
