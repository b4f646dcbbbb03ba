import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;

import org.xnio.Options;

import java.net.InetSocketAddress;

/** Undertow with one event loop. Arguments: {@code ws|ws-deflate PORT}. */
final class UndertowWebSocket {
    public static void main(String... args) {
        WebSocketConnectionCallback connected =
                (exchange, channel) -> {
                    channel.getReceiveSetter().set(new Echo());
                    channel.resumeReceives();
                };
        var handler = Handlers.websocket(connected);
        if (args[0].equals("ws-deflate")) {
            handler.addExtension(new PerMessageDeflateHandshake(false, 6, true, true));
        }
        var server =
                Undertow.builder()
                        .addHttpListener(Integer.parseInt(args[1]), "127.0.0.1")
                        .setIoThreads(1)
                        .setSocketOption(Options.BACKLOG, Protocol.BACKLOG)
                        .setSocketOption(Options.TCP_NODELAY, true)
                        .setHandler(handler)
                        .build();
        server.start();
        var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        Protocol.listening(address.getPort());
    }

    private static final class Echo extends AbstractReceiveListener {
        @Override
        protected void onFullBinaryMessage(
                WebSocketChannel channel, BufferedBinaryMessage message) {
            var data = message.getData();
            WebSockets.sendBinary(
                    data.getResource(),
                    channel,
                    new io.undertow.websockets.core.WebSocketCallback<>() {
                        @Override
                        public void complete(WebSocketChannel ws, Void context) {
                            data.close();
                        }

                        @Override
                        public void onError(WebSocketChannel ws, Void context, Throwable cause) {
                            data.close();
                        }
                    });
        }
    }
}
