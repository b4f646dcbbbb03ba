package evy.zmq;

import org.zeromq.ZMQException;

import zmq.Options;
import zmq.SocketBase;
import zmq.ZError;
import zmq.ZMQ;
import zmq.io.IOThread;
import zmq.io.net.SelectorProviderChooser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@code ipc} endpoints of a socket: Unix-domain sockets, as libzmq has them.
 *
 * <p>JeroMQ 0.6.0 makes a port of loopback out of the name. Here it binds by {@link IpcListener}
 * and connects by {@link IpcChooser}; the rest of it, from the handshake on, is as for TCP.
 *
 * @thread any but a hub's callback
 * @source libzmq {@code zmq_ipc(7)}
 */
final class IpcEndpoints {
    static final String SCHEME = "ipc://";

    private static final String ANYWHERE = "*";

    /* What the JDK takes: what the system does, less one for its NUL and one more. */
    private static final int LONGEST_PATH =
            System.getProperty("os.name").startsWith("Mac") ? 102 : 106;

    private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private final Core core;
    private final Map<String, IpcServer> bound = new ConcurrentHashMap<>();

    IpcEndpoints(Core core) {
        this.core = core;
    }

    static boolean isOne(String endpoint) {
        return endpoint.startsWith(SCHEME);
    }

    /**
     * Accepts peers at a path.
     *
     * @param endpoint {@code ipc://*} for one that is free
     * @return the endpoint with its path
     */
    String bind(String endpoint) {
        String what = "bind to " + endpoint;
        Internals internals = internals(what);
        int backlog = core.ask(what, () -> core.base().getSocketOpt(ZMQ.ZMQ_BACKLOG));
        IpcServer server = open(endpoint, backlog, what);
        try {
            core.require(what, () -> listen(internals, server));
        } catch (RuntimeException | Error e) {
            close(server);
            throw e;
        }
        bound.put(server.endpoint(), server);
        if (core.isClosed()) {
            removeFiles(); // just now, and before this one was known
        }
        return server.endpoint();
    }

    private IpcServer open(String endpoint, int backlog, String what) {
        try {
            return endpoint.equals(SCHEME + ANYWHERE)
                    ? IpcServer.openAnywhere(backlog)
                    : IpcServer.open(path(endpoint, what), backlog);
        } catch (IOException e) {
            ZmqError error =
                    switch (e) {
                        case FileAlreadyExistsException _ -> ZmqError.EADDRINUSE;
                        case NoSuchFileException _ -> ZmqError.ENOENT;
                        case AccessDeniedException _ -> ZmqError.EACCES;
                        default -> ZmqError.EOTHER;
                    };
            core.ask(
                    what,
                    () -> {
                        core.base().eventBindFailed(endpoint, error.code());
                        return true;
                    });
            throw core.failure(error, what, e);
        }
    }

    /* As SocketBase.bind does for the endpoints that it knows. */
    private boolean listen(Internals internals, IpcServer server) {
        SocketBase base = core.base();
        if (base.getSocketOpt(ZMQ.ZMQ_EVENTS) < 0) { // which takes up its commands
            return false;
        }
        Options options = internals.options(base);
        options.mechanism.check(options);
        IOThread thread = internals.chooseThread(base.getCtx(), options.affinity);
        if (thread == null) {
            throw new ZMQException("", ZError.EMTHREAD);
        }
        IpcListener listener = new IpcListener(thread, base, options, server);
        base.eventListening(server.endpoint(), server.channel());
        internals.bind(base, server.endpoint(), listener);
        return true;
    }

    /** Makes ready to connect to a path by JeroMQ's own call. */
    void prepareConnect(String endpoint) {
        String what = "connect to " + endpoint;
        Internals _ = internals(what);
        String path = path(endpoint, what);
        if (path.equals(ANYWHERE)) {
            throw refusal(ZmqError.EINVAL, what, "* is for bind");
        }
        core.ask(
                what,
                () -> {
                    keepChooser(core.base());
                    return true;
                });
    }

    /** Puts back what makes {@code ipc} possible, before what a user has set. */
    static void keepChooser(SocketBase base) {
        Object chooser = base.getSocketOptx(ZMQ.ZMQ_SELECTOR_PROVIDERCHOOSER);
        if (!(chooser instanceof IpcChooser)) {
            base.setSocketOpt(
                    ZMQ.ZMQ_SELECTOR_PROVIDERCHOOSER,
                    new IpcChooser((SelectorProviderChooser) chooser));
        }
    }

    /** Removes the file of an endpoint that was unbound; does nothing if it has none. */
    void forget(String endpoint) {
        IpcServer server = bound.remove(endpoint);
        if (server != null) {
            removeFile(server);
        }
    }

    /** Removes the files of a socket that was closed: the names are free at once. */
    void removeFiles() {
        bound.values().forEach(IpcEndpoints::removeFile);
        bound.clear();
    }

    private static void removeFile(IpcServer server) {
        try {
            server.removeFile();
        } catch (IOException e) {
            assert e.getMessage() != null; // JeroMQ's thread tries again, and tells monitors
        }
    }

    private static void close(IpcServer server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Internals internals(String what) {
        Internals internals = Internals.orNull();
        if (internals == null) {
            throw refusal(
                    ZmqError.EPROTONOSUPPORT,
                    what,
                    "ipc needs JeroMQ's classes to be open; " + Internals.ADVICE);
        }
        return internals;
    }

    private String path(String endpoint, String what) {
        String path = endpoint.substring(SCHEME.length());
        int length = path.getBytes(PATHS).length;
        if (path.isEmpty()) {
            throw refusal(ZmqError.EINVAL, what, "no path");
        }
        if (path.startsWith("@")) {
            throw refusal(
                    ZmqError.EINVAL,
                    what,
                    "the JDK knows no abstract names; use a path, ./@… for one that begins with @");
        }
        if (path.contains(";")) { // JeroMQ looks for a source address after it
            throw refusal(ZmqError.EINVAL, what, "a path must not contain ;");
        }
        if (length > LONGEST_PATH) {
            throw refusal(
                    ZmqError.ENAMETOOLONG,
                    what,
                    "the path has " + length + " bytes, at most " + LONGEST_PATH + " are possible");
        }
        return path;
    }

    private ZmqException refusal(ZmqError error, String what, String reason) {
        return core.failure(error, what, new IllegalArgumentException(reason));
    }
}
