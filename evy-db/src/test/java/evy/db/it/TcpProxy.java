package evy.db.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The network between a driver and its server, on plain threads: passes everything on, until it is
 * told to fail.
 */
final class TcpProxy implements AutoCloseable {
    private enum State {
        /** Bytes pass both ways. */
        WHOLE,
        /**
         * Bytes are lost on the way, and nobody is told: new connections begin, but nobody answers.
         */
        SILENT,
        /** Every connection is reset, and so is a new one soon after it began. */
        CUT
    }

    private static final int HEARING_MILLIS = 20;

    private final ServerSocket listener;
    private final int target;

    // guarded by this
    private final Set<Socket> sockets = new HashSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private State state = State.WHOLE;
    private boolean closed;

    private TcpProxy(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Starts one before a port of the loopback interface. To be called by a platform thread. */
    static TcpProxy to(int target) throws IOException {
        TcpProxy proxy =
                new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
        proxy.start("listener", proxy::accept);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    private synchronized void start(String name, Runnable body) {
        threads.add(Thread.ofPlatform().daemon().name("proxy-" + name).start(body));
    }

    private void accept() {
        try {
            while (true) {
                connect(listener.accept());
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(Socket client) {
        if (!add(client)) {
            reset(client);
            return;
        }
        if (isCut()) {
            start("cut", () -> hearAndReset(client));
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            if (add(server)) {
                start("up", () -> pump(client, server));
                start("down", () -> pump(server, client));
            } else {
                reset(server);
            }
        } catch (IOException e) {
            reset(client); // there is no server
        }
    }

    private synchronized boolean add(Socket socket) {
        return !closed && sockets.add(socket);
    }

    private synchronized boolean isCut() {
        return state == State.CUT;
    }

    /*
     * Not before it has spoken, if it is the one to begin: a driver whose first words fail may
     * forget to close its socket.
     */
    private static void hearAndReset(Socket client) {
        try {
            client.setSoTimeout(HEARING_MILLIS);
            client.getInputStream().read();
        } catch (IOException e) {
            // it has gone, or waits for us
        } finally {
            reset(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] bytes = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                if (passes()) {
                    out.write(bytes, 0, n);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            reset(from);
            reset(to);
        }
    }

    private synchronized boolean passes() {
        return state == State.WHOLE;
    }

    /** Breaks all connections, and all new ones until {@link #mend}. */
    synchronized void cut() {
        state = State.CUT;
        resetAll();
    }

    /** Loses all bytes until {@link #mend}; what was lost stays lost. */
    synchronized void silence() {
        state = State.SILENT;
    }

    /** Lets bytes pass again; what was silenced has missed some, and is reset. */
    synchronized void mend() {
        resetAll();
        state = State.WHOLE;
    }

    private void resetAll() {
        sockets.forEach(TcpProxy::reset);
        sockets.clear();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed already
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        synchronized (this) {
            closed = true;
            resetAll();
        }
        listener.close();
        int joined = 0;
        for (Thread next = thread(joined); next != null; next = thread(joined)) {
            next.join(); // the first of all is the one that starts others
            joined++;
        }
    }

    private synchronized Thread thread(int number) {
        return number < threads.size() ? threads.get(number) : null;
    }
}
