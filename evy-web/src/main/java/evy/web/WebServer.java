package evy.web;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;
import evy.hubs.HubGroup;
import evy.io.GreenServerSocket;
import evy.io.ListenOptions;
import evy.io.Tcp;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.io.tls.TlsServerSocket;
import evy.sync.Event;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An HTTP/1.1 server: {@code WebServer.serve(8080, request -> Response.text("hello"))}.
 *
 * <p>Each connection has a green thread, in which the app answers its requests one after the other.
 * What is not HTTP by the letter is refused, and the connection closed.
 *
 * @thread all methods any
 * @source eventlet {@code wsgi.server}; RFC 9110, RFC 9112
 */
public final class WebServer implements AutoCloseable {
    private final List<Shard> shards;
    private final WebOptions options;
    private final WebLog log;
    private final @Nullable HubGroup hubs;
    private final String name;
    private final SocketAddress address;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Event<Boolean> stopped = new Event<>();
    private volatile boolean lingering; // connections go on without listeners

    private WebServer(List<Shard> shards, WebOptions options, @Nullable HubGroup hubs) {
        this.shards = List.copyOf(shards);
        this.options = options;
        this.hubs = hubs;
        this.log = new WebLog(options);
        ServerSocket listener = shards.get(0).listener();
        this.address = addressOf(listener);
        this.name = describe(listener, address);
        log.event("(" + ProcessHandle.current().pid() + ") starting up on " + name);
    }

    /**
     * Serves on a port of all the machine's addresses, until this thread is killed or interrupted.
     * Requests under way may then end first.
     *
     * @checkpoint always
     * @param port 0 lets the system choose one
     * @param app answers the requests
     * @throws IOException if the port cannot be had
     * @throws InterruptedException if interrupted
     */
    public static void serve(int port, App app) throws IOException, InterruptedException {
        start(port, app).runToEnd();
    }

    /**
     * Serves until the listener is closed, or this thread is killed or interrupted. Requests under
     * way may then end first.
     *
     * @checkpoint always
     * @param listener TCP, TLS or Unix; closed at the end
     * @param app answers the requests
     * @param options how
     * @throws IOException if nothing can be accepted
     * @throws InterruptedException if interrupted
     */
    public static void serve(ServerSocket listener, App app, WebOptions options)
            throws IOException, InterruptedException {
        start(listener, app, options).runToEnd();
    }

    /**
     * Starts to serve on a port of all the machine's addresses, and returns.
     *
     * @param port 0 lets the system choose one
     * @param app answers the requests
     * @return the server; close it
     * @throws IOException if the port cannot be had
     * @throws IllegalArgumentException if {@code port} is out of range
     */
    public static WebServer start(int port, App app) throws IOException {
        return start(port, app, WebOptions.DEFAULT);
    }

    /**
     * Starts to serve on a port of all the machine's addresses, and returns.
     *
     * @param port 0 lets the system choose one
     * @param app answers the requests
     * @param options how
     * @return the server; close it
     * @throws IOException if the port cannot be had
     * @throws IllegalArgumentException if {@code port} is out of range
     */
    public static WebServer start(int port, App app, WebOptions options) throws IOException {
        return start(new InetSocketAddress(Tcp.checkPort(port)), app, options);
    }

    /**
     * Starts to serve on an address, on as many hubs as the options say, and returns.
     *
     * @checkpoint if there are several hubs
     * @param address where; a Unix address can be served by one hub only
     * @param app answers the requests; with several hubs on all of them at once
     * @param options how
     * @return the server; close it
     * @throws IOException if the address cannot be had; nothing is left open
     */
    public static WebServer start(SocketAddress address, App app, WebOptions options)
            throws IOException {
        if (options.hubs() == 1) {
            return start(listen(address, options, false), app, options);
        }
        HubGroup group = HubGroup.open(options.hubs());
        List<Shard> shards = new ArrayList<>();
        boolean started = false;
        try {
            Places places = new Places(options.poolOrNew());
            SocketAddress at = address;
            for (Hub hub : group) {
                SocketAddress next = at;
                ServerSocket listener = on(hub, () -> listen(next, options, true));
                shards.add(new Shard(hub, listener, new Service(app, options), places));
                at = addressOf(listener); // the others share the port that the first was given
            }
            started = true;
            return new WebServer(shards, options, group);
        } finally {
            if (!started) {
                group.close();
            }
        }
    }

