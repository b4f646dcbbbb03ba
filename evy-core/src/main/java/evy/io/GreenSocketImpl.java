package evy.io;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.internal.jfr.Flight;
import evy.internal.poll.Backend;
import evy.internal.poll.NonBlockingSocket;
import evy.internal.poll.SocketExtras;
import evy.internal.poll.UnixSocket;
import evy.internal.util.Cleaners;
import evy.internal.util.Interrupts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Cleaner;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What makes a {@link java.net.Socket} green: every operation is tried, and if it would block, the
 * calling green thread waits for the descriptor while its hub runs others.
 *
 * <p>A timeout or kill during a wait leaves the socket as it was: the next call goes on.
 */
final class GreenSocketImpl extends SocketImpl {
    /* The system does not tell when a full backlog of a Unix socket has room again. */
    private static final long BACKLOG_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final boolean listening;

    // set once by create() or accept()
    private volatile @Nullable StreamLink link;
    private Cleaner.@Nullable Cleanable cleaner;

    private volatile long timeoutNanos = SocketTimeouts.defaultNanos();
    private @Nullable SocketAddress connecting;

    // a connection that was taken for it before it is accepted
    private @Nullable NonBlockingSocket taken;

    // null for an internet socket
    private volatile @Nullable UnixEnds unix;

    GreenSocketImpl(boolean listening) {
        this.listening = listening;
    }

    /**
     * Makes it a Unix socket, and the next bind or connect, whatever address it is given, one to
     * {@code address}.
     *
     * @return the address to give it
     * @throws SocketException if it is an internet socket for good, being bound or connected
     */
    SocketAddress standInFor(SocketAddress address) throws IOException {
        UnixEnds ends = unix;
        if (ends == null) {
            if (localport != 0 || connecting != null) {
                throw new SocketException("an internet socket cannot use " + address);
            }
            ends = new UnixEnds();
            unix = ends;
            if (link != null) {
                close();
                create(true);
            }
        }
        ends.mean(address);
        return UnixEnds.STAND_IN;
    }

    /** Takes a Unix socket that is connected; connecting to the stand-in then does nothing. */
    void adoptConnected(UnixSocket socket) {
        UnixEnds ends = new UnixEnds();
        ends.setLocal(UnixAddresses.UNNAMED);
        ends.setRemote(UnixAddresses.UNNAMED);
        unix = ends;
        address = UnixEnds.STAND_IN.getAddress();
        adopt(socket);
        if (Flight.recordsAccepts()) {
            Flight.recordAccept(ends.local(), ends.remote());
        }
    }

    /** Has the next accept into this one take a connection that is there already. */
    void take(NonBlockingSocket ready) {
        taken = ready;
    }

    /** The addresses of a Unix socket; null if it is none. */
    @Nullable UnixEnds unixEnds() {
        return unix;
    }

    /** Carries a {@link WouldBlockException} past {@code Socket.connect}. */
    static final class Underway extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient WouldBlockException cause;

