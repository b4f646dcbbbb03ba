package evy.io;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.internal.poll.Backend;
import evy.internal.poll.NonBlockingSocket;
import evy.internal.poll.UnixSocket;
import evy.internal.util.Cleaners;

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
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
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
    /* Results of the system call that are less than what was asked for only if nothing is left. */
    private static final int LARGEST_READ = 128 * 1024;

    /* The system does not tell when a full backlog of a Unix socket has room again. */
    private static final long BACKLOG_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    // reader only: the last read got all it asked for
    private boolean streaming;

    private final boolean listening;

    // set once by create() or accept()
    private volatile @Nullable Connection connection;
    private Cleaner.@Nullable Cleanable cleaner;

    private volatile long timeoutNanos = SocketTimeouts.defaultNanos();
    private volatile boolean atEnd;
    private @Nullable SocketAddress connecting;

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
            if (connection != null) {
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
    }

    /** The addresses of a Unix socket; null if it is none. */
    @Nullable UnixEnds unixEnds() {
        return unix;
    }

    /** The system's socket and the hub's view of it. */
    private record Connection(NonBlockingSocket socket, Descriptor descriptor) {
        static Connection of(NonBlockingSocket socket) {
            SelectableChannel channel = socket.channel();
            return new Connection(
                    socket,
                    channel == null
                            ? Descriptor.of(socket.fd(), socket::close)
                            : Descriptor.of(channel, socket::close));
        }

        void closeQuietly() {
            try {
                descriptor.close();
            } catch (IOException e) {
                System.getLogger("evy.io").log(System.Logger.Level.DEBUG, descriptor.toString(), e);
            }
        }
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
        Connection made = Connection.of(socket);
        connection = made;
        cleaner = Cleaners.register(this, made::closeQuietly);
    }

    private Connection open() throws SocketException {
        Connection c = connection;
        if (c == null) {
            throw new SocketException("Socket is not connected");
        }
        return c;
    }

    /** The descriptor, once there is one. */
    Descriptor descriptor() throws SocketException {
        return open().descriptor;
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
            connect(open(), target, new Deadline("Connect", limit));
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

    private void connect(Connection c, SocketAddress target, Deadline deadline) throws IOException {
        if (connecting == null) {
            if (begin(c, target)) {
                connected(c, target);
                return;
            }
            connecting = target;
        } else if (!connecting.equals(target)) {
            throw new SocketException("connecting to " + connecting + " already, not to " + target);
        }
        while (!finish(c)) {
            if (unix != null) {
                pauseForBacklog(deadline.left());
            } else if (!awaitWritable(c, deadline.left())) {
                throw deadline.timedOut();
            }
        }
        connecting = null;
        connected(c, target);
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

    private static boolean begin(Connection c, SocketAddress target) throws IOException {
        c.descriptor.enter();
        try {
            return c.socket instanceof UnixSocket socket
                    ? socket.connect(UnixAddresses.toBytes(target))
                    : c.socket.connect((InetSocketAddress) target);
        } finally {
            c.descriptor.exit();
        }
    }

    private static boolean finish(Connection c) throws IOException {
        c.descriptor.enter();
        try {
            return c.socket.finishConnect();
        } finally {
            c.descriptor.exit();
        }
    }

    private void connected(Connection c, SocketAddress to) throws IOException {
        c.descriptor.enter();
        try {
            if (!(to instanceof InetSocketAddress target)) {
                nameEnds((UnixSocket) c.socket, to);
                return;
            }
            InetSocketAddress remote = c.socket.remoteAddress();
            address = remote == null ? target.getAddress() : remote.getAddress();
            port = target.getPort();
            localport = c.socket.localAddress().getPort();
        } finally {
            c.descriptor.exit();
        }
    }

    private void nameEnds(UnixSocket socket, SocketAddress remote) throws IOException {
        UnixEnds ends = Objects.requireNonNull(unix);
        ends.setLocal(UnixAddresses.of(socket.localName()));
        ends.setRemote(remote);
        address = UnixEnds.STAND_IN.getAddress();
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        Connection c = open();
        c.descriptor.enter();
        try {
            if (unix != null) {
                bind((UnixSocket) c.socket, unix);
                address = host;
                return;
            }
            c.socket.bind(host, port);
            address = host;
            localport = c.socket.localAddress().getPort();
        } finally {
            c.descriptor.exit();
        }
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
        Connection c = open();
        c.descriptor.enter();
        try {
            c.socket.listen(backlog);
        } finally {
            c.descriptor.exit();
        }
    }

    @Override
    protected void accept(SocketImpl target) throws IOException {
        Greenlet.checkRaised();
        Connection c = open();
        Deadline deadline = new Deadline("Accept", timeoutNanos);
        NonBlockingSocket accepted = tryAccept(c);
        while (accepted == null) {
            if (!awaitReadable(c, deadline.left())) {
                throw deadline.timedOut();
            }
            accepted = tryAccept(c);
        }
        ((GreenSocketImpl) target).accepted(accepted, unix);
    }

    private static @Nullable NonBlockingSocket tryAccept(Connection c) throws IOException {
        c.descriptor.enter();
        try {
            return c.socket.accept();
        } finally {
            c.descriptor.exit();
        }
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
    }

    /**
     * Reads what is there, waiting for at least one byte.
     *
     * @return bytes read, or -1 at the end
     */
    int read(byte[] buffer, int offset, int length, boolean peek) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        Greenlet.checkRaised();
        Connection c = open();
        if (length == 0 || atEnd) {
            return length == 0 ? 0 : NonBlockingSocket.EOF;
        }
        int n = tryRead(c, buffer, offset, length, peek);
        if (n == NonBlockingSocket.WOULD_BLOCK) {
            Deadline deadline = new Deadline("Read", timeoutNanos);
            do {
                if (!awaitReadable(c, deadline.left())) {
                    throw deadline.timedOut();
                }
                n = tryRead(c, buffer, offset, length, peek);
            } while (n == NonBlockingSocket.WOULD_BLOCK);
        }
        return n;
    }

    private int tryRead(Connection c, byte[] buffer, int offset, int length, boolean peek)
            throws IOException {
        Descriptor descriptor = c.descriptor;
        descriptor.enter();
        try {
            if (!descriptor.mayRead() && timeoutNanos != SocketTimeouts.NON_BLOCKING) {
                return NonBlockingSocket.WOULD_BLOCK;
            }
            int n = c.socket.read(buffer, offset, length, peek);
            if (n == NonBlockingSocket.EOF) {
                atEnd = true;
            } else if (n >= Math.min(length, LARGEST_READ)) {
                streaming = true;
            } else if (streaming && n > 0) {
                streaming = false; // the sender went on meanwhile, most likely: one more try
            } else if (!peek) {
                streaming = false;
                descriptor.drained();
            }
            return n;
        } finally {
            descriptor.exit();
        }
    }

    /** Reads into a buffer; otherwise as the other. */
    int read(ByteBuffer buffer) throws IOException {
        Greenlet.checkRaised();
        Connection c = open();
        if (!buffer.hasRemaining() || atEnd) {
            return buffer.hasRemaining() ? NonBlockingSocket.EOF : 0;
        }
        Deadline deadline = new Deadline("Read", timeoutNanos);
        int n = tryRead(c, buffer);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            if (!awaitReadable(c, deadline.left())) {
                throw deadline.timedOut();
            }
            n = tryRead(c, buffer);
        }
        return n;
    }

    private int tryRead(Connection c, ByteBuffer buffer) throws IOException {
        c.descriptor.enter();
        try {
            int n = c.socket.read(buffer);
            if (n == NonBlockingSocket.EOF) {
                atEnd = true;
            }
            return n;
        } finally {
            c.descriptor.exit();
        }
    }

    /**
     * Writes some bytes, waiting until at least one is taken.
     *
     * @return bytes written, 0 only if {@code length} is 0
     */
    int write(byte[] buffer, int offset, int length, Deadline deadline) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        Connection c = open();
        if (length == 0) {
            return 0;
        }
        int n = tryWrite(c, buffer, offset, length);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            if (!awaitWritable(c, deadline.left())) {
                throw deadline.timedOut();
            }
            n = tryWrite(c, buffer, offset, length);
        }
        return n;
    }

    private static int tryWrite(Connection c, byte[] buffer, int offset, int length)
            throws IOException {
        c.descriptor.enter();
        try {
            return c.socket.write(buffer, offset, length);
        } finally {
            c.descriptor.exit();
        }
    }

    /** Writes some bytes from a buffer; otherwise as the other. */
    int write(ByteBuffer buffer, Deadline deadline) throws IOException {
        Connection c = open();
        if (!buffer.hasRemaining()) {
            return 0;
        }
        int n = tryWrite(c, buffer);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            if (!awaitWritable(c, deadline.left())) {
                throw deadline.timedOut();
            }
            n = tryWrite(c, buffer);
        }
        return n;
    }

    private static int tryWrite(Connection c, ByteBuffer buffer) throws IOException {
        c.descriptor.enter();
        try {
            return c.socket.write(buffer);
        } finally {
            c.descriptor.exit();
        }
    }

    /** Writes all of it. */
    void writeAll(byte[] buffer, int offset, int length, Deadline deadline) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        Greenlet.checkRaised();
        int done = 0;
        while (done < length) {
            done += write(buffer, offset + done, length - done, deadline);
        }
    }

    private static boolean awaitReadable(Connection c, long nanos) throws IOException {
        try {
            return c.descriptor.awaitReadable(nanos);
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    private static boolean awaitWritable(Connection c, long nanos) throws IOException {
        try {
            return c.descriptor.awaitWritable(nanos);
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
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
        Connection c = open();
        if (atEnd) {
            return 0;
        }
        c.descriptor.enter();
        try {
            return c.socket.available();
        } finally {
            c.descriptor.exit();
        }
    }

    @Override
    protected void close() throws IOException {
        Connection c = connection;
        if (c != null) {
            try {
                c.descriptor.close();
            } finally {
                if (cleaner != null) {
                    cleaner.clean();
                }
            }
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        Connection c = open();
        c.descriptor.enter();
        try {
            c.socket.shutdownInput();
            atEnd = true;
        } finally {
            c.descriptor.exit();
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        Connection c = open();
        c.descriptor.enter();
        try {
            c.socket.shutdownOutput();
        } finally {
            c.descriptor.exit();
        }
    }

    @Override
    protected boolean supportsUrgentData() {
        return unix == null;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        Connection c = open();
        if (port == 0) {
            throw new SocketException("Not connected");
        }
        c.descriptor.enter();
        try {
            c.socket.sendUrgent(data);
        } finally {
            c.descriptor.exit();
        }
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
        if (unix != null) {
            return UnixEnds.STAND_IN.getAddress();
        }
        Connection c = open();
        c.descriptor.enter();
        try {
            return c.socket.localAddress().getAddress();
        } finally {
            c.descriptor.exit();
        }
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        Connection c = open();
        c.descriptor.enter();
        try {
            c.socket.setOption(name, value);
        } finally {
            c.descriptor.exit();
        }
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        Connection c = open();
        c.descriptor.enter();
        try {
            return c.socket.getOption(name);
        } finally {
            c.descriptor.exit();
        }
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        Connection c = connection;
        return c == null ? Set.of() : c.socket.supportedOptions(listening);
    }
}
