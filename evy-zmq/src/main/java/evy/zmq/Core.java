package evy.zmq;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import zmq.Msg;
import zmq.SocketBase;
import zmq.ZError;
import zmq.ZMQ;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A JeroMQ socket made fit for many threads: one at a time is in it, for calls that never wait; the
 * waiting is done outside, by whoever has the turn to receive or to send.
 *
 * @thread any but a hub's callback
 * @source eventlet {@code green.zmq.Socket}
 */
/*
 * Who must wait takes the turn of its side, and then, again and again: takes the place to wait in,
 * tries, waits for a signal. A signal wakes both sides, whatever it is about: a command for the
 * receiver may be taken out of the mailbox by a sender's call, so each side looks for itself. Who
 * need not wait does without the turn, but only while nobody else has it.
 *
 * No wait of ours is made under the lock. JeroMQ itself may wait there for a moment: for a lock of
 * its context, or for a name to be looked up.
 */
final class Core {
    private final String name;
    private final boolean isRep;
    private final Readiness readiness;
    private final Side receiving;
    private final Side sending;
    private final List<BlockedThread> watchers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock; JeroMQ's reaper owns it after closing
    private final SocketBase base;
    private boolean replyDue;

    // written under lock
    private volatile @Nullable ZmqError closed;
    private volatile boolean more;

    Core(SocketType type, SocketBase base) {
        this.name = type + " socket";
        this.isRep = type == SocketType.REP;
        this.base = base;
        this.readiness = Readiness.of(base, this::signalled);
        this.receiving = new Side("receive on " + name, readiness);
        this.sending = new Side("send on " + name, readiness);
    }

    /* Any thread; must not block. Nobody knows the socket before both sides are there. */
    private void signalled() {
        receiving.blocked.wake();
        sending.blocked.wake();
        tellWatchers();
    }

    private void tellWatchers() {
        if (!watchers.isEmpty()) {
            watchers.forEach(BlockedThread::wake);
        }
    }

    /**
     * Takes a part of a message.
     *
     * @param wait false to get EAGAIN instead of waiting
     * @param nanos longest wait
     */
    Msg receive(boolean wait, long nanos) {
        if (wait) {
            Greenlet.checkRaised();
        }
        Msg msg = poll();
        if (msg == null) {
            msg = wait ? receiving.await(nanos, () -> take(true)) : null;
        }
        if (msg == null) {
            throw lapse("receive", wait, nanos);
        }
        return msg;
    }

    /** Takes a part if there is one and nobody waits for it. */
    @Nullable Msg poll() {
        return take(false);
    }

    /** Takes a whole message; otherwise as {@link #receive}. */
    List<Msg> receiveAll(boolean wait, long nanos) {
        if (wait) {
            Greenlet.checkRaised();
        }
        List<Msg> parts = new ArrayList<>(4);
        List<Msg> whole = receiving.await(wait ? nanos : 0, () -> takeRest(parts) ? parts : null);
        if (whole == null) {
            throw lapse("receive", wait, nanos);
        }
        return whole;
    }

    private boolean takeRest(List<Msg> parts) {
        return locked(
                () -> {
                    Msg msg;
                    do {
                        msg = take(true);
                        if (msg == null) {
                            return false;
                        }
                        parts.add(msg);
                    } while (msg.hasMore());
                    return true;
                });
    }

    private @Nullable Msg take(boolean inTurn) {
        boolean interrupted = enter();
        try {
            if (!inTurn && receiving.turn.isHeldByOther()) {
                return null;
            }
            if (replyDue) { // JeroMQ's REP would mix up two requests
                throw failure(ZmqError.EFSM, "receive", null);
            }
            Msg msg = base.recv(ZMQ.ZMQ_DONTWAIT);
            if (msg == null) {
                failUnlessAgain("receive");
                return null;
            }
            more = msg.hasMore();
            replyDue = isRep && !more;
            tellWatchers();
            return msg;
        } catch (UnsupportedOperationException e) {
            throw failure(ZmqError.ENOTSUP, "receive", e);
        } finally {
            leave(interrupted);
        }
    }

    /**
     * Sends a part of a message.
     *
     * @param msg JeroMQ's when sent
     * @param flags 0 or {@code ZMQ_SNDMORE}
     * @param wait false to get EAGAIN instead of waiting
     * @param nanos longest wait
     */
    void send(Msg msg, int flags, boolean wait, long nanos) {
        if (wait) {
            Greenlet.checkRaised();
        }
        if (!offer(msg, flags)
                && (!wait
                        || sending.await(nanos, () -> put(msg, flags, true) ? msg : null)
                                == null)) {
            throw lapse("send", wait, nanos);
        }
    }

    /** Sends a part if there is room and nobody waits for it. */
    boolean offer(Msg msg, int flags) {
        return put(msg, flags, false);
    }

    /** Sends a whole message; otherwise as {@link #send}. */
    void sendAll(List<Msg> parts, int lastFlags, boolean wait, long nanos) {
        if (wait) {
            Greenlet.checkRaised();
        }
        Outgoing message = new Outgoing(parts, lastFlags);
        if (sending.await(wait ? nanos : 0, () -> putRest(message) ? message : null) == null) {
            throw lapse("send", wait, nanos);
        }
    }

    private boolean putRest(Outgoing message) {
        return locked(
                () -> {
                    while (message.hasNext()) {
                        if (!put(message.part(), message.flags(), true)) {
                            return false;
                        }
                        message.advance();
                    }
                    return true;
                });
    }

