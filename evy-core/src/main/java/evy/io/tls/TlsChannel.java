package evy.io.tls;

import evy.hubs.Hub;
import evy.hubs.Timer;
import evy.sync.Semaphore;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * A TLS connection: moves records between an {@link SSLEngine} and a {@link Transport}.
 *
 * <p>A wait that ends early, by a timeout or a kill, leaves what came and what is still to go in
 * the buffers: the next call goes on from there.
 */
/*
 * Who owns what:
 *
 *   before `negotiated`   everything: who holds `handshaking`
 *   afterwards            incoming, plain: who holds `reading`
 *                         outgoing: who holds `writing`
 *
 * A reader may find that the engine wants to answer (a key update). It never waits to write, or two
 * ends that both send would wait for each other: if somebody is writing, he is left a note, and
 * otherwise what the socket does not take now goes before the next write.
 *
 * Closing takes none of the locks if somebody else holds them: it closes the socket below, and they
 * find out.
 */
final class TlsChannel {
    private static final System.Logger LOG = System.getLogger("evy.io.tls");

    private final SSLEngine engine;
    private final Transport transport;
    private final TlsOptions options;

    private final Semaphore handshaking = new Semaphore();
    private final Semaphore reading = new Semaphore();
    private final Semaphore writing = new Semaphore();

    // any thread
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean negotiated;
    private volatile boolean inputEnded;
    private volatile boolean inputShutdown;
    private volatile boolean outputEnded;
    private volatile boolean answerWanted;
    private volatile @Nullable SSLException failure;

    // guarded by handshaking
    private final Handshake handshake;

    // guarded by reading; plain is ready to be read from
    private final Incoming incoming;
    private ByteBuffer plain = Buffers.NONE;

    // guarded by writing
    private final Outgoing outgoing;

    TlsChannel(SSLEngine engine, Transport transport, TlsOptions options) {
        this.engine = engine;
        this.transport = transport;
        this.options = options;
        this.incoming = new Incoming(engine, transport);
        this.outgoing = new Outgoing(engine, transport);
        this.handshake =
                new Handshake(
                        engine, incoming, outgoing, options.tasksOffHub(), this::endHandshake);
    }

    SSLEngine engine() {
        return engine;
    }

    boolean isClosed() {
        return closed.get();
    }

    boolean isInputShutdown() {
        return inputShutdown;
    }

    boolean isOutputEnded() {
        return outputEnded;
    }

    // handshake

    /**
     * Shakes hands unless that is done.
     *
     * @return true if it was this call that finished it
     */
    boolean handshake(Limit limit) throws IOException {
        if (negotiated) {
            return false;
        }
        Limit both = limit.sooner("TLS handshake", options.handshakeTimeoutNanos());
        both.acquire(handshaking);
        try {
            if (negotiated) {
                return false;
            }
            checkUsable();
            handshake.run(both);
            negotiated = true;
            return true;
        } catch (Handshake.Torn e) {
            failed(e);
            throw e.by();
        } catch (SSLException e) {
            checkUsable();
            throw failed(e);
        } finally {
            handshake.end();
        }
    }

    boolean isHandshakeDone() {
        return negotiated;
    }

    private void endHandshake() {
        if (closed.get() && !negotiated) {
            incoming.forget();
            outgoing.forget();
        }
        handshaking.release();
    }

    // reading

    /**
     * Reads what is there, waiting for at least one byte.
     *
     * @return how many bytes, -1 at the end
     */
    int read(ByteBuffer target, Limit limit) throws IOException {
        limit.acquire(reading);
        try {
            checkUsable();
            if (inputShutdown) {
                return Transport.EOF;
            }
            while (!plain.hasRemaining()) {
                if (inputEnded) {
                    return Transport.EOF;
                }
                int n = readRecord(target, limit);
                if (n > 0) {
                    return n;
                }
            }
            return takePlain(target);
        } catch (SSLException e) {
            throw failed(e);
        } finally {
            endReading();
        }
    }

    /**
     * Waits until something has come that a read could go on with. No buffer is held while nothing
     * has. The end of the stream is left for the read to judge.
     */
    void awaitReadable(Limit limit) throws IOException {
        limit.acquire(reading);
        try {
            checkUsable();
            boolean there = plain.hasRemaining() || !incoming.isEmpty();
            if (!there && !inputEnded && !inputShutdown) {
                incoming.fill(limit);
            }
        } catch (SSLException e) {
            throw failed(e);
        } finally {
            endReading();
        }
    }

    private void endReading() {
        if (closed.get()) {
            forgetInput();
        }
        reading.release();
    }

    private int takePlain(ByteBuffer target) {
        int n = Math.min(plain.remaining(), target.remaining());
        target.put(target.position(), plain, plain.position(), n);
        target.position(target.position() + n);
        plain.position(plain.position() + n);
        if (!plain.hasRemaining()) {
            plain = Buffers.give(plain);
        }
        return n;
    }

