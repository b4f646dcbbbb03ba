package evy.zmq;

import evy.hubs.Greenlet;
import evy.sync.Event;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;
import org.zeromq.UncheckedZMQException;
import org.zeromq.ZMQException;

import zmq.Ctx;
import zmq.SocketBase;
import zmq.ZError;
import zmq.ZMQ;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where sockets come from: owns the threads that do their input and output, and the names of {@code
 * inproc}.
 *
 * <p>A program needs one, the {@linkplain #shared shared} one, unless it wants to close a group of
 * sockets for itself.
 *
 * @thread any but a hub's callback
 * @source ZeroMQ {@code zmq_ctx_new(3)}; pyzmq {@code Context}
 */
public final class Context implements AutoCloseable {
    /* What the reaper takes at most to close what has nothing left to send. */
    private static final Duration REAPING = Duration.ofSeconds(1);

    private static final String INPROC = "inproc://";

    private static final ReentrantLock SHARED_LOCK = new ReentrantLock();
    private static @Nullable Context shared;

    private final ContextOptions options;
    private final Ctx ctx;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<String, Socket> names = new ConcurrentHashMap<>();
    private final Event<Boolean> terminated = new Event<>();

    // guards the making of sockets against the closing
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closing;

    // written under lock; of its own, as it blocks natively for as long as a socket lingers
    private volatile @Nullable Thread terminator;

    private Context(ContextOptions options) {
        this.options = options;
        this.ctx = new Ctx();
        ctx.set(ZMQ.ZMQ_IO_THREADS, options.ioThreads());
        // one more for the socket that starts the threads, which may take a moment to go
        ctx.set(ZMQ.ZMQ_MAX_SOCKETS, options.maxSockets() + 1);
        ctx.set(ZMQ.ZMQ_IPV6, options.ipv6() ? 1 : 0);
        ctx.setThreadFactory(
                (body, name) ->
                        Thread.ofPlatform().daemon().name("evy-zmq-" + name).unstarted(body));
    }

    /**
     * The context of this process, made when first asked for; a new one if it was closed. Its
     * threads are daemons: what has not left when the process ends is lost, unless it is closed
     * before.
     *
     * @return the same for all callers
     */
    public static Context shared() {
        SHARED_LOCK.lock();
        try {
            Context context = shared;
            if (context == null || context.isClosed()) {
                context = open();
                shared = context;
            }
            return context;
        } finally {
            SHARED_LOCK.unlock();
        }
    }

    /**
     * Opens a context with the usual options.
     *
     * @return the caller's to close
     */
    public static Context open() {
        return open(ContextOptions.DEFAULT);
    }

    /**
     * Opens a context. Its threads start with its first socket.
     *
     * @param options how
     * @return the caller's to close
     */
    public static Context open(ContextOptions options) {
        return new Context(options);
    }

    /** {@return as given to {@link #open(ContextOptions)}} */
    public ContextOptions options() {
        return options;
    }

    /**
     * Opens a socket, neither bound nor connected.
     *
     * @checkpoint the first time
     * @param type what it does
     * @return the caller's to close; closed with the context otherwise
     * @throws ZmqException {@code ETERM} if the context is closed; {@code EMFILE} if there are too
     *     many sockets or descriptors
     */
    public Socket socket(SocketType type) {
        boolean interrupted = Thread.interrupted(); // JeroMQ would take it for itself
        try {
            launch();
            return open(type);
        } catch (UncheckedZMQException e) {
            ZmqError error = errorOf(e);
            throw new ZmqException(
                    error,
                    "cannot open a " + type + " socket: " + error.text() + " (open=" + size() + ")",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Socket open(SocketType type) {
        lock.lock();
        try {
            if (closing) {
                throw new ZmqException(
                        ZmqError.ETERM, "cannot open a " + type + " socket: context is closed");
            }
            if (size() >= options.maxSockets()) {
                throw new ZMQException(ZError.EMFILE);
            }
            Socket socket = adopt(type, ctx.createSocket(type.code()));
            sockets.add(socket);
            return socket;
        } finally {
            lock.unlock();
        }
    }

    /*
     * JeroMQ starts its threads with the first socket. From a native thread they are native, too: by
     * the agent's leave, those that green threads start may be green.
     */
    private void launch() {
        if (terminator != null) {
            return;
        }
        try {
            Tpool.execute(
                    () -> {
                        launchHere();
                        return this;
                    });
        } catch (InterruptedException e) {
            throw Side.interrupted(e);
        } catch (Exception e) {
            throw Greenlet.<RuntimeException>thrown(e);
        }
    }

    private void launchHere() {
        lock.lock();
        try {
            if (terminator == null && !closing) {
                Readiness.launch();
                ctx.createSocket(ZMQ.ZMQ_PAIR).close();
                Internals internals = Internals.orNull();
                if (internals != null) {
                    PollerNudge.install(internals, ctx);
                }
                terminator =
                        Thread.ofPlatform()
                                .daemon()
                                .name("evy-zmq-term")
                                .unstarted(this::terminate);
            }
        } finally {
            lock.unlock();
        }
    }

    private Socket adopt(SocketType type, SocketBase base) {
        try {
            Guards.set(base);
            return new Socket(this, type, new Core(type, base));
        } catch (RuntimeException | Error e) {
            base.close();
            throw e;
        }
    }

    /** {@return the number of open sockets} */
    public int size() {
        return sockets.size();
    }

    void forget(Socket socket) {
        sockets.remove(socket);
        names.values().removeIf(owner -> owner == socket);
    }

    /*
     * JeroMQ gives a name to whoever binds to it last, even as it refuses, and takes it back some
     * time after the socket is closed: names are kept here, and given back before closing.
     */
    void claim(String endpoint, Socket socket) {
        if (endpoint.startsWith(INPROC) && names.putIfAbsent(endpoint, socket) != null) {
            throw new ZmqException(
                    ZmqError.EADDRINUSE,
                    socket + ": cannot bind to " + endpoint + ": " + ZmqError.EADDRINUSE.text());
        }
    }

    void release(String endpoint, Socket socket) {
        names.remove(endpoint, socket);
    }

    List<String> names(Socket socket) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue() == socket)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** {@return true once it is being closed} */
    public boolean isClosed() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the context as {@link #close(Duration)} does, with the limit of its options. */
    @Override
    public void close() {
        close(options.closeLimit());
    }

    /**
     * Closes all sockets, wakes everybody who waits for one with {@code ETERM}, and waits until
     * their messages have left. Each socket lingers as long as it is set to, but no longer than the
     * limit. Idempotent; who calls it again waits, too.
     *
     * <p>If a socket was closed before with a longer linger than the limit, the call returns in
     * time, and the rest goes on in the background.
     *
     * @checkpoint always; a kill leaves the closing to go on in the background
     * @param limit longest time for messages to leave; zero drops them
     * @return true if everything has ended
     */
    public boolean close(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("limit must be >= 0: " + limit);
        }
        if (beginClose()) {
            int linger = SocketOptions.millis(limit);
            for (Socket socket : sockets) {
                socket.close(ZmqError.ETERM, linger);
            }
            Thread thread = terminator;
            if (thread == null) {
                terminate(); // nothing has begun, so nothing is waited for
            } else {
                thread.start();
            }
        }
        try {
            return terminated.await(limit.plus(REAPING));
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean beginClose() {
        lock.lock();
        try {
            boolean first = !closing;
            closing = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void terminate() {
        try {
            ctx.terminate();
            terminated.send(true);
        } catch (Throwable t) {
            terminated.sendException(t);
        }
    }

    static ZmqError errorOf(UncheckedZMQException e) {
        return switch (e) {
            case ZMQException coded -> ZmqError.of(coded.getErrorCode());
            case ZError.CtxTerminatedException _ -> ZmqError.ETERM;
            case ZError.IOException io
                    when String.valueOf(io.getMessage()).contains("Too many open files") ->
                    ZmqError.EMFILE;
            default -> ZmqError.EOTHER;
        };
    }

    @Override
    public String toString() {
        return "context[sockets=" + size() + (isClosed() ? ", closed]" : "]");
    }
}