        Underway(WouldBlockException cause) {
            super(null, cause, false, false);
            this.cause = cause;
        }
    }

    @Override
    protected void create(boolean stream) throws IOException {
        if (!stream) {
            throw new IOException("a datagram socket is not a stream socket");
        }
        if (unix == null) {
            adopt(backendOf(Hub.current()).openSocket(listening));
        } else if (unix.remote() == null) {
            adopt(backendOf(Hub.current()).openUnixSocket(listening));
        } // else it was adopted before
    }

    /** The sockets that go with a hub. */
    static Backend backendOf(Hub hub) {
        String kind = hub.kind();
        for (Backend backend : Backend.all()) {
            if (backend.name().equals(kind)) {
                return backend;
            }
        }
        throw new IllegalStateException("no sockets for hubs of kind '" + kind + "'");
    }

    private void adopt(NonBlockingSocket socket) {
        StreamLink made = new StreamLink(socket);
        link = made;
        cleaner = Cleaners.register(this, made::closeQuietly);
    }

    /** The link, once there is one. */
    StreamLink link() throws SocketException {
        StreamLink there = link;
        if (there == null) {
            throw new SocketException("Socket is not connected");
        }
        return there;
    }

    /** The descriptor, once there is one. */
    Descriptor descriptor() throws SocketException {
        return link().descriptor();
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        UnixEnds ends = unix;
        if (ends != null && ends.remote() != null) {
            return; // one of a pair
        }
        SocketAddress target = ends == null ? internet(remote) : ends.takeMeant();
        Greenlet.checkRaised();
        long limit = millis == 0 ? timeoutNanos : TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            connect(link(), target, new Deadline("Connect", limit));
        } catch (IOException e) {
            if (e instanceof WouldBlockException wouldBlock) {
                throw new Underway(wouldBlock);
            }
            close();
            throw e;
        }
    }

    private static SocketAddress internet(SocketAddress remote) throws IOException {
        if (!(remote instanceof InetSocketAddress target)) {
            throw new IOException("not an internet address: " + remote);
        }
        if (target.isUnresolved()) {
            throw new UnknownHostException(target.getHostString());
        }
        return target;
    }

    private void connect(StreamLink at, SocketAddress target, Deadline deadline)
            throws IOException {
        if (connecting == null) {
            if (at.call(socket -> begin(socket, target))) {
                connected(at, target);
                return;
            }
            connecting = target;
        } else if (!connecting.equals(target)) {
            throw new SocketException("connecting to " + connecting + " already, not to " + target);
        }
        while (!at.call(NonBlockingSocket::finishConnect)) {
            if (unix != null) {
                pauseForBacklog(deadline.left());
            } else if (!at.awaitWritable(deadline.left())) {
                throw deadline.timedOut();
            }
        }
        connecting = null;
        connected(at, target);
    }

    /* Over when the limit is, and then the deadline says so; a close is noticed by the next try. */
    private void pauseForBacklog(long left) throws IOException {
        long pause =
                left == Waiter.FOREVER ? BACKLOG_PAUSE_NANOS : Math.min(left, BACKLOG_PAUSE_NANOS);
        try {
            Waiter.current(this).await(pause);
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    private static boolean begin(NonBlockingSocket socket, SocketAddress target)
            throws IOException {
        return socket instanceof UnixSocket named
                ? named.connect(UnixAddresses.toBytes(target))
                : socket.connect((InetSocketAddress) target);
    }

    private void connected(StreamLink at, SocketAddress to) throws IOException {
        at.run(
                socket -> {
                    if (to instanceof InetSocketAddress target) {
                        InetSocketAddress remote = socket.remoteAddress();
                        InetAddress meant = target.getAddress();
                        // with the name it was asked for by, which TLS checks certificates against
                        address =
                                meant.isAnyLocalAddress() && remote != null
                                        ? remote.getAddress()
                                        : meant;
                        port = target.getPort();
                        localport = socket.localAddress().getPort();
                    } else {
                        nameEnds((UnixSocket) socket, to);
                    }
                });
    }

    private void nameEnds(UnixSocket socket, SocketAddress remote) throws IOException {
        UnixEnds ends = Objects.requireNonNull(unix);
        ends.setLocal(UnixAddresses.of(socket.localName()));
        ends.setRemote(remote);
        address = UnixEnds.STAND_IN.getAddress();
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        link().run(
                        socket -> {
                            if (unix != null) {
                                bind((UnixSocket) socket, unix);
                            } else {
                                socket.bind(host, port);
                                localport = socket.localAddress().getPort();
                            }
                            address = host;
                        });
    }

    private void bind(UnixSocket socket, UnixEnds ends) throws IOException {
        SocketAddress local = ends.takeMeant();
        byte[] name = UnixAddresses.toBytes(local);
        if (name.length > 0) {
            socket.bind(name);
        } else if (listening) {
            throw new BindException("Server socket cannot bind to unnamed address");
        }
        ends.setLocal(local);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        link().run(socket -> socket.listen(backlog));
    }

    @Override
    protected void accept(SocketImpl target) throws IOException {
        GreenSocketImpl to = (GreenSocketImpl) target;
        NonBlockingSocket ready = to.taken;
        to.taken = null;
        to.accepted(ready != null ? ready : link().accept(timeoutNanos), unix);
    }

    private void accepted(NonBlockingSocket socket, @Nullable UnixEnds listener)
            throws IOException {
        try {
            if (listener != null) {
                acceptedUnix((UnixSocket) socket, listener);
                return;
            }
            InetSocketAddress remote = socket.remoteAddress();
            if (remote != null) {
                address = remote.getAddress();
                port = remote.getPort();
            }
            localport = socket.localAddress().getPort();
            adopt(socket);
            if (Flight.recordsAccepts()) {
                Flight.recordAccept(socket.localAddress(), remote);
            }
        } catch (IOException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    private void acceptedUnix(UnixSocket socket, UnixEnds listener) throws IOException {
        UnixEnds ends = new UnixEnds();
        ends.setLocal(listener.local());
        ends.setRemote(UnixAddresses.of(socket.remoteName()));
        unix = ends;
        address = UnixEnds.STAND_IN.getAddress();
        adopt(socket);
        if (Flight.recordsAccepts()) {
            Flight.recordAccept(ends.local(), ends.remote());
        }
    }

    @Override
    protected InputStream getInputStream() {
        return new SocketInput(this);
    }

    @Override
    protected OutputStream getOutputStream() {
        return new SocketOutput(this);
    }

    @Override
    protected int available() throws IOException {
        return link().available();
    }

    @Override
    protected void close() throws IOException {
        StreamLink there = link;
        if (there != null) {
            try {
                there.descriptor().close();
            } finally {
                if (cleaner != null) {
                    cleaner.clean();
                }
            }
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        link().shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        link().run(NonBlockingSocket::shutdownOutput);
    }

    @Override
    protected boolean supportsUrgentData() {
        return unix == null;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        link().run(
                        socket -> {
                            if (port == 0) {
                                throw new SocketException("Not connected");
                            }
                            socket.sendUrgent(data);
                        });
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    void setTimeoutNanos(long nanos) {
        timeoutNanos = nanos;
    }

    @Override
    public void setOption(int id, Object value) throws SocketException {
        if (id == SO_TIMEOUT) {
            timeoutNanos = SocketOptionIds.timeoutNanos(value);
            return;
        }
        if (unix != null && SocketOptionIds.isMetByUnix(id)) {
            return;
        }
        try {
            SocketOptionIds.set(this, id, value);
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw asSocketException(e);
        } catch (UnsupportedOperationException e) {
            throw notOfUnix(e);
        }
    }

    @Override
    public Object getOption(int id) throws SocketException {
        if (id == SO_TIMEOUT) {
            return SocketOptionIds.timeoutMillis(timeoutNanos);
        }
        if (unix != null && SocketOptionIds.isMetByUnix(id)) {
            return SocketOptionIds.ofUnix(id);
        }
        try {
            return id == SO_BINDADDR ? localAddress() : SocketOptionIds.get(this, id);
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw asSocketException(e);
        } catch (UnsupportedOperationException e) {
            throw notOfUnix(e);
        }
    }

    /* What the methods of Socket may throw; setOption(SocketOption, T) throws the other. */
    private SocketException notOfUnix(UnsupportedOperationException e) {
        if (unix == null) {
            throw e;
        }
        SocketException s = new SocketException(e.getMessage() + " by Unix sockets");
        s.initCause(e);
        return s;
    }

    private static SocketException asSocketException(Exception e) {
        SocketException s = new SocketException(e.getMessage());
        s.initCause(e);
        return s;
    }

    private InetAddress localAddress() throws IOException {
        return unix != null
                ? UnixEnds.STAND_IN.getAddress()
                : link().call(socket -> socket.localAddress().getAddress());
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        link().run(socket -> socket.setOption(name, value));
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        return link().call(socket -> socket.getOption(name));
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        StreamLink there = link;
        if (there == null) {
            return Set.of();
        }
        Set<SocketOption<?>> options = new HashSet<>(there.socket().supportedOptions(listening));
        // has a method of its own and is no option of the public API
        options.removeIf(option -> option.name().equals(SocketExtras.OOB_INLINE.name()));
        return Collections.unmodifiableSet(options);
    }
}