    /* Gets a record nearer: some of it into the target, or all into plain, or more ciphertext. */
    private int readRecord(ByteBuffer target, Limit limit) throws IOException {
        if (incoming.isEmpty()) {
            fillOrEnd(limit);
            return 0;
        }
        int before = target.position();
        SSLEngineResult result = incoming.decrypt(target);
        switch (result.getStatus()) {
            case OK -> afterRecord(result.getHandshakeStatus());
            case BUFFER_OVERFLOW -> {
                // which it says of a record that has not come wholly, too
                if (!decryptAside()) {
                    fillOrEnd(limit);
                }
            }
            case BUFFER_UNDERFLOW -> fillOrEnd(limit);
            case CLOSED -> endInput();
        }
        return target.position() - before;
    }

    private boolean decryptAside() throws IOException {
        ByteBuffer aside = Buffers.take().clear();
        try {
            SSLEngineResult result = incoming.decrypt(aside);
            if (result.getStatus() == Status.OK) {
                afterRecord(result.getHandshakeStatus());
            } else if (result.getStatus() == Status.CLOSED) {
                endInput();
            }
            return result.getStatus() != Status.BUFFER_UNDERFLOW;
        } finally {
            aside.flip();
            plain = aside.hasRemaining() ? aside : Buffers.give(aside);
        }
    }

