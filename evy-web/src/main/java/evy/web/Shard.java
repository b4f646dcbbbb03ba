package evy.web;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.hubs.Hub;
import evy.sync.Event;

import jdk.net.ExtendedSocketOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * The part of a server that is on one hub: a listener and the connections it accepted.
 *
 * @thread the green threads of that hub, unless said otherwise
 */
final class Shard {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Hub hub;
    private final ServerSocket listener;
    private final Service service;
    private final Places places;
    private final GreenThread<@Nullable Void> acceptor;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final IdleList idle = new IdleList();
    private final Event<Boolean> drained = new Event<>();
    private final Event<Boolean> closed = new Event<>();
    private boolean stopping;
    private boolean cutting;
    private Duration pause = FIRST_PAUSE;
    private boolean acknowledgesQuickly = true; // as far as is known

    /** Begins to accept. Any thread. */
    Shard(Hub hub, ServerSocket listener, Service service, Places places) {
        this.hub = hub;
        this.listener = listener;
        this.service = service;
        this.places = places;
        this.acceptor = Evy.spawn(hub, this::acceptAll);
        acceptor.link(ended -> closed.send(true));
        places.admit(this);
    }

    Hub hub() {
        return hub;
    }

    ServerSocket listener() {
        return listener;
    }

    /** Waits until nothing more is accepted. Any thread. */
    void awaitClosed() throws InterruptedException {
        closed.await();
    }

    boolean isStopping() {
        return stopping;
    }

    /** True if newcomers wait for a place. */
    boolean isCrowded() {
        return places.isCrowded();
    }

    /** Those between two requests. */
    IdleList idle() {
        return idle;
    }

    /** Closes the connection that has been without a request longest; false if there is none. */
    boolean closeLongestIdle() {
        if (!(idle.first() instanceof Connection longest)) {
            return false;
        }
        service.log().debug(longest + ": closed, as others wait for its place");
        idle.remove(longest);
        longest.closeQuietly();
        return true;
    }

    /** How many connections there are. */
    int size() {
        return connections.size();
    }

    private void acceptAll() {
        try (listener) {
            while (!listener.isClosed()) {
                acceptOne();
            }
        } catch (GreenThreadExit stopped) {
            return; // as asked for
        } catch (IOException e) {
            service.log().debug(listener + ": " + e.getMessage());
        }
    }

    private void acceptOne() throws IOException {
        Socket client;
        try {
            client = listener.accept();
            pause = FIRST_PAUSE;
        } catch (IOException e) {
            if (!listener.isClosed()) {
                waitOut(e);
            }
            return;
        }
        boolean handedOver = false;
        try {
            places.take(this, () -> serve(client));
            handedOver = true;
        } finally {
            if (!handedOver) {
                client.close();
            }
        }
    }

    /* A client's fault, or no descriptor is free: neither is a reason to stop. */
    private void waitOut(IOException e) {
        service.log().error(listener + ": accept failed, trying again in " + pause, e);
        Evy.sleep(pause);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            tune(client);
            Connection connection = new Connection(this, service, client);
            connections.add(connection);
            try {
                connection.run();
            } finally {
                remove(connection);
            }
        } catch (GreenThreadExit cut) {
            service.log().debug(client + ": cut off");
        } catch (IOException e) {
            service.log().debug(client + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            service.log().error(client + ": connection failed", e);
        }
    }

    private void tune(Socket client) throws IOException {
        if (client.getRemoteSocketAddress() instanceof InetSocketAddress) {
            client.setTcpNoDelay(true);
            if (acknowledgesQuickly) {
                acknowledgeQuickly(client);
            }
        }
    }

    /* Tried, as asking for the supported options makes a set, which the socket keeps. */
    private void acknowledgeQuickly(Socket client) throws IOException {
        try {
            client.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        } catch (UnsupportedOperationException e) {
            acknowledgesQuickly = false;
        }
    }

    private void remove(Connection connection) {
        connections.remove(connection);
        if (stopping && connections.isEmpty() && !drained.isReady()) {
            drained.send(true);
        }
    }

    /** Lets nobody in any more. Any thread. */
    void stopAccepting() throws IOException {
        try {
            closeListener();
        } finally {
            acceptor.kill();
        }
    }

    /** Closes the listener without waiting for who accepts; may be called in a hub's callback. */
    void closeListener() throws IOException {
        listener.close();
    }

    /**
     * Closes what is idle, says to what was taken over that it is to end, and waits for the rest.
     *
     * @return false if some had to be cut off
     */
    boolean drain(Duration patience) throws InterruptedException {
        stopping = true;
        for (Connection connection : new ArrayList<>(connections)) {
            connection.stop();
        }
        if (connections.isEmpty()) {
            return !cutting;
        }
        try {
            return drained.await(cutting ? Duration.ZERO : patience) && !cutting;
        } catch (TimeoutException e) {
            cut();
            return false;
        }
    }

    /** Ends all connections, and whatever they are at; their threads have ended when it returns. */
    void cut() {
        cutting = true;
        for (Connection connection : new ArrayList<>(connections)) {
            service.log().event(connection + ": cut off, as it was not through in time");
            connection.cut();
        }
    }
}
