package evy.io.tls;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.io.GreenSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * A TLS socket whose waits are green: an {@link javax.net.ssl.SSLSocket}, and the words of {@link
 * GreenSocket} beside. Made by {@link Tls}.
 *
 * <p>The first call that reads or writes shakes hands, in the green thread that makes it; {@link
 * #startHandshake} does just that. One green thread may read while another writes; several that
 * read, or write, take turns call by call. Closing wakes all who wait.
 *
 * <p>The timeout holds for each call that reads, writes or shakes hands, and ends it by a {@link
 * SocketTimeoutException}. After that, or a kill, in the middle of a record, the next call goes on
 * where this one stopped; what a write had taken by then, {@link
 * SocketTimeoutException#bytesTransferred} of it, goes before anything else is written. If that
 * cannot be had, as when a kill hits a check of certificates that waits for something, the socket
 * is closed and later calls say why.
 *
 * <p>After a close by the peer, reads give the end of the stream. One without TLS's goodbye does,
 * too, unless {@link TlsOptions#withSuppressRaggedEofs} says otherwise; one in the middle of a
 * record is an {@link javax.net.ssl.SSLException}. Renegotiation is refused.
 *
 * @thread any; fastest on the hub it was made on, any other thread simply blocks
 * @source eventlet {@code green.ssl.GreenSSLSocket}
 */
public final class GreenTlsSocket extends SocketView {
    private final TlsOptions options;
    private final boolean closesBelow;
    private final List<HandshakeCompletedListener> listeners = new CopyOnWriteArrayList<>();
    private final InputStream input = new TlsInput(this);
    private final OutputStream output = new TlsOutput(this);

    // replaced by connect
    private volatile SSLEngine engine;
    // set once, when connected
    private volatile @Nullable TlsChannel channel;

    private volatile @Nullable BiFunction<SSLSocket, List<String>, String> selector;
    private volatile long timeoutNanos;
    private volatile boolean unwrapped;

    GreenTlsSocket(Socket below, TlsOptions options, String host, boolean closesBelow)
            throws IOException {
        super(below);
        this.options = options;
        this.closesBelow = closesBelow;
        this.timeoutNanos = timeoutOf(below);
        this.engine = options.engine(host, below.getPort());
        if (below.isConnected()) {
            this.channel = open(engine);
        }
    }

    private static long timeoutOf(Socket below) throws SocketException {
        if (below instanceof GreenSocket green) {
            Duration timeout = green.timeout();
            return timeout == null || timeout.isZero()
                    ? Waiter.FOREVER
                    : Hub.saturatedNanos(timeout);
        }
        int millis = below.getSoTimeout();
        return millis == 0 ? Waiter.FOREVER : TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private TlsChannel open(SSLEngine with) throws IOException {
        Transport transport =
                below instanceof GreenSocket green
                        ? new GreenTransport(green)
                        : new StreamTransport(below);
        return new TlsChannel(with, transport, options);
    }

    private TlsChannel channel() throws SocketException {
        TlsChannel c = channel;
        if (c == null) {
            throw new SocketException(
                    below.isClosed() ? "Socket is closed" : "Socket is not connected");
        }
        if (c.isClosed() && unwrapped) {
            throw new SocketException("Socket is closed: TLS was unwrapped from " + below);
        }
        return c;
    }

    // connecting

    /**
     * Connects the socket below, and shakes hands unless {@link TlsOptions#withHandshakeOnConnect}
     * says otherwise.
     *
     * @checkpoint always
     */
    @Override
    public void connect(SocketAddress remote) throws IOException {
        connect(remote, 0);
    }

    /**
     * Connects the socket below, and shakes hands unless {@link TlsOptions#withHandshakeOnConnect}
     * says otherwise.
     *
     * @checkpoint always
     * @throws SocketException if it is connected already
     */
    @Override
    public void connect(SocketAddress remote, int timeout) throws IOException {
        if (channel != null) {
            throw new SocketException("Already connected: " + this);
        }
        Limit limit = limit("Connect");
        int millis = timeout == 0 ? limit.leftMillis() : timeout;
        below.connect(remote, millis);
        boolean usable = false;
        try {
            if (remote instanceof InetSocketAddress inet) {
                engine = options.engineLike(engine, inet.getHostString(), inet.getPort());
                BiFunction<SSLSocket, List<String>, String> chooser = selector;
                if (chooser != null) {
                    setHandshakeApplicationProtocolSelector(chooser);
                }
            }
            channel = open(engine);
            if (options.handshakeOnConnect()) {
                startHandshake();
            }
            usable = true;
        } finally {
            if (!usable) {
                close();
            }
        }
    }

    /**
     * Shakes hands if that has not been done. Never a second time: TLS 1.3 has no renegotiation,
     * and that of TLS 1.2 is refused.
     *
     * @checkpoint always
     * @throws javax.net.ssl.SSLException if there is no agreement, or the peer is not trusted; the
     *     socket is closed
     * @throws SocketTimeoutException if the timeout or {@link TlsOptions#withHandshakeTimeout}
     *     passes; a further call goes on
     */
    @Override
    public void startHandshake() throws IOException {
        Greenlet.checkRaised();
        handshake(limit("TLS handshake"));
    }

    private TlsChannel handshake(Limit limit) throws IOException {
        TlsChannel c = channel();
        if (c.handshake(limit) && !listeners.isEmpty()) {
            HandshakeCompletedEvent event =
                    new HandshakeCompletedEvent(this, c.engine().getSession());
            for (HandshakeCompletedListener listener : listeners) {
                listener.handshakeCompleted(event);
            }
        }
        return c;
    }

    private Limit limit(String operation) {
        return new Limit(operation, timeoutNanos);
    }

    // reading and writing

    /** Reads as a stream does. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        return length == 0 ? 0 : recvInto(ByteBuffer.wrap(buffer, offset, length));
    }

    /**
     * Receives up to {@code size} bytes, waiting for at least one.
     *
     * @checkpoint always
     * @param size how many at most, at least 0
     * @return 1 to {@code size} bytes; none at the end of the stream
     * @throws IllegalArgumentException if {@code size} is negative
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; nothing is
     *     lost
     * @throws javax.net.ssl.SSLException if the connection is damaged or cut off
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public byte[] recv(int size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("size must be >= 0: " + size);
        }
        byte[] buffer = new byte[size];
        int n = Math.max(0, read(buffer, 0, size));
        return n == size ? buffer : Arrays.copyOf(buffer, n);
    }

    /**
     * Receives into an array, waiting for at least one byte.
     *
     * @checkpoint always
     * @param buffer gets the bytes
     * @param offset where the first goes
     * @param length how many at most; 0 for as many as there is room
     * @return bytes received, 0 at the end of the stream
     * @throws IOException as {@link #recv}
     */
    public int recvInto(byte[] buffer, int offset, int length) throws IOException {
        int most = length == 0 ? buffer.length - offset : length;
        return Math.max(0, read(buffer, offset, most));
    }

    /**
     * Receives into a buffer, waiting for at least one byte.
     *
     * @checkpoint always
     * @param buffer heap or direct, writable; its position advances by the result
     * @return bytes received, -1 at the end of the stream
     * @throws IOException as {@link #recv}
     */
    public int recvInto(ByteBuffer buffer) throws IOException {
        Greenlet.checkRaised();
        if (!buffer.hasRemaining()) {
            return 0;
        }
        Limit limit = limit("Read");
        return handshake(limit).read(buffer, limit);
    }

    /**
     * Waits until something has come, or the end, and leaves it there; a connection that waits so
     * holds no buffer. Shakes hands first if that has not been done. The {@linkplain #setTimeout
     * timeout} does not count here.
     *
     * @checkpoint always
     * @param timeout longest wait in all, positive; null for no limit
     * @return false if the time was over first, or that for shaking hands. True means that it is
     *     time to receive, which may still have to wait: for the rest of a record, or because what
     *     came was no data but a matter of TLS
     * @throws IllegalArgumentException if {@code timeout} is zero or negative
     * @throws javax.net.ssl.SSLException if there is no agreement
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public boolean awaitReadable(@Nullable Duration timeout) throws IOException {
        Limit limit = new Limit("Read", nanos(timeout));
        Greenlet.checkRaised();
        try {
            handshake(limit).awaitReadable(limit);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /**
     * Sends some of the bytes, waiting until at least one is taken.
     *
     * @checkpoint always
     * @param data the bytes
     * @return how many were taken; 0 only if there are none
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; nothing was
     *     taken
     * @throws javax.net.ssl.SSLException if the connection is damaged
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public int send(byte[] data) throws IOException {
        return send(ByteBuffer.wrap(data));
    }

    /**
     * Sends some bytes of an array; otherwise as {@link #send(byte[])}.
     *
     * @checkpoint always
     * @param data holds the bytes
     * @param offset of the first
     * @param length how many
     * @return how many were taken
     * @throws IOException as {@link #send(byte[])}
     */
    public int send(byte[] data, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, data.length);
        return send(ByteBuffer.wrap(data, offset, length));
    }

    /**
     * Sends some bytes of a buffer; otherwise as {@link #send(byte[])}.
     *
     * @checkpoint always
     * @param data heap or direct; its position advances by the result
     * @return how many were taken
     * @throws IOException as {@link #send(byte[])}
     */
    public int send(ByteBuffer data) throws IOException {
        Greenlet.checkRaised();
        int start = data.position();
        if (data.hasRemaining()) {
            Limit limit = limit("Write");
            handshake(limit).writeSome(data, limit);
        }
        return data.position() - start;
    }

    /**
     * Sends all of the bytes. One time limit holds for the whole call.
     *
     * @checkpoint always
     * @param data the bytes
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; says how many
     *     were taken
     * @throws javax.net.ssl.SSLException if the connection is damaged
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public void sendAll(byte[] data) throws IOException {
        sendAll(ByteBuffer.wrap(data));
    }

    /**
     * Sends all of a buffer; otherwise as {@link #sendAll(byte[])}.
     *
     * @checkpoint always
     * @param data heap or direct; its position advances to its limit
     * @throws IOException as {@link #sendAll(byte[])}
     */
    public void sendAll(ByteBuffer data) throws IOException {
        Greenlet.checkRaised();
        if (data.hasRemaining()) {
            Limit limit = limit("Write");
            handshake(limit).write(data, limit);
        }
    }

    /** Sends what a write that was torn has left. */
    void flush() throws IOException {
        Greenlet.checkRaised();
        channel().flushOutput(limit("Write"));
    }

    /** {@return how many bytes could be read at once} */
    int available() throws IOException {
        return channel().available();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        ensureStreams(isInputShutdown(), "input");
        return input;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        ensureStreams(isOutputShutdown(), "output");
        return output;
    }

    private void ensureStreams(boolean shutdown, String which) throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isConnected()) {
            throw new SocketException("Socket is not connected");
        }
        if (shutdown) {
            throw new SocketException("Socket " + which + " is shutdown");
        }
    }

    // time limits

    /**
     * Sets how long shaking hands, connect, recv, send, sendAll and the streams may wait; one limit
     * for each call. {@link #setSoTimeout} sets the same in milliseconds.
     *
     * @param timeout positive; null for no limit
     * @throws IllegalArgumentException if {@code timeout} is zero or negative: TLS has no
     *     non-blocking mode
     */
    public void setTimeout(@Nullable Duration timeout) {
        timeoutNanos = nanos(timeout);
    }

    private static long nanos(@Nullable Duration timeout) {
        return timeout == null ? Waiter.FOREVER : TlsOptions.positiveNanos("timeout", timeout);
    }

    /** {@return how long a call may wait; null for no limit} */
    public @Nullable Duration timeout() {
        long nanos = timeoutNanos;
        return nanos == Waiter.FOREVER ? null : Duration.ofNanos(nanos);
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout can't be negative");
        }
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        timeoutNanos = timeout == 0 ? Waiter.FOREVER : TimeUnit.MILLISECONDS.toNanos(timeout);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        long nanos = timeoutNanos;
        if (nanos == Waiter.FOREVER) {
            return 0;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }

    // the end

    /**
     * Ends TLS and keeps the connection: tells the peer, waits until it says the same, and gives
     * the plain socket back. This one is of no use then.
     *
     * @checkpoint always
     * @return the socket that was wrapped, with the timeout it had
     * @throws javax.net.ssl.SSLException if there is data that has not been read: read to the end
     *     and call again; or the peer just closed the connection
     * @throws SocketTimeoutException if the timeout passes; a further call goes on
     */
    public Socket unwrap() throws IOException {
        Greenlet.checkRaised();
        Limit limit = limit("Unwrap");
        Socket plain = handshake(limit).unwrap(limit);
        unwrapped = true;
        return plain;
    }

    /**
     * Closes the connection; who waits for it gets a {@link SocketException} at once. Says goodbye
     * to the peer first, if the hands were shaken and nobody is in the middle of a write. If the
     * peer does not read, that takes no longer than {@link TlsOptions#withCloseTimeout} says. In a
     * hub's callback there is no goodbye.
     *
     * @checkpoint if the peer does not read
     */
    @Override
    public void close() throws IOException {
        TlsChannel c = channel;
        if (c != null) {
            c.close(closesBelow);
        } else if (closesBelow) {
            below.close();
        }
    }

    @Override
    public boolean isClosed() {
        TlsChannel c = channel;
        return c == null ? below.isClosed() : c.isClosed();
    }

    /** {@return true once hands were shaken} */
    public boolean isHandshakeDone() {
        TlsChannel c = channel;
        return c != null && c.isHandshakeDone();
    }

    /** Ends reading: from now on reads give the end of the stream. */
    @Override
    public void shutdownInput() throws IOException {
        ensureStreams(isInputShutdown(), "input");
        channel().shutdownInput();
    }

    /**
     * Says that no more will come. With TLS 1.3 the other way stays open; with TLS 1.2 the peer
     * closes it, too.
     *
     * @checkpoint always
     */
    @Override
    public void shutdownOutput() throws IOException {
        ensureStreams(isOutputShutdown(), "output");
        Limit limit = limit("Write");
        handshake(limit).endOutput(limit);
    }

    @Override
    public boolean isInputShutdown() {
        TlsChannel c = channel;
        return c != null && c.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        TlsChannel c = channel;
        return c != null && c.isOutputEnded();
    }

    // what was agreed on, and what is to be

    /**
     * The session; shakes hands if that has not been done.
     *
     * @checkpoint if the hands were not shaken
     * @return the session; an invalid one of the cipher suite {@code SSL_NULL_WITH_NULL_NULL} if
     *     there is no agreement
     */
    @Override
    public SSLSession getSession() {
        if (channel != null && !isClosed()) {
            try {
                startHandshake();
            } catch (IOException e) {
                System.getLogger("evy.io.tls").log(System.Logger.Level.DEBUG, "no session", e);
            }
        }
        return engine.getSession();
    }

    @Override
    @SuppressWarnings("NullAway") // so SSLSocket has it
    public SSLSession getHandshakeSession() {
        return engine.getHandshakeSession();
    }

    @Override
    @SuppressWarnings("NullAway") // so SSLSocket has it
    public String getApplicationProtocol() {
        return engine.getApplicationProtocol();
    }

    @Override
    @SuppressWarnings("NullAway") // so SSLSocket has it
    public String getHandshakeApplicationProtocol() {
        return engine.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(
            BiFunction<SSLSocket, List<String>, String> selector) {
        engine.setHandshakeApplicationProtocolSelector(
                (e, protocols) -> selector.apply(this, protocols));
        this.selector = selector;
    }

    @Override
    @SuppressWarnings("NullAway") // so SSLSocket has it
    public BiFunction<SSLSocket, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return selector;
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    /** Adds a listener; it runs in the thread that has shaken hands. */
    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        if (!listeners.remove(listener)) {
            throw new IllegalArgumentException("listener not registered: " + listener);
        }
    }

    @Override
    public void setUseClientMode(boolean mode) {
        engine.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        engine.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }

    @Override
    public String toString() {
        String end = engine.getUseClientMode() ? "client" : "server";
        return "GreenTlsSocket[" + end + ", " + below + "]";
    }
}