    private static <T> T on(Hub hub, Callable<T> action) {
        return Evy.spawn(hub, action).join();
    }

    /**
     * Starts to serve on a listener, and returns. It all happens on the listener's hub.
     *
     * @param listener TCP, TLS or Unix; closed when the server stops
     * @param app answers the requests
     * @param options how; {@link WebOptions#withHubs} does not apply
     * @return the server; close it
     * @throws SocketException if the listener is closed or not bound
     */
    public static WebServer start(ServerSocket listener, App app, WebOptions options)
            throws SocketException {
        if (listener.isClosed() || !listener.isBound()) {
            throw new SocketException(
                    "Invalid argument: " + listener + " is not listening; bind it first");
        }
        Hub hub =
                listener instanceof GreenServerSocket green
                        ? green.descriptor().home()
                        : Hub.current();
        Service service = new Service(app, options);
        Shard shard = new Shard(hub, listener, service, new Places(options.poolOrNew()));
        return new WebServer(List.of(shard), options, null);
    }

    private static ServerSocket listen(SocketAddress address, WebOptions options, boolean shared)
            throws IOException {
        ListenOptions how = ListenOptions.DEFAULT.withBacklog(options.backlog());
        GreenServerSocket plain =
                shared && address instanceof InetSocketAddress inet && inet.getPort() == 0
                        ? listenOnFreePort(inet, options)
                        : Evy.listen(address, shared ? how.withReusePort() : how);
        TlsOptions tls = options.tls();
        if (tls == null) {
            return plain;
        }
        boolean wrapped = false;
        try {
            ServerSocket listener = Tls.wrap(plain, tls);
            wrapped = true;
            return listener;
        } finally {
            if (!wrapped) {
                plain.close();
            }
        }
    }

