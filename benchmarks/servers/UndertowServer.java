import io.undertow.Undertow;
import io.undertow.util.Headers;

import org.xnio.Options;

import java.net.InetSocketAddress;

/** Undertow with one event loop, which runs the handler, too. Arguments: {@code hello PORT}. */
final class UndertowServer {
    public static void main(String... args) {
        var server =
                Undertow.builder()
                        .addHttpListener(Integer.parseInt(args[1]), "127.0.0.1")
                        .setIoThreads(1)
                        .setSocketOption(Options.BACKLOG, Protocol.BACKLOG)
                        .setSocketOption(Options.TCP_NODELAY, true)
                        .setHandler(
                                exchange -> {
                                    exchange.getResponseHeaders()
                                            .put(Headers.CONTENT_TYPE, "text/plain");
                                    exchange.getResponseSender().send("Hello, World!");
                                })
                        .build();
        server.start();
        var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        Protocol.listening(address.getPort());
    }
}
