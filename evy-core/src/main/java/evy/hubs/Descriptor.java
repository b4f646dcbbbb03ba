package evy.hubs;

import evy.internal.poll.Source;
import evy.internal.util.Fields;
import evy.internal.util.SpinLock;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.nio.channels.SelectableChannel;
import java.util.List;

/**
 * An open descriptor and who waits for it: one party that reads, one that writes.
 *
 * <p>A second party that wants to read while one waits to read gets an error that names both: two
 * readers of a stream tear each other's data apart, and in nearly every program it is a mistake.
 * {@link #allowSharing} lifts the rule for programs that know better.
 *
 * <p>Every descriptor has a home, the hub that polls it. Any thread may use it; on the home hub
 * that costs least. Whoever makes a system call on the number itself brackets it by {@link #enter}
 * and {@link #exit}, so that the number is not closed, and given to somebody else, in the middle.
 */
/*
 * The number is released on the home hub's thread only. There no system call of the home's own green
 * threads can be under way, so they need not announce theirs; others count themselves in `guests`,
 * and the last of them to leave a closed descriptor sends the release home once more.
 *
 * `readable` spares the home's green threads the call that would only tell them to wait: after a read
 * that got less than it asked for, the stream is drained, and anything new makes an edge that sets
 * the flag again. Edges are reported on the home's thread, between its green threads' steps, so none
 * falls between the read and the wait. Guests do not look at the flag: they ask for a re-report.
 */
public final class Descriptor {
    /** What releases the underlying descriptor. */
    @FunctionalInterface
    public interface Closer {
        /**
         * Called once, on the home hub's thread.
         *
         * @throws IOException if the system reports one; the descriptor counts as closed
         */
        void close() throws IOException;
    }

    private static final int CLOSED = 1 << 30;

    private static final VarHandle GUESTS =
            Fields.handle(MethodHandles.lookup(), "guests", int.class);

    private static volatile boolean sharingForAll;

    private final int fd;
    private final @Nullable SelectableChannel channel;
    private final Closer closer;
    private final Link link = new Link();
    private final SpinLock lock = new SpinLock();
    private final Hub home;

    // any thread: number of guests in a call, plus CLOSED
    private volatile int guests;

    // guarded by lock
    private final ListenerList readers;
    private final ListenerList writers;
    private boolean sharing = sharingForAll;

    // set before it is shared
    private @Nullable Object user;

    // home hub's thread only
    private boolean readable = true;
    private boolean alwaysTry;
    private boolean released;

    private Descriptor(Hub home, int fd, @Nullable SelectableChannel channel, Closer closer) {
        this.home = home;
        this.fd = fd;
        this.channel = channel;
        this.closer = closer;
        this.readers = new ListenerList(home, true);
        this.writers = new ListenerList(home, false);
    }

    /**
     * Makes a descriptor of a number, for hubs of the kind {@code epoll}. Its home is the current
     * hub.
     *
     * @param fd an open, non-blocking descriptor that the system can poll
     * @param closer what closes it
     * @return a descriptor at home on the current hub
     * @throws IllegalArgumentException if {@code fd} is negative
     * @throws UnsupportedOperationException if the current hub works on channels
     */
    public static Descriptor of(int fd, Closer closer) {
        if (fd < 0) {
            throw new IllegalArgumentException("descriptor must be >= 0: " + fd);
        }
        Hub hub = Hub.current();
        if (!hub.kind().equals("epoll")) {
            throw new UnsupportedOperationException(
                    hub
                            + " of kind '"
                            + hub.kind()
                            + "' waits for channels, not for numbers: "
                            + fd);
        }
        return new Descriptor(hub, fd, null, closer);
    }

    /**
     * Makes a descriptor of a channel, for hubs of the kind {@code nio}. Its home is the current
     * hub.
     *
     * @param channel an open channel in non-blocking mode
     * @param closer what closes it
     * @return a descriptor at home on the current hub
     * @throws UnsupportedOperationException if the current hub works on numbers
     */
    public static Descriptor of(SelectableChannel channel, Closer closer) {
        Hub hub = Hub.current();
        if (!hub.kind().equals("nio")) {
            throw new UnsupportedOperationException(
                    hub + " of kind '" + hub.kind() + "' waits for numbers, not for " + channel);
        }
        return new Descriptor(hub, -1, channel, closer);
    }

    /**
     * Lets several parties read, or write, at once, for descriptors made from now on. All of them
     * are told when there is something; who comes too late waits again.
     *
     * @param allowed false, the default, to make a second party an error
     */
    public static void allowSharingForAll(boolean allowed) {
        sharingForAll = allowed;
    }

