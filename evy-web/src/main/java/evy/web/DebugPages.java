package evy.web;

import evy.debug.Debug;
import evy.sync.Semaphore;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What {@link Debug} sees, as pages of text and of JSON: for people with a browser or {@code curl},
 * for {@code evy top}, and for programs.
 *
 * <pre>{@code
 * Router app = new Router().route("/debug/{page...}", DebugPages.at("/debug/"));
 * }</pre>
 *
 * <table>
 * <caption>The pages</caption>
 * <tr><th>Path</th><th>Shows</th></tr>
 * <tr><td>{@code overview}</td><td>hubs and how busy they are, green threads by what they do; with
 *     {@code ?rows=}, {@code ?order=waiting|busy|newest} and {@code ?filter=} which are
 *     listed</td></tr>
 * <tr><td>{@code green-threads}</td><td>all of them as a tree; with {@code ?stacks} their
 *     stacks</td></tr>
 * <tr><td>{@code listeners}, {@code timers}</td><td>who waits for descriptors, what is
 *     pending</td></tr>
 * <tr><td>{@code threads}</td><td>the platform threads</td></tr>
 * <tr><td>{@code blocks}</td><td>where hubs were blocked, if the watchdog is on</td></tr>
 * <tr><td>{@code dump}</td><td>all of it with stacks, text only</td></tr>
 * </table>
 *
 * <p>Each is JSON with {@code .json} behind its name. A page is made by a thread of its own, one at
 * a time, so that the hub that serves it goes on with its work; hubs that are looked at are held up
 * for a few milliseconds at a time. It is in memory as a whole before it is sent.
 *
 * <p>Stacks and addresses are nobody else's business: without a {@linkplain #withToken token} only
 * clients of this machine are served, on loopback addresses and Unix sockets, and not through a
 * proxy. Pages served by a hub cannot be had while that hub is blocked; serve them on a hub of
 * their own to see such blocks.
 *
 * @thread any
 */
public final class DebugPages implements App {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final String prefix;
    private final DebugGate gate;

    private final Semaphore making;

    private DebugPages(String prefix, DebugGate gate, Semaphore making) {
        this.prefix = prefix;
        this.gate = gate;
        this.making = making;
    }

    /**
     * Pages for clients of this machine.
     *
     * @param prefix the path they are below, such as {@code /debug/}, where {@code evy top} looks
     *     for them
     * @return an app for that path and all below it
     * @throws IllegalArgumentException if the prefix does not begin and end with a slash
     */
    public static DebugPages at(String prefix) {
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix must begin and end with '/': " + prefix);
        }
        return new DebugPages(prefix, DebugGate.LOCAL, new Semaphore(1));
    }

    /**
     * The same for clients that know a token, and send it as {@code Authorization: Bearer TOKEN}.
     *
     * @param token at least 16 printable ASCII characters
     * @return another app
     * @throws IllegalArgumentException if it is shorter, or has others
     */
    public DebugPages withToken(String token) {
        return new DebugPages(prefix, gate.withToken(token), making);
    }

    /**
     * The same for clients of other machines, too. Without TLS whoever sees the bytes pass knows
     * the token.
     *
     * @return another app
     * @throws IllegalStateException if there is no token
     */
    public DebugPages withRemote() {
        return new DebugPages(prefix, gate.withRemote(), making);
    }

    @Override
    public Response handle(Request request) throws Exception {
        Response refusal = gate.refusal(request);
        Response response = refusal != null ? refusal : answer(request);
        return response.withHeader("Cache-Control", "no-store")
                .withHeader("X-Content-Type-Options", "nosniff");
    }

    private Response answer(Request request) throws Exception {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Response.methodNotAllowed("GET", "HEAD");
        }
        String path = request.path();
        String name = path.startsWith(prefix) ? path.substring(prefix.length()) : path;
        if (name.isEmpty()) {
            return Response.text(DebugPage.INDEX);
        }
        Callable<String> page;
        try {
            String query = request.query();
            page = DebugPage.of(name, Form.parse(query == null ? "" : query));
        } catch (IllegalArgumentException | FormException e) {
            return Response.text("bad request: " + e.getMessage() + "\n").withStatus(400);
        }
        if (page == null) {
            String missing = "not found: there is no page '" + name + "'\n";
            return Response.text(missing + DebugPage.INDEX).withStatus(404);
        }
        return Response.bytes(aside(page)).withType(name.endsWith(".json") ? JSON : TEXT);
    }

    private byte[] aside(Callable<String> page) throws Exception {
        making.acquire();
        boolean begun = false;
        try {
            Making task = new Making(page, making);
            Thread.ofPlatform()
                    .daemon()
                    .name("evy-debug-page")
                    .inheritInheritableThreadLocals(false)
                    .start(task);
            begun = true;
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            if (!begun) {
                making.release();
            }
        }
    }

    /** A page under way: it counts until it is made, whoever still waits for it. */
    private static final class Making extends FutureTask<byte[]> {
        private final Semaphore making;

        Making(Callable<String> page, Semaphore making) {
            super(() -> page.call().getBytes(StandardCharsets.UTF_8));
            this.making = making;
        }

        @Override
        protected void done() {
            making.release();
        }
    }
}
