package evy.web;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The variables of CGI.
 *
 * @source RFC 3875 section 4.1; PEP 3333 for what strings hold
 */
final class CgiEnvironment {
    private CgiEnvironment() {}

    /** The variables for a request; the map is the caller's. */
    static Map<String, @Nullable Object> of(Request request, Peer peer) {
        Map<String, @Nullable Object> env = new HashMap<>();
        String path = request.rawPath();
        env.put("REQUEST_METHOD", request.method());
        env.put("SCRIPT_NAME", "");
        env.put("RAW_PATH_INFO", path);
        env.put("PATH_INFO", PercentDecoder.decode(path, StandardCharsets.ISO_8859_1));
        if (request.query() != null) {
            env.put("QUERY_STRING", request.query());
        }
        Headers headers = request.headers();
        String type = headers.get("Content-Type");
        env.put("CONTENT_TYPE", type == null ? "text/plain" : type);
        if (headers.contains("Content-Length")) {
            env.put("CONTENT_LENGTH", headers.get("Content-Length"));
        }
        env.put("SERVER_NAME", Peer.ip(peer.local()));
        env.put("SERVER_PORT", Peer.port(peer.local()));
        env.put("SERVER_PROTOCOL", request.version().toString());
        env.put("REMOTE_ADDR", peer.ip());
        env.put("REMOTE_PORT", peer.port());
        env.put("GATEWAY_INTERFACE", "CGI/1.1");
        env.put("REQUEST_SCHEME", peer.scheme());
        if (peer.scheme().equals("https")) {
            env.put("HTTPS", "on");
        }
        addFields(env, headers);
        return env;
    }

    /* Names with underscores are left out: they would be taken for those with hyphens. */
    private static void addFields(Map<String, @Nullable Object> env, Headers headers) {
        for (Headers.Field field : headers) {
            String name = field.name().replace('-', '_').toUpperCase(Locale.ROOT);
            boolean known = name.equals("CONTENT_TYPE") || name.equals("CONTENT_LENGTH");
            if (field.name().indexOf('_') < 0 && !known) {
                env.merge("HTTP_" + name, field.value(), (a, b) -> a + "," + b);
            }
        }
    }
}