    /**
     * Lets several parties read, or write, this descriptor at once.
     *
     * @param allowed false, the default, to make a second party an error
     */
    public void allowSharing(boolean allowed) {
        lock.lock();
        try {
            sharing = allowed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says what the descriptor is, for listings.
     *
     * @param what its {@code toString} is asked whenever the descriptor is listed, on any thread
     */
    public void describedBy(Object what) {
        user = what;
    }

    /** {@return its number or channel, and what it {@linkplain #describedBy is}} */
    public String describe() {
        return user == null
                ? toString()
                : (channel == null ? "descriptor " + fd : "channel") + " (" + user + ")";
    }

    /**
     * Asks in which direction a party waits.
     *
     * @thread any
     * @param waiter whose {@linkplain Waiter#reason reason} this descriptor is
     * @return false to read, and for one that has gone on since
     */
    public boolean isWriting(Waiter waiter) {
        lock.lock();
        try {
            return writers.isAwaitedBy(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** Adds the listeners of what a poller watches to a list. Any thread. */
    static void addListeners(Source source, List<? super Listener> all) {
        if (source instanceof Link link) {
            link.addListeners(all);
        }
    }

    /** {@return the hub that polls it} */
    public Hub home() {
        return home;
    }

    /** {@return true once {@link #close} was called} */
    public boolean isClosed() {
        return (guests & CLOSED) != 0;
    }

    /**
     * Begins a system call on the descriptor.
     *
     * @throws SocketException if it is closed; then there must be no {@link #exit}
     */
    public void enter() throws SocketException {
        if (home.isCurrent()) {
            if (isClosed()) {
                throw closed();
            }
        } else if (((int) GUESTS.getAndAdd(this, 1) & CLOSED) != 0) {
            exit();
            throw closed();
        }
    }

    /** Ends a system call begun by {@link #enter}. */
    public void exit() {
        if (!home.isCurrent() && (int) GUESTS.getAndAdd(this, -1) == CLOSED + 1) {
            home.execute(this::release);
        }
    }

    /**
     * Asks whether a read is worth a try, or {@link #awaitReadable} should come first. Wrong
     * guesses cost time only.
     *
     * @return false if a read would only find that it has to wait
     */
    public boolean mayRead() {
        return readable || alwaysTry || !home.isCurrent();
    }

    /** Notes that a read found less than it asked for: there is nothing more now. */
    public void drained() {
        if (home.isCurrent()) {
            readable = false;
        }
    }

    /**
     * Waits until the descriptor may be readable, is at its end or in error. Call it after an
     * attempt that would have blocked.
     *
     * @checkpoint always
     * @param nanos longest wait; {@link Waiter#FOREVER} for no limit
     * @return false if the time was over first
     * @throws SocketException if it is closed, here or meanwhile
     * @throws IllegalStateException if another party waits to read it
     * @throws InterruptedException if the thread was interrupted; its interrupt status is cleared
     * @throws IOException if the descriptor cannot be waited for
     */
    public boolean awaitReadable(long nanos) throws IOException, InterruptedException {
        return await(true, nanos);
    }

    /**
     * Waits until the descriptor may be writable, connected or in error; otherwise as {@link
     * #awaitReadable}.
     *
     * @checkpoint always
     * @param nanos longest wait; {@link Waiter#FOREVER} for no limit
     * @return false if the time was over first
     * @throws SocketException if it is closed, here or meanwhile
     * @throws IllegalStateException if another party waits to write it
     * @throws InterruptedException if the thread was interrupted; its interrupt status is cleared
     * @throws IOException if the descriptor cannot be waited for
     */
    public boolean awaitWritable(long nanos) throws IOException, InterruptedException {
        return await(false, nanos);
    }

    private boolean await(boolean reading, long nanos) throws IOException, InterruptedException {
        Waiter waiter = Waiter.current(this);
        Listener listener = new Listener(this, reading, waiter, null);
        add(listener);
        try {
            boolean told = waiter.await(nanos);
            ensureAlive();
            return told;
        } finally {
            listener.cancel();
        }
    }

    /**
     * Has a callback made whenever the descriptor becomes readable, until the listener is
     * cancelled. Readiness is told by its edges: read until nothing is left.
     *
     * @param callback runs on the home hub's thread; must not block
     * @return to cancel it by
     * @throws IOException if the descriptor is closed or cannot be waited for
     * @throws IllegalStateException if another party waits to read it
     */
    public Listener onReadable(Runnable callback) throws IOException {
        Listener listener = new Listener(this, true, null, callback);
        add(listener);
        return listener;
    }

    /**
     * Has a callback made whenever the descriptor becomes writable, until the listener is
     * cancelled.
     *
     * @param callback runs on the home hub's thread; must not block
     * @return to cancel it by
     * @throws IOException if the descriptor is closed or cannot be waited for
     * @throws IllegalStateException if another party waits to write it
     */
    public Listener onWritable(Runnable callback) throws IOException {
        Listener listener = new Listener(this, false, null, callback);
        add(listener);
        return listener;
    }

    private void add(Listener listener) throws IOException {
        enlist(listener);
        try {
            ensureAlive();
        } catch (SocketException e) {
            listener.cancel();
            throw e;
        }
        int op = listener.isReading() ? Source.READ : Source.WRITE;
        if (home.isCurrent()) {
            try {
                home.poller().arm(link, op, listener.isLasting());
            } catch (IOException | RuntimeException | Error e) {
                listener.cancel();
                throw e;
            }
        } else {
            home.execute(() -> armForGuest(listener, op));
        }
    }

    /* The edge may have come before the guest looked: ask for a re-report. */
    private void armForGuest(Listener listener, int op) {
        if (isClosed()) {
            listener.tell();
            return;
        }
        try {
            home.poller().arm(link, op, true);
        } catch (IOException e) {
            listener.tell(); // its next system call meets the same error
        }
    }

    private void enlist(Listener listener) {
        lock.lock();
        try {
            ListenerList list = listener.isReading() ? readers : writers;
            Listener older = list.firstLive();
            if (older != null && !sharing) {
                throw new IllegalStateException(
                        listener.owner()
                                + " wants to "
                                + (listener.isReading() ? "read " : "write ")
                                + this
                                + " while "
                                + older.owner()
                                + " waits to do so; let one green thread do it, use a pool of"
                                + " descriptors, or call allowSharing(true) if it is meant");
            }
            list.add(listener);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a listener out. */
    void remove(Listener listener) {
        lock.lock();
        try {
            (listener.isReading() ? readers : writers).remove(listener);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes the descriptor: every party that waits for it is told at once and gets a "Socket
     * closed", and the number is released when nobody is in a system call on it. Idempotent. Waits
     * for the release, unless called in another hub's callback.
     *
     * @throws IOException if the release reports one
     */
    public void close() throws IOException {
        int before = (int) GUESTS.getAndBitwiseOr(this, CLOSED);
        if ((before & CLOSED) != 0) {
            return;
        }
        tell(Source.READ | Source.WRITE, true);
        if (home.isCurrent()) {
            releaseOrThrow();
        } else if (Hub.inCallback()) {
            home.execute(this::release);
        } else {
            releaseFromAfar();
        }
    }

    private void releaseFromAfar() throws IOException {
        try {
            home.call(
                    () -> {
                        releaseOrThrow();
                        return this;
                    });
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the release is under way all the same
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void release() {
        try {
            releaseOrThrow();
        } catch (IOException e) {
            home.report(null, e);
        }
    }

    private void releaseOrThrow() throws IOException {
        if (released || guests != CLOSED) {
            return; // the last guest sends it again
        }
        released = true;
        home.poller().forget(link);
        closer.close();
    }

    /* Outside the lock: callbacks are the user's. Nobody is told whom another's callback cancelled. */
    private void tell(int ops, boolean last) {
        List<Listener> dueWriters;
        List<Listener> dueReaders;
        lock.lock();
        try {
            dueWriters = (ops & Source.WRITE) != 0 ? writers.due(last) : List.of();
            dueReaders = (ops & Source.READ) != 0 ? readers.due(last) : List.of();
        } finally {
            lock.unlock();
        }
        tell(dueWriters);
        tell(dueReaders);
    }

    private void tell(List<Listener> due) {
        for (int i = 0; i < due.size(); i++) {
            try {
                due.get(i).tell();
            } catch (Throwable t) {
                home.report(null, t);
            }
        }
    }

    private void ensureAlive() throws SocketException {
        if (isClosed()) {
            throw closed();
        }
        if (home.isTerminated()) {
            throw new SocketException(
                    home
                            + ", which waits for "
                            + this
                            + ", is closed; nothing can wait for it now");
        }
    }

    private SocketException closed() {
        return new SocketException("Socket closed");
    }

    @Override
    public String toString() {
        return "descriptor " + (channel == null ? String.valueOf(fd) : channel.toString());
    }

    /** The poller's view; also the lock of the listeners, which nobody else can see. */
    private final class Link extends Source {
        void addListeners(List<? super Listener> all) {
            lock.lock();
            try {
                readers.addLiveTo(all);
                writers.addLiveTo(all);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int fd() {
            return fd;
        }

        @Override
        public @Nullable SelectableChannel channel() {
            return channel;
        }

        @Override
        protected void ready(int ops) {
            if ((ops & READ) != 0) {
                readable = true;
            }
            if ((ops & KEEP_TRYING) != 0) {
                alwaysTry = true;
            }
            tell(ops, false);
        }

        @Override
        protected void lost() {
            GUESTS.getAndBitwiseOr(Descriptor.this, CLOSED);
            released = true;
            tell(READ | WRITE, true);
        }
    }
}
