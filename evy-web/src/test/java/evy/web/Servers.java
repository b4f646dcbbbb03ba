package evy.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/** Servers and requests that many tests need. */
final class Servers {
    static final WebOptions QUIET = WebOptions.DEFAULT.withLog(line -> {});

    private Servers() {}

    static WebServer start(App app) throws IOException {
        return WebServer.start(0, app, QUIET);
    }

    static WebServer start(App app, WebOptions options) throws IOException {
        return WebServer.start(0, app, options);
    }

    /** Answers with what was understood of the request. */
    static Response echo(Request request) throws IOException {
        byte[] body = request.bytes();
        return Response.bytes(body)
                .withHeader("X-Method", request.method())
                .withHeader("X-Target", request.target())
                .withHeader("X-Body-Length", Integer.toString(body.length));
    }

    /** An app that notes the target of each request it gets. */
    static App noting(List<String> targets) {
        return request -> {
            targets.add(request.method() + " " + request.target());
            return echo(request);
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String repeat(String text, int times) {
        return String.join("", Collections.nCopies(times, text));
    }

    static String get(String path, String... lines) {
        return request("GET", path, lines);
    }

    static String request(String method, String path, String... lines) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a\r\n");
        for (String line : lines) {
            request.append(line).append("\r\n");
        }
        return request.append("\r\n").toString();
    }
}
