package evy.io.tls;

import evy.hubs.Hub;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * The handshake of a connection: stretches of computing, one for each flight of messages, with I/O
 * between them. Whoever runs it may be torn from it anywhere; the next one goes on.
 */
/*
 * All that the engine does may be expensive, not only what it calls a task: the first flight of a
 * client makes keys, the last of a server derives them and seals tickets. So a whole stretch is done
 * in a native thread, or else in one turn on the hub.
 *
 * A caller that is torn from a stretch in a native thread leaves it running, and with it the lock of
 * the handshake, which the stretch gives back when it ends:
 *
 *   NEW     -> RUNNING     the native thread
 *   RUNNING -> DONE        the native thread; the caller has the lock
 *   NEW     -> DONE        the caller was torn; never runs
 *   RUNNING -> ABANDONED   the caller was torn; the native thread has the lock
 */
final class Handshake {
    private final SSLEngine engine;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final boolean offHub;
    private final Runnable release;

    // who shakes hands only
    private boolean begun;
    private @Nullable Stretch running;
    private @Nullable SSLException failure;

    /**
     * A handshake that has not begun.
     *
     * @param release gives back the lock under which this is used
     */
    Handshake(
            SSLEngine engine,
            Incoming incoming,
            Outgoing outgoing,
            boolean offHub,
            Runnable release) {
        this.engine = engine;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.offHub = offHub;
        this.release = release;
    }

    /** What comes after a stretch of computing. */
    private enum Next {
        SEND,
        RECEIVE,
        NOTHING
    }

    /**
     * Goes on with it to its end.
     *
     * @throws Torn if what tore it has left it in a state in which it cannot be gone on with
     */
    void run(Limit limit) throws IOException {
        outgoing.flush(limit); // what one who was torn has left
        Next next = compute(limit);
        while (next != Next.NOTHING) {
            outgoing.flush(limit);
            if (next == Next.RECEIVE && !incoming.fill(limit)) {
                throw TlsChannel.ended(
                        new SSLHandshakeException("the connection ended during the handshake"));
            }
            next = compute(limit);
        }
        outgoing.flush(limit);
    }

    /** Gives the lock back, or leaves that to the stretch from which the caller was torn. */
    void end() {
        Stretch stretch = running;
        if (stretch == null || !stretch.abandon()) {
            running = null;
            release.run();
        }
    }

    private Next compute(Limit limit) throws IOException {
        boolean green = Hub.currentOrNull() != null && Thread.currentThread().isVirtual();
        if (!green) {
            return computeHere();
        }
        try (Turns.Turn _ = Turns.take(offHub, limit, incoming::shrink)) {
            return offHub ? computeElsewhere() : computeHere();
        }
    }

    private Next computeElsewhere() throws IOException {
        Stretch stretch = new Stretch();
        running = stretch;
        Next next = Tpool.executeIo(stretch);
        running = null;
        return next;
    }

    private Next computeHere() throws IOException {
        try {
            return advance();
        } catch (Error e) {
            throw new Torn(e);
        }
    }

    /* As far as it goes without I/O. */
    private Next advance() throws SSLException {
        SSLException broken = failure;
        if (broken != null) {
            throw broken;
        }
        if (!begun) {
            begun = true;
            engine.beginHandshake();
        }
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    int before = outgoing.remaining();
                    outgoing.encrypt();
                    if (outgoing.remaining() == before) {
                        return Next.SEND; // there is no room
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!decrypt()) {
                        return Next.RECEIVE;
                    }
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    return Next.NOTHING;
                }
            }
        }
    }

    private void runTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    /* False if the next record has not come wholly. */
    private boolean decrypt() throws SSLException {
        if (incoming.isEmpty()) {
            return false;
        }
        ByteBuffer target = Buffers.take().clear();
        Status status;
        try {
            status = incoming.decrypt(target).getStatus();
        } finally {
            Buffers.give(target); // a peer has nothing to say before the handshake is over
        }
        if (status == Status.CLOSED) {
            throw new SSLHandshakeException("the peer closed the connection during the handshake");
        }
        return status != Status.BUFFER_UNDERFLOW;
    }

    /** A stretch of computing in a native thread. */
    private final class Stretch implements Callable<Next> {
        private enum State {
            NEW,
            RUNNING,
            DONE,
            ABANDONED
        }

        private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

        @Override
        public Next call() throws SSLException {
            if (!state.compareAndSet(State.NEW, State.RUNNING)) {
                return Next.NOTHING; // nobody wants to know
            }
            try {
                return advance();
            } catch (SSLException e) {
                failure = e; // for the next one, if nobody waits for it here
                throw e;
            } catch (RuntimeException | Error e) {
                failure = new SSLHandshakeException("the handshake failed: " + e);
                throw e;
            } finally {
                if (!state.compareAndSet(State.RUNNING, State.DONE)) {
                    end();
                }
            }
        }

        /** False if it is over, or will never run. */
        boolean abandon() {
            return !state.compareAndSet(State.NEW, State.DONE)
                    && state.compareAndSet(State.RUNNING, State.ABANDONED);
        }

        private void end() {
            running = null;
            release.run();
        }
    }

    /** The end of a handshake that was torn where it cannot be gone on with. */
    static final class Torn extends SSLHandshakeException {
        private static final long serialVersionUID = 1L;

        private final transient Error by;

        private Torn(Error by) {
            super("the handshake was torn by " + by);
            this.by = by;
        }

        /** What tore it. */
        Error by() {
            return by;
        }
    }
}
