package evy.web;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Chooses an app by method and path.
 *
 * <pre>{@code
 * Router app = new Router()
 *         .get("/", request -> Response.html(PAGE))
 *         .get("/users/{id}", request -> user(request.pathParameter("id")))
 *         .post("/users", this::newUser)
 *         .route("/static/{path...}", StaticFiles.at("/static/", folder));
 * }</pre>
 *
 * <p>A place in braces takes one segment of the path, whole and decoded; one that ends in three
 * dots takes the rest. Of several templates that match, the most particular counts, whatever the
 * order they were added in. A {@code GET} route answers {@code HEAD}, too. A path that is there,
 * but not for the method, is a 405 that names those allowed, {@code OPTIONS} a 204 that does; any
 * other path is a 404.
 *
 * @thread added to before it is used; then any
 */
public final class Router implements App {
    private static final String ANY = "*";

    private final Map<PathTemplate, Map<String, App>> routes = new TreeMap<>();

    /* Those of the routes above that need no search: nothing is more particular. */
    private final Map<String, Map<String, App>> plain = new HashMap<>();

    private App otherwise = _ -> Response.text("not found\n").withStatus(404);

    /** A router that knows no path. */
    public Router() {}

    /**
     * Adds an app for {@code GET} and {@code HEAD}.
     *
     * @param template of the path
     * @param app what answers
     * @return this
     * @throws IllegalArgumentException if the template is malformed, or the route is there already
     */
    public Router get(String template, App app) {
        return route("GET", template, app);
    }

    /**
     * Adds an app for {@code POST}.
     *
     * @param template of the path
     * @param app what answers
     * @return this
     * @throws IllegalArgumentException if the template is malformed, or the route is there already
     */
    public Router post(String template, App app) {
        return route("POST", template, app);
    }

    /**
     * Adds an app for {@code PUT}.
     *
     * @param template of the path
     * @param app what answers
     * @return this
     * @throws IllegalArgumentException if the template is malformed, or the route is there already
     */
    public Router put(String template, App app) {
        return route("PUT", template, app);
    }

    /**
     * Adds an app for {@code DELETE}.
     *
     * @param template of the path
     * @param app what answers
     * @return this
     * @throws IllegalArgumentException if the template is malformed, or the route is there already
     */
    public Router delete(String template, App app) {
        return route("DELETE", template, app);
    }

    /**
     * Adds an app for a method.
     *
     * @param method in capitals, as sent
     * @param template of the path
     * @param app what answers
     * @return this
     * @throws IllegalArgumentException if the template is malformed, or the route is there already
     */
    public Router route(String method, String template, App app) {
        PathTemplate path = PathTemplate.of(template);
        routes.forEach(
                (other, apps) -> {
                    if (other.matchesTheSame(path) && apps.containsKey(method)) {
                        throw new IllegalArgumentException(
                                "route " + method + " " + template + " is there already: " + other);
                    }
                });
        Map<String, App> apps = routes.computeIfAbsent(path, _ -> new LinkedHashMap<>());
        apps.put(method, app);
        if (path.isPlain() && template.indexOf('%') < 0) {
            plain.put(template, apps);
        }
        return this;
    }

    /**
     * Adds an app for the methods that the path has no other app for.
     *
     * @param template of the path
     * @param app what answers
     * @return this
     * @throws IllegalArgumentException if the template is malformed, or the route is there already
     */
    public Router route(String template, App app) {
        return route(ANY, template, app);
    }

    /**
     * Says what answers when no path matches, instead of a 404.
     *
     * @param app what answers
     * @return this
     */
    public Router otherwise(App app) {
        otherwise = app;
        return this;
    }

    @Override
    public Response handle(Request request) throws Exception {
        String rawPath = request.rawPath();
        App app = choose(plain.getOrDefault(rawPath, Map.of()), request.method());
        if (app == null) {
            return search(request, segments(rawPath));
        }
        request.setRoute(rawPath, Map.of());
        return app.handle(request);
    }

    private Response search(Request request, List<String> path) throws Exception {
        Set<String> allowed = new TreeSet<>();
        for (Map.Entry<PathTemplate, Map<String, App>> route : routes.entrySet()) {
            Map<String, String> values = route.getKey().match(path);
            if (values != null) {
                App app = choose(route.getValue(), request.method());
                if (app != null) {
                    request.setRoute(route.getKey().toString(), values);
                    return app.handle(request);
                }
                allowed.addAll(route.getValue().keySet());
            }
        }
        return allowed.isEmpty() ? otherwise.handle(request) : refuse(request, allowed);
    }

    private static @Nullable App choose(Map<String, App> apps, String method) {
        App app = apps.get(method);
        if (app == null && method.equals("HEAD")) {
            app = apps.get("GET");
        }
        return app == null ? apps.get(ANY) : app;
    }

    private static Response refuse(Request request, Set<String> allowed) {
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        Response refusal = Response.methodNotAllowed(allowed.toArray(String[]::new));
        return request.method().equals("OPTIONS") ? refusal.withStatus(204) : refusal;
    }

    private static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String segment : Arrays.asList(rawPath.split("/", -1))) {
            segments.add(PercentDecoder.decode(segment, StandardCharsets.UTF_8));
        }
        return segments.subList(Math.min(1, segments.size()), segments.size());
    }
}
