package evy.tools.backdoor;

import evy.Evy;
import evy.hubs.Hub;
import evy.hubs.HubOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A back door into the running program: whoever connects, by telnet, netcat or {@code evy
 * backdoor}, types Java and sees the program's live objects.
 *
 * <pre>{@code
 * Evy.spawn(() -> Backdoor.serve(Evy.listen("localhost", 3000), Map.of("pool", pool)));
 * }</pre>
 *
 * <p>Snippets are compiled in a native thread and run in green threads of the hub that serves, so
 * they see what is confined to that hub without locks, while the server goes on between their
 * blocking calls. The dialogue itself is held on a hub of its own; so a snippet that never blocks
 * can be stopped from its session, by Ctrl-C or by leaving.
 *
 * <p>Whoever gets in can do what the program can. So only clients of this machine are served, on
 * loopback addresses and Unix sockets, unless {@linkplain BackdoorOptions#withRemote told}
 * otherwise; and any user of this machine can connect to a loopback address, so think of a
 * {@linkplain BackdoorOptions#withToken token}, or of a Unix socket in a folder of your own.
 *
 * @source eventlet {@code backdoor}
 */
public final class Backdoor {
    private static final System.Logger LOG = System.getLogger("evy.tools.backdoor");

    /* Connections whose token is awaited, and some that are told that there are too many. */
    private static final int MORE_CONNECTIONS = 80;

    private final ServerSocket listener;
    private final Map<String, ?> bindings;
    private final BackdoorOptions options;
    private final Hub hub = Hub.current();
    private final SharedCompiler compiler;
    private final Gate gate;
    private final ExecutorService natives =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform()
                            .name("evy-backdoor-", 1)
                            .daemon()
                            .inheritInheritableThreadLocals(false)
                            .factory());

    // sessions' hub only
    private int sessions;

    private Backdoor(ServerSocket listener, Map<String, ?> bindings, BackdoorOptions options) {
        this.listener = listener;
        this.bindings = bindings;
        this.options = options;
        this.gate = new Gate(options.token());
        var context = Thread.currentThread().getContextClassLoader();
        this.compiler =
                new SharedCompiler(context == null ? ClassLoader.getSystemClassLoader() : context);
    }

    /**
     * Serves local clients until this is killed or the listener is closed.
     *
     * @checkpoint always
     * @param listener bound to a loopback address or a Unix socket; is closed in the end
     * @param bindings the objects that each session has as variables, by name; looked at whenever a
     *     session begins
     * @throws IOException if accepting fails for good, other than by the listener's closing
     * @throws IllegalArgumentException if other machines can reach the listener, or a name cannot
     *     be a variable's
     */
    public static void serve(ServerSocket listener, Map<String, ?> bindings) throws IOException {
        serve(listener, bindings, BackdoorOptions.DEFAULT);
    }

    /**
     * Serves until this is killed or the listener is closed. Snippets run on the hub this is called
     * on; on the default hub, if the thread is not green.
     *
     * @checkpoint always
     * @param listener bound; is closed in the end
     * @param bindings the objects that each session has as variables, by name; looked at whenever a
     *     session begins
     * @param options how
     * @throws IOException if accepting fails for good, other than by the listener's closing
     * @throws IllegalArgumentException if other machines can reach the listener and the options do
     *     not say that they may, or that without a token; or a name cannot be a variable's
     */
    public static void serve(
            ServerSocket listener, Map<String, ?> bindings, BackdoorOptions options)
            throws IOException {
        Objects.requireNonNull(options, "options");
        Bindings.check(bindings);
        checkReach(listener, options);
        new Backdoor(listener, bindings, options).serve();
    }

    private static void checkReach(ServerSocket listener, BackdoorOptions options) {
        var address = listener.getLocalSocketAddress();
        if (address == null) {
            throw new IllegalArgumentException("listener is not bound: " + listener);
        }
        var isLocal = !(address instanceof InetSocketAddress inet) || isLoopback(inet);
        if (isLocal) {
            return;
        }
        if (!options.remote()) {
            throw new IllegalArgumentException(
                    "listener on "
                            + show(address)
                            + ": other machines can reach it; listen on localhost or a Unix socket,"
                            + " or use BackdoorOptions.withRemote() and withToken(...)");
        }
        if (options.token() == null) {
            throw new IllegalArgumentException(
                    "listener on "
                            + show(address)
                            + ": other machines can reach it, which needs"
                            + " BackdoorOptions.withToken(...)");
        }
    }

    private static boolean isLoopback(InetSocketAddress address) {
        return address.getAddress() != null && address.getAddress().isLoopbackAddress();
    }

    private void serve() throws IOException {
        var where = show(listener.getLocalSocketAddress());
        SessionStreams.install();
        try (listener;
                var dialogues = Hub.open(HubOptions.DEFAULT.named("evy-backdoor"))) {
            log("backdoor server listening on " + where);
            Evy.spawn(dialogues, this::acceptAll).join();
        } finally {
            natives.execute(compiler::close);
            natives.shutdown();
            SessionStreams.uninstall();
        }
    }

    private void acceptAll() throws Exception {
        try {
            Evy.serve(listener, this::handle, options.maxSessions() + MORE_CONNECTIONS);
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw e;
            }
        }
    }

    private void handle(Socket client) throws InterruptedException {
        try {
            welcome(client, show(client.getRemoteSocketAddress()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "backdoor: {0}: {1}", client, e.getMessage());
        } catch (RuntimeException | VirtualMachineError e) { // one session's, not the others'
            LOG.log(System.Logger.Level.ERROR, "backdoor: a session failed", e);
        }
    }

    private void welcome(Socket client, String who) throws IOException, InterruptedException {
        var output = new SessionOutput();
        keepUrgent(client);
        var input =
                new TelnetInput(client.getInputStream(), output::sendUrgently, options.maxLine());
        if (!gate.admits(input)) {
            log("backdoor refused " + who);
            return;
        }
        if (sessions >= options.maxSessions()) {
            client.getOutputStream()
                    .write("too many sessions\n".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        sessions++;
        log("backdoor to " + who);
        try {
            var names =
                    Collections.unmodifiableMap(
                            new LinkedHashMap<String, @Nullable Object>(bindings));
            var shell = new Shell(hub, names, output, compiler);
            new Session(input, output, shell, natives, options).run(client.getOutputStream());
        } finally {
            sessions--;
            log("backdoor closed to " + who);
        }
    }

    /* A telnet sends what follows an interrupt as urgent data, which would be lost on its own. */
    private static void keepUrgent(Socket client) {
        try {
            client.setOOBInline(true);
        } catch (IOException e) {
            return; // a Unix socket has none
        }
    }

    private void log(String line) {
        var sink = options.log();
        if (sink != null) {
            sink.accept(line);
        } else {
            LOG.log(System.Logger.Level.INFO, line);
        }
    }

    private static String show(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            var host = inet.getAddress().getHostAddress();
            if (host == null) { // of a client that left before it was accepted
                return "a client that has left";
            }
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        var text = String.valueOf(address);
        return text.isEmpty() || address == null ? "a local client" : text;
    }
}
