import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

import org.xnio.Options;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Undertow with one event loop, which runs the handler, too. Arguments: see {@link Page}. */
final class UndertowServer {
    public static void main(String... args) throws Exception {
        var page = Page.of(args);
        var routes = Handlers.path().addExactPath(page.path(), exchange -> handle(exchange, page));
        var builder =
                Undertow.builder()
                        .setIoThreads(1)
                        .setSocketOption(Options.BACKLOG, Protocol.BACKLOG)
                        .setSocketOption(Options.TCP_NODELAY, true)
                        .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                        .setHandler(routes);
        if (Page.isTls(args)) {
            var context = Certificates.context(Page.certificate(args));
            builder.addHttpsListener(Page.port(args), "127.0.0.1", context);
        } else {
            builder.addHttpListener(Page.port(args), "127.0.0.1");
        }
        var server = builder.build();
        server.start();
        var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        Protocol.listening(address.getPort());
    }

    private static void handle(HttpServerExchange exchange, Page page) {
        if (page.isUpload()) {
            exchange.getRequestReceiver().receivePartialBytes(new Upload(page));
        } else {
            answer(exchange, page, page.content());
        }
    }

    private static void answer(HttpServerExchange exchange, Page page, byte[] content) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, page.type());
        exchange.getResponseSender().send(ByteBuffer.wrap(content));
    }

    private static final class Upload implements Receiver.PartialBytesCallback {
        private final Page page;
        private long total;

        Upload(Page page) {
            this.page = page;
        }

        @Override
        public void handle(HttpServerExchange exchange, byte[] bytes, boolean last) {
            total += bytes.length;
            if (last) {
                answer(exchange, page, Page.uploaded(total));
            }
        }
    }
}
