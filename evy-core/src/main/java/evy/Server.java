package evy;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubClosed;
import evy.internal.os.Errors;
import evy.io.tls.GreenTlsSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** The accept loop of {@link Evy#serve}. */
final class Server {
    private static final System.Logger LOG = System.getLogger("evy");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final ServerSocket socket;
    private final Evy.Handler handler;
    private final GreenPool pool;
    private final Greenlet acceptor = Greenlet.current();
    // guarded by this
    private boolean over;
    private @Nullable Stop raised;
    private Duration pause = FIRST_PAUSE;

    Server(ServerSocket socket, Evy.Handler handler, GreenPool pool) {
        this.socket = socket;
        this.handler = handler;
        this.pool = pool;
    }

    void serve() throws Exception {
        try {
            while (true) {
                acceptOne();
            }
        } catch (Stop stop) {
            if (stop.getCause() instanceof StopServe) {
                return;
            }
            throw Greenlet.<Exception>thrown(stop.getCause());
        } finally {
            end();
        }
    }

    /* Of a handler that fails and the end of serving, one comes first. */
    private synchronized void end() {
        over = true;
        Stop late = raised;
        if (late != null) {
            acceptor.withdraw(late); // this ends by something else, or has thrown it
        }
    }

    private synchronized boolean stopped(Throwable by) {
        if (over) {
            return false;
        }
        over = true;
        Stop stop = new Stop(by);
        raised = stop;
        acceptor.raise(stop);
        return true;
    }

    private void acceptOne() throws IOException {
        Socket client;
        try {
            client = socket.accept();
            pause = FIRST_PAUSE;
        } catch (IOException e) {
            if (socket.isClosed() || !Errors.isTransientAccept(e)) {
                throw e;
            }
            waitOut(e);
            return;
        }
        boolean handedOver = false;
        try {
            pool.spawnN(() -> handle(client));
            handedOver = true;
        } finally {
            if (!handedOver) {
                client.close();
            }
        }
    }

    private void waitOut(IOException e) {
        LOG.log(
                System.Logger.Level.WARNING,
                "{0}: accept failed, trying again in {1} ms: {2}",
                socket,
                pause.toMillis(),
                e.getMessage());
        Evy.sleep(pause);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private void handle(Socket client) {
        try (client) {
            handler.handle(client);
        } catch (GreenThreadExit | HubClosed ended) {
            throw ended;
        } catch (Throwable t) {
            if (isFailedHandshake(client, t)) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "{0}: no TLS handshake: {1}",
                        client,
                        t.getMessage());
            } else if (!stopped(t) && !(t instanceof StopServe)) {
                Hub hub = Hub.current();
                hub.exceptionHandler().uncaught(Greenlet.current(), t);
            }
        }
    }

    /* Anybody can connect and not shake hands: that is no failure of the handler. */
    private static boolean isFailedHandshake(Socket client, Throwable t) {
        return t instanceof IOException
                && client instanceof GreenTlsSocket tls
                && !tls.isHandshakeDone();
    }

    /** Raised in the acceptor when a handler has failed. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop(Throwable cause) {
            super(null, cause, false, false);
        }
    }
}