    private boolean put(Msg msg, int flags, boolean inTurn) {
        boolean interrupted = enter();
        try {
            if (!inTurn && sending.turn.isHeldByOther()) {
                return false;
            }
            if (base.send(msg, flags | ZMQ.ZMQ_DONTWAIT)) {
                replyDue = isRep && flags != 0;
                tellWatchers();
                return true;
            }
            failUnlessAgain("send");
            return false;
        } catch (UnsupportedOperationException e) {
            throw failure(ZmqError.ENOTSUP, "send", e);
        } finally {
            leave(interrupted);
        }
    }

    private void failUnlessAgain(String what) {
        int code = base.errno();
        if (code == ZError.EINTR) {
            Thread.currentThread().interrupt(); // came just now; the wait that follows tells of it
        } else if (code != ZError.EAGAIN) {
            throw failure(ZmqError.of(code), what, null);
        }
    }

    private ZmqException lapse(String what, boolean wait, long nanos) {
        return wait
                ? new ZmqTimeoutException(
                        name
                                + ": could not "
                                + what
                                + " within "
                                + Duration.ofNanos(nanos).toMillis()
                                + " ms")
                : failure(ZmqError.EAGAIN, what, null);
    }

    /** {@return true if the part received last is followed by another} */
    boolean hasMore() {
        return more;
    }

    /**
     * Makes a call of JeroMQ that tells failure by false. It may change what the socket can do
     * without a command, as connecting within the process does: those who wait look again.
     *
     * @param what what the call does, for the message of the exception
     */
    void require(String what, Supplier<Boolean> call) {
        if (!ask(what, call)) {
            throw failure(ZmqError.of(base.errno()), what, null);
        }
        signalled();
    }

    /** Makes a call of JeroMQ on the socket; exceptions become ours. */
    <T extends @Nullable Object> T ask(String what, Supplier<T> call) {
        try {
            return locked(call);
        } catch (UnsupportedOperationException e) {
            throw failure(ZmqError.ENOTSUP, what, e);
        } catch (IllegalArgumentException | ClassCastException | IllegalStateException e) {
            throw failure(ZmqError.EINVAL, what, e);
        } catch (org.zeromq.UncheckedZMQException e) {
            throw failure(Context.errorOf(e), what, e);
        }
    }

    /** {@return JeroMQ's socket, for calls made by {@link #ask} and {@link #require} alone} */
    SocketBase base() {
        return base;
    }

    /**
     * {@return what can be done without waiting, as bits {@code ZMQ_POLLIN}, {@code ZMQ_POLLOUT}}
     */
    int events() {
        return ask("look at", () -> Math.max(0, base.getSocketOpt(ZMQ.ZMQ_EVENTS)));
    }

    /** Has a thread woken whenever {@link #events} may have changed. */
    void watch(BlockedThread watcher) {
        watchers.add(watcher);
    }

    void unwatch(BlockedThread watcher) {
        watchers.remove(watcher);
    }

    /** Has watchers told of what comes from now on. */
    void listen() {
        readiness.listen();
    }

    private <T extends @Nullable Object> T locked(Supplier<T> call) {
        boolean interrupted = enter();
        try {
            return call.get();
        } finally {
            leave(interrupted);
        }
    }

    /* JeroMQ would take an interrupt for a reason to stop: it is kept from it, and kept. */
    private boolean enter() {
        lock.lock();
        ZmqError error = closed;
        if (error != null) {
            lock.unlock();
            throw failure(error, "do anything", null);
        }
        return Thread.interrupted();
    }

    private void leave(boolean interrupted) {
        lock.unlock();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Closes the socket and wakes everybody who waits for it. Idempotent.
     *
     * @param error what they get
     * @param linger how long messages may take to leave, in milliseconds, if that is shorter than
     *     what is set; negative for what is set
     * @param names of {@code inproc} that are free when this returns
     * @return false if it was closed
     */
    boolean close(ZmqError error, int linger, List<String> names) {
        lock.lock();
        boolean interrupted = Thread.interrupted();
        try {
            if (closed != null) {
                return false;
            }
            int set = base.getSocketOpt(ZMQ.ZMQ_LINGER);
            if (linger >= 0 && (set < 0 || linger < set)) {
                base.setSocketOpt(ZMQ.ZMQ_LINGER, linger);
            }
            names.forEach(base::termEndpoint);
            closed = error;
            readiness.close(() -> base.getSocketOpt(ZMQ.ZMQ_EVENTS));
            base.close();
        } finally {
            leave(interrupted);
        }
        signalled();
        return true;
    }

    boolean isClosed() {
        return closed != null;
    }

    ZmqException failure(ZmqError error, String what, @Nullable Throwable cause) {
        String reason = cause == null ? "" : cause.getMessage();
        return new ZmqException(
                error,
                name
                        + ": cannot "
                        + what
                        + ": "
                        + error.text()
                        + (reason == null || reason.isEmpty() ? "" : " (" + reason + ")"),
                cause);
    }

    /** A message of which some parts are sent. */
    private static final class Outgoing {
        private final List<Msg> parts;
        private final int lastFlags;
        private int next;

        Outgoing(List<Msg> parts, int lastFlags) {
            this.parts = parts;
            this.lastFlags = lastFlags;
        }

        boolean hasNext() {
            return next < parts.size();
        }

        Msg part() {
            return parts.get(next);
        }

        int flags() {
            return next == parts.size() - 1 ? lastFlags : ZMQ.ZMQ_SNDMORE;
        }

        void advance() {
            next++;
        }
    }
}