    private void afterRecord(HandshakeStatus status) throws IOException {
        if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
            return;
        }
        if (!isTls13() && !outputEnded) {
            throw new SSLHandshakeException("the peer wants to renegotiate, which is refused");
        }
        answer();
    }

    private boolean isTls13() {
        return engine.getSession().getProtocol().equals("TLSv1.3");
    }

    private void endInput() throws IOException {
        inputEnded = true;
        if (engine.isOutboundDone() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            outputEnded = true; // as TLS 1.2 has it, both ways end together
            answer();
        }
    }

    private void fillOrEnd(Limit limit) throws IOException {
        if (incoming.fill(limit)) {
            return;
        }
        checkUsable();
        if (!incoming.isEmpty()) {
            throw ended(new SSLException("the connection ended in the middle of a record"));
        }
        if (!options.suppressRaggedEofs()) {
            throw ended(
                    new SSLException(
                            "the connection ended without a close_notify: data may be missing"));
        }
        inputEnded = true;
    }

    static SSLException ended(SSLException e) {
        e.initCause(new EOFException("end of the stream below TLS"));
        return e;
    }

    /** {@return how many bytes a read would give at once} */
    int available() {
        if (!reading.tryAcquire()) {
            return 0;
        }
        try {
            return plain.remaining();
        } finally {
            reading.release();
        }
    }

    // writing

    /** Writes all of the data. */
    void write(ByteBuffer data, Limit limit) throws IOException {
        int start = data.position();
        limit.acquire(writing);
        try {
            checkWritable();
            outgoing.flush(limit);
            while (data.hasRemaining()) {
                encryptSome(data);
                outgoing.flush(limit);
            }
        } catch (SSLException e) {
            throw failed(e);
        } catch (SocketTimeoutException e) {
            e.bytesTransferred = data.position() - start;
            throw e;
        } finally {
            endWriting();
        }
    }

    /**
     * Writes some of the data, waiting until at least one byte is taken. What is taken will go, if
     * not now then before what is written next.
     */
    void writeSome(ByteBuffer data, Limit limit) throws IOException {
        limit.acquire(writing);
        try {
            checkWritable();
            outgoing.flush(limit);
            encryptSome(data);
            flushIfInTime(limit);
        } catch (SSLException e) {
            throw failed(e);
        } finally {
            endWriting();
        }
    }

    private void flushIfInTime(Limit limit) throws IOException {
        try {
            outgoing.flush(limit);
        } catch (SocketTimeoutException e) {
            // it counts as written
        }
    }

    /** Sends what earlier writes have left. */
    void flushOutput(Limit limit) throws IOException {
        limit.acquire(writing);
        try {
            checkUsable();
            if (negotiated) {
                outgoing.flush(limit);
            }
        } finally {
            endWriting();
        }
    }

    private void checkWritable() throws SocketException, SSLException {
        checkUsable();
        if (outputEnded) {
            throw new SocketException(
                    inputEnded
                            ? "the TLS connection was closed by the peer"
                            : "Socket output is shutdown");
        }
    }

    private void encryptSome(ByteBuffer data) throws IOException {
        int before = data.remaining();
        outgoing.encrypt(data);
        if (data.remaining() == before && outgoing.isEmpty()) {
            outputEnded = true;
            checkWritable();
        }
    }

    private void endWriting() {
        if (closed.get()) {
            outgoing.forget();
        }
        writing.release();
        if (answerWanted) {
            answerQuietly();
        }
    }

    /* By the reader: sends what the engine wants to say, or leaves it to who is writing. */
    private void answer() throws IOException {
        answerWanted = true;
        while (answerWanted && writing.tryAcquire()) {
            try {
                answerWanted = false;
                outgoing.encrypt();
                outgoing.flushNow();
            } finally {
                writing.release();
            }
        }
    }

    private void answerQuietly() {
        try {
            answer();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "not answered", e); // the reader meets it, too
        }
    }

    // the end

    /** Says that no more will come; the other way stays open if the protocol has that. */
    void endOutput(Limit limit) throws IOException {
        handshake(limit);
        limit.acquire(writing);
        try {
            checkUsable();
            sayGoodbye(limit);
        } catch (SSLException e) {
            throw failed(e);
        } finally {
            endWriting();
        }
    }

    /** From now on there is nothing to read. */
    void shutdownInput() {
        inputShutdown = true;
    }

    private void sayGoodbye(Limit limit) throws IOException {
        outputEnded = true;
        engine.closeOutbound();
        outgoing.flush(limit);
        while (!engine.isOutboundDone()) {
            outgoing.encrypt();
            if (outgoing.isEmpty()) {
                return;
            }
            outgoing.flush(limit);
        }
    }

    /**
     * Ends TLS on both ways and keeps the connection: says goodbye and waits for the peer's.
     *
     * @return the socket below
     * @throws SSLException if there is data that has not been read, which goes on being readable
     */
    Socket unwrap(Limit limit) throws IOException {
        endOutput(limit);
        limit.acquire(reading);
        try {
            checkUsable();
            while (!inputEnded) {
                checkNothingUnread();
                readLast(limit);
            }
            checkNothingUnread();
            closed.set(true);
            return transport.detach();
        } catch (SSLException e) {
            throw plain.hasRemaining() ? e : failed(e);
        } finally {
            reading.release();
        }
    }

    private void checkNothingUnread() throws SSLException {
        if (plain.hasRemaining()) {
            throw new SSLException(
                    "cannot unwrap: "
                            + plain.remaining()
                            + " bytes or more have not been read; read to the end first");
        }
        if (inputEnded && !incoming.isEmpty()) {
            throw new SSLException(
                    "cannot unwrap: the peer sent "
                            + incoming.remaining()
                            + " bytes that are not TLS before it was told that TLS is over");
        }
    }

    private void readLast(Limit limit) throws IOException {
        if (!incoming.fillExactly(limit)) {
            checkUsable();
            throw ended(new SSLException("the connection ended without a close_notify"));
        }
        decryptAside();
    }

    /**
     * Closes the connection. If nobody is writing, says goodbye first, waiting for a peer that does
     * not read no longer than {@link TlsOptions#withCloseTimeout} says.
     *
     * @param below whether the socket below is closed, too
     */
    void close(boolean below) throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (maySayGoodbye() && writing.tryAcquire()) {
                closeOutput();
            }
        } finally {
            if (below) {
                transport.close();
            } else {
                transport.detach();
            }
            forgetInputIfIdle();
        }
    }

    private boolean maySayGoodbye() {
        boolean inCallback = Hub.currentOrNull() != null && !Thread.currentThread().isVirtual();
        return negotiated && failure == null && !inCallback;
    }

    private void closeOutput() {
        try {
            parting();
            if (reading.tryAcquire()) {
                try {
                    transport.discardInput();
                } finally {
                    reading.release();
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed without a close_notify", e);
        } finally {
            outgoing.forget();
            writing.release();
        }
    }

    private void parting() throws IOException {
        Timer guard = transport.waitsInWrite() ? guard() : null;
        try {
            partWithin(new Limit("Close", options.closeTimeoutNanos()));
        } finally {
            if (guard != null) {
                guard.cancel();
            }
        }
    }

    private Timer guard() {
        Duration timeout = Duration.ofNanos(options.closeTimeoutNanos());
        return Hub.current().schedule(timeout, this::closeBelow);
    }

    private void closeBelow() {
        try {
            transport.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed without a close_notify", e);
        }
    }

    private void partWithin(Limit limit) throws IOException {
        outputEnded = true;
        engine.closeOutbound();
        outgoing.encrypt(); // unless there is no room, then below
        if (!outgoing.flushNow()) {
            transport.wakeReader(); // need not wait for the peer
            sayGoodbye(limit);
        }
    }

    private void forgetInputIfIdle() {
        Semaphore owner = negotiated ? reading : handshaking;
        if (owner.tryAcquire()) {
            forgetInput();
            owner.release();
        }
    }

    private void forgetInput() {
        incoming.forget();
        plain = Buffers.give(plain);
    }

    /* Tells the peer, if that can be done at once, and closes. */
    private SSLException failed(SSLException e) throws IOException {
        if (failure != null || closed.get()) {
            return e;
        }
        failure = e;
        if (negotiated ? writing.tryAcquire() : true) {
            try {
                engine.closeOutbound();
                outgoing.encrypt();
                outgoing.flushNow();
                transport.discardInput();
            } catch (IOException alert) {
                e.addSuppressed(alert);
            } finally {
                if (negotiated) {
                    writing.release();
                }
            }
        }
        closed.set(true);
        transport.close();
        return e;
    }

    private void checkUsable() throws SocketException, SSLException {
        SSLException broken = failure;
        if (broken != null) {
            throw new SSLException("the TLS connection has failed: " + broken.getMessage(), broken);
        }
        if (closed.get()) {
            throw new SocketException("Socket closed");
        }
    }
}
