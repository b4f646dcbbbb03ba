import evy.io.tls.TlsOptions;
import evy.web.App;
import evy.web.Response;
import evy.web.Router;
import evy.web.WebOptions;
import evy.web.WebServer;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Evy's web server on one hub. Arguments: see {@link Page}. */
final class EvyWeb {
    public static void main(String... args) throws Exception {
        var page = Page.of(args);
        var options = WebOptions.DEFAULT.withBacklog(Protocol.BACKLOG);
        if (Page.isTls(args)) {
            var certificate = Page.certificate(args);
            options =
                    options.withTls(
                            TlsOptions.server(
                                    certificate.resolve("cert.pem"),
                                    certificate.resolve("key.pem")));
        }
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Page.port(args));
        var server = WebServer.start(address, app(page), options);
        Protocol.listening(server.port());
        server.await();
    }

    private static App app(Page page) {
        return page.isUpload()
                ? new Router()
                        .post(page.path(), request -> response(page, Page.upload(request.body())))
                : new Router().get(page.path(), request -> response(page, page.content()));
    }

    private static Response response(Page page, byte[] content) {
        return Response.bytes(content).withType(page.type());
    }
}
