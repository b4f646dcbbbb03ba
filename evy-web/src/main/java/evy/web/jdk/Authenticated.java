package evy.web.jdk;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import java.io.IOException;

/**
 * A handler for those only whom an authenticator knows.
 *
 * @param exchange the server's own, for what comes from the filters may be wrapped
 */
record Authenticated(Authenticator authenticator, PlainExchange exchange, HttpHandler handler)
        implements HttpHandler {
    @Override
    public void handle(HttpExchange given) throws IOException {
        switch (authenticator.authenticate(given)) {
            case Authenticator.Success success -> {
                exchange.setPrincipal(success.getPrincipal());
                handler.handle(given);
            }
            case Authenticator.Retry retry ->
                    given.sendResponseHeaders(retry.getResponseCode(), -1);
            case Authenticator.Failure failure ->
                    given.sendResponseHeaders(failure.getResponseCode(), -1);
            default -> throw new IOException("a result of an unknown kind from " + authenticator);
        }
    }
}
