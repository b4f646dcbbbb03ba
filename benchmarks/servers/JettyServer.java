import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Jetty 12 with one selector, and its pool of threads or a virtual thread for each request, as
 * {@code -Dthreads} says. Arguments: see {@link Page}.
 */
final class JettyServer {
    public static void main(String... args) throws Exception {
        boolean virtual = System.getProperty("threads").equals("virtual");
        var server = new Server(virtual ? new VirtualThreadPool() : new QueuedThreadPool());
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        var http = new HttpConnectionFactory(configuration);
        ConnectionFactory[] factories = {http};
        if (Page.isTls(args)) {
            configuration.addCustomizer(new SecureRequestCustomizer(false)); // no name, an address
            factories = AbstractConnectionFactory.getFactories(tls(args), http);
        }
        var connector = new ServerConnector(server, 1, 1, factories);
        connector.setHost("127.0.0.1");
        connector.setPort(Page.port(args));
        connector.setAcceptQueueSize(Protocol.BACKLOG);
        server.addConnector(connector);
        server.setHandler(new Pages(Page.of(args)));
        server.start();
        Protocol.listening(connector.getLocalPort());
    }

    private static SslContextFactory.Server tls(String... args) throws Exception {
        var tls = new SslContextFactory.Server();
        tls.setSslContext(Certificates.context(Page.certificate(args)));
        return tls;
    }

    private static final class Pages extends Handler.Abstract {
        private final Page page;
        private final String path;

        Pages(Page page) {
            this.page = page;
            this.path = page.path();
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback)
                throws IOException {
            if (!path.equals(Request.getPathInContext(request))) {
                return false;
            }
            var content =
                    page.isUpload()
                            ? Page.upload(Content.Source.asInputStream(request))
                            : page.content();
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.type());
            response.write(true, ByteBuffer.wrap(content), callback);
            return true;
        }
    }
}
