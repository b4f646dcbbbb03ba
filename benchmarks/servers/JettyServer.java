import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/**
 * Jetty 12 with one selector and a virtual thread for each request. Arguments: {@code hello PORT}.
 */
final class JettyServer {
    public static void main(String... args) throws Exception {
        var server = new Server(new VirtualThreadPool());
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(args[1]));
        connector.setAcceptQueueSize(Protocol.BACKLOG);
        server.addConnector(connector);
        server.setHandler(new Hello());
        server.start();
        Protocol.listening(connector.getLocalPort());
    }

    private static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            Content.Sink.write(response, true, "Hello, World!", callback);
            return true;
        }
    }
}
