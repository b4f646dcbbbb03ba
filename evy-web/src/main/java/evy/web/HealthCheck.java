package evy.web;

import java.util.concurrent.Callable;

/**
 * An app that answers a load balancer's question whether the program is well, and passes everything
 * else on.
 */
public final class HealthCheck implements App {
    private static final Response WELL =
            Response.text("ok\n").withHeader("Cache-Control", "no-store");

    private final String path;
    private final Callable<Boolean> check;
    private final App next;

    private HealthCheck(String path, Callable<Boolean> check, App next) {
        this.path = path;
        this.check = check;
        this.next = next;
    }

    /**
     * Puts a health check before an app.
     *
     * @param path where it is, such as {@code /health}
     * @param check true for a 200; false, or an exception, for a 503
     * @param next answers all other requests
     * @return the two together
     */
    public static App at(String path, Callable<Boolean> check, App next) {
        return new HealthCheck(path, check, next);
    }

    @Override
    public Response handle(Request request) throws Exception {
        if (!request.path().equals(path)) {
            return next.handle(request);
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Response.methodNotAllowed("GET", "HEAD");
        }
        return isWell() ? WELL : Response.text("not well\n").withStatus(503);
    }

    private boolean isWell() {
        try {
            return check.call();
        } catch (Exception e) {
            System.getLogger("evy.web").log(System.Logger.Level.ERROR, "health check failed", e);
            return false;
        }
    }
}
