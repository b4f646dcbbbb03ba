package evy.web.jdk;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The contexts of a server, by path.
 *
 * @thread any
 */
final class Contexts {
    private final ConcurrentNavigableMap<String, Context> longestFirst =
            new ConcurrentSkipListMap<>(
                    Comparator.comparingInt(String::length)
                            .reversed()
                            .thenComparing(Comparator.naturalOrder()));

    Context add(HttpServer server, String path, HttpHandler handler) {
        return add(new Context(server, path, Objects.requireNonNull(handler, "handler")));
    }

    Context add(HttpServer server, String path) {
        return add(new Context(server, path, null));
    }

    private Context add(Context context) {
        if (longestFirst.putIfAbsent(context.getPath(), context) != null) {
            throw new IllegalArgumentException("there is a context for " + context.getPath());
        }
        return context;
    }

    void remove(String path) {
        if (longestFirst.remove(path) == null) {
            throw new IllegalArgumentException("there is no context for " + path);
        }
    }

    void remove(HttpContext context) {
        if (!longestFirst.remove(context.getPath(), context)) {
            throw new IllegalArgumentException("not a context of this server: " + context);
        }
    }

    /** The one with the longest path that this one begins with; null if there is none. */
    @Nullable Context find(String path) {
        for (Context context : longestFirst.values()) {
            if (path.startsWith(context.getPath())) {
                return context;
            }
        }
        return null;
    }
}
