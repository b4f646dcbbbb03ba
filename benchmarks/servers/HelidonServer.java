import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Helidon SE 4: a virtual thread for each connection. Arguments: see {@link Page}. */
final class HelidonServer {
    public static void main(String... args) throws Exception {
        var page = Page.of(args);
        var builder =
                WebServer.builder()
                        .host("localhost")
                        .port(Page.port(args))
                        .backlog(Protocol.BACKLOG)
                        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                        .routing(routes -> route(routes, page));
        if (Page.isTls(args)) {
            var context = Certificates.context(Page.certificate(args));
            builder.tls(Tls.builder().sslContext(context).build());
        }
        Protocol.listening(builder.build().start().port());
    }

    private static void route(HttpRouting.Builder routes, Page page) {
        if (page.isUpload()) {
            routes.post(
                    page.path(), (request, response) -> answer(response, page, upload(request)));
        } else {
            routes.get(page.path(), (_, response) -> answer(response, page, page.content()));
        }
    }

    private static byte[] upload(ServerRequest request) {
        try {
            return Page.upload(request.content().inputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(ServerResponse response, Page page, byte[] content) {
        response.header(HeaderNames.CONTENT_TYPE, page.type());
        response.send(content);
    }
}