    /* Not by Evy.listen, which warns of sharing a port that is not known yet. */
    private static GreenServerSocket listenOnFreePort(InetSocketAddress address, WebOptions options)
            throws IOException {
        GreenServerSocket listener = new GreenServerSocket();
        boolean bound = false;
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            listener.bind(address, options.backlog());
            bound = true;
            return listener;
        } finally {
            if (!bound) {
                listener.close();
            }
        }
    }

    private static SocketAddress addressOf(ServerSocket listener) {
        SocketAddress address = listener.getLocalSocketAddress();
        if (address == null) {
            throw new IllegalStateException(listener + " was closed");
        }
        return address;
    }

    private static String describe(ServerSocket listener, SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return "unix:" + address;
        }
        boolean tls = listener instanceof TlsServerSocket;
        String host = inet.getAddress().getHostAddress();
        host = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        boolean usual = inet.getPort() == (tls ? 443 : 80);
        return (tls ? "https://" : "http://") + host + (usual ? "" : ":" + inet.getPort()) + "/";
    }

    /** {@return where it listens} */
    public SocketAddress address() {
        return address;
    }

    /**
     * The port it listens on.
     *
     * @return the one the system chose, if it was to
     * @throws IllegalStateException if it listens on a Unix socket
     */
    public int port() {
        if (address instanceof InetSocketAddress inet) {
            return inet.getPort();
        }
        throw new IllegalStateException(this + " has no port");
    }

    /**
     * Where a program on this machine finds it.
     *
     * @return {@code http://localhost:PORT/}, or https
     * @throws IllegalStateException if it listens on a Unix socket
     */
    public URI uri() {
        return URI.create(
                (name.startsWith("https") ? "https" : "http") + "://localhost:" + port() + "/");
    }

    /** {@return true until it stops} */
    public boolean isAccepting() {
        return shards.stream().anyMatch(shard -> !shard.listener().isClosed());
    }

    /**
     * Lets nobody in any more. Connections go on until {@link #stop}.
     *
     * @checkpoint if it listens on other hubs
     * @throws IOException if closing the listeners fails
     */
    public void stopAccepting() throws IOException {
        lingering = true;
        closeListeners();
    }

    private void closeListeners() throws IOException {
        for (Shard shard : shards) {
            shard.stopAccepting();
        }
    }

    /**
     * Stops: lets nobody in, closes idle connections, waits for requests under way, and cuts off
     * those that take too long. Of several calls the least patient decides what that is, and all
     * wait for the end. A handler of this server's must not call it: it would wait for itself; see
     * {@link #shutdown}.
     *
     * @checkpoint always
     * @param patience how long to wait for requests under way
     * @return false if some were cut off
     * @throws InterruptedException if interrupted; it goes on stopping
     */
    public boolean stop(Duration patience) throws InterruptedException {
        beginStop(WebOptions.notNegative("patience", patience));
        return awaitStopped(patience);
    }

    /* Who began to stop may be more patient. */
    private boolean awaitStopped(Duration patience) throws InterruptedException {
        try {
            return stopped.await(patience);
        } catch (TimeoutException e) {
            for (Shard shard : shards) {
                shard.hub().execute(() -> cut(shard));
            }
            return stopped.await();
        }
    }

    private static void cut(Shard shard) {
        if (!shard.hub().isClosing()) { // which kills all that it serves, and starts nothing
            Evy.spawnN(shard::cut);
        }
    }

    /** Begins to stop as {@link #close} does, and returns. */
    public void shutdown() {
        beginStop(options.drainTimeout());
    }

    private void beginStop(Duration patience) {
        if (stopping.compareAndSet(false, true)) {
            Hub hub = hubs == null ? shards.get(0).hub() : Hub.getDefault();
            hub.execute(() -> stopOn(hub, patience));
        }
    }

    private void stopOn(Hub hub, Duration patience) {
        if (!hub.isClosing()) {
            Evy.spawnN(() -> stopAll(patience));
            return;
        }
        try {
            for (Shard shard : shards) {
                shard.closeListener();
            }
        } catch (IOException e) {
            log.error(this + ": failed to stop", e);
        } finally {
            stopped.send(false);
        }
    }

    private void stopAll(Duration patience) {
        boolean all = true;
        try {
            tryCloseListeners();
            List<GreenThread<Boolean>> draining = new ArrayList<>();
            for (Shard shard : shards) {
                draining.add(Evy.spawn(shard.hub(), () -> shard.drain(patience)));
            }
            for (GreenThread<Boolean> one : draining) {
                all &= one.join();
            }
            if (hubs != null) {
                hubs.close();
            }
        } catch (RuntimeException e) {
            all = false;
            log.error(this + ": failed to stop", e);
        } finally {
            log.event("(" + ProcessHandle.current().pid() + ") exiting: " + name);
            stopped.send(all);
        }
    }

    private void tryCloseListeners() {
        for (Shard shard : shards) {
            try {
                shard.stopAccepting();
            } catch (IOException e) {
                log.error(this + ": its listener failed to close", e);
            }
        }
    }

    /**
     * Waits until it has stopped: by {@link #stop} or {@link #close}, or because somebody closed
     * its listeners.
     *
     * @checkpoint always
     * @throws InterruptedException if interrupted
     */
    public void await() throws InterruptedException {
        for (Shard shard : shards) {
            shard.awaitClosed();
        }
        if (!lingering) {
            beginStop(options.drainTimeout());
        }
        stopped.await();
    }

    private void runToEnd() throws InterruptedException {
        try {
            await();
        } finally {
            close();
        }
    }

    /**
     * Stops as {@link #stop} with the {@linkplain WebOptions#withDrainTimeout time the options
     * give}. An interrupt does not end the wait, but is still there after it.
     *
     * @checkpoint always
     */
    @Override
    public void close() {
        beginStop(options.drainTimeout());
        boolean interrupted = false;
        while (true) {
            try {
                awaitStopped(options.drainTimeout());
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return how many connections there are} */
    public int connections() {
        int count = 0;
        for (Shard shard : shards) {
            count += on(shard.hub(), shard::size);
        }
        return count;
    }

    @Override
    public String toString() {
        return "WebServer[" + name + "]";
    }
}
