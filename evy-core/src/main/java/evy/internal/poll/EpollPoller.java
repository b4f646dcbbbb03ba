package evy.internal.poll;

import evy.internal.os.Descriptors;
import evy.internal.os.Epoll;
import evy.internal.os.Errno;
import evy.internal.os.Errors;
import evy.internal.os.LinuxAbi;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits by epoll, edge-triggered: a descriptor is registered once, for both directions, and stays
 * so until it is closed.
 */
final class EpollPoller implements Poller {
    /*
     * Stale events. A descriptor number is used again as soon as it is closed, and an event of its
     * former life may lie in the batch by then, or come later if a duplicate keeps the former file
     * open. So each registration has a generation, which comes back with the event beside the
     * number, and events of another generation than the table's are dropped.
     *
     * Closing against wakeup(). A write to the eventfd after it is closed could hit a stranger that
     * got its number. The door counts the threads inside wakeup(); close() shuts it and waits until
     * they are out, which takes no longer than a system call that does not block.
     */
    private static final int BATCH = 512;
    private static final int INITIAL_TABLE = 64;

    private static final int BROKEN = LinuxAbi.EPOLLERR | LinuxAbi.EPOLLHUP;
    private static final int UNUSUAL = BROKEN | LinuxAbi.EPOLLRDHUP | LinuxAbi.EPOLLPRI;
    private static final int READABLE = LinuxAbi.EPOLLIN | UNUSUAL;
    private static final int WRITABLE = LinuxAbi.EPOLLOUT | BROKEN;
    private static final int INTEREST =
            LinuxAbi.EPOLLIN
                    | LinuxAbi.EPOLLPRI
                    | LinuxAbi.EPOLLOUT
                    | LinuxAbi.EPOLLRDHUP
                    | LinuxAbi.EPOLLET;

    /** What the eventfd is registered with; no source is, as generations start at 1. */
    private static final long WAKEUP_DATA = 0;

    private static final int SHUT = 1 << 30;

    private final int epoll;
    private final int eventFd;

    // any thread
    private final AtomicInteger door = new AtomicInteger();

    // hub thread only
    private final Epoll events = new Epoll(BATCH);
    private @Nullable Source[] table = new @Nullable Source[INITIAL_TABLE];
    private int lastGeneration;
    private boolean closed;

    private EpollPoller(int epoll, int eventFd) {
        this.epoll = epoll;
        this.eventFd = eventFd;
    }

    static EpollPoller open() throws IOException {
        int epoll = Epoll.create();
        if (epoll < 0) {
            throw Errors.of(-epoll, "opening an epoll descriptor");
        }
        int eventFd = Epoll.eventFd();
        int result = eventFd < 0 ? eventFd : addEventFd(epoll, eventFd);
        if (result < 0) {
            Descriptors.close(epoll);
            if (eventFd >= 0) {
                Descriptors.close(eventFd);
            }
            throw Errors.of(-result, "opening an eventfd");
        }
        return new EpollPoller(epoll, eventFd);
    }

    private static int addEventFd(int epoll, int eventFd) {
        // edge-triggered: every write is an edge, so the counter need never be read
        int interest = LinuxAbi.EPOLLIN | LinuxAbi.EPOLLET;
        return Epoll.control(epoll, LinuxAbi.EPOLL_CTL_ADD, eventFd, interest, WAKEUP_DATA);
    }

    @Override
    public int poll(long nanos) throws IOException {
        requireOpen();
        int n = events.await(epoll, nanos);
        if (n < 0) {
            throw Errors.of(-n, "epoll_wait");
        }
        int reported = 0;
        for (int i = 0; i < n; i++) {
            if (dispatch(events.data(i), events.happened(i))) {
                reported++;
            }
        }
        return reported;
    }

    private boolean dispatch(long data, int happened) {
        int fd = (int) data;
        int generation = (int) (data >>> Integer.SIZE);
        Source source = fd < table.length ? table[fd] : null;
        // the eventfd has no source in the table, so its events end here, too
        if (source == null || source.generation != generation) {
            return false;
        }
        source.ready(opsOf(happened));
        return true;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(this + ": poller is closed");
        }
    }

    private static int opsOf(int happened) {
        int ops = (happened & READABLE) != 0 ? Source.READ : 0;
        if ((happened & WRITABLE) != 0) {
            ops |= Source.WRITE;
        }
        return (happened & UNUSUAL) != 0 ? ops | Source.KEEP_TRYING : ops;
    }

    @Override
    public void wakeup() {
        if (door.incrementAndGet() < SHUT) {
            Epoll.signal(eventFd);
        }
        door.decrementAndGet();
    }

    @Override
    public void arm(Source source, int ops, boolean retrigger) throws IOException {
        if (source.registration != this) {
            register(source);
        } else if (retrigger) {
            retrigger(source);
        }
    }

    private void retrigger(Source source) throws IOException {
        // a change reports what is ready now, also if that was reported before
        int fd = source.slot;
        int result = control(LinuxAbi.EPOLL_CTL_MOD, source);
        if (result == -Errno.ENOENT) {
            // closed behind our back and opened again under the same number
            result = control(LinuxAbi.EPOLL_CTL_ADD, source);
        }
        if (result < 0) {
            drop(source);
            throw refusal(fd, -result);
        }
    }

    private void register(Source source) throws IOException {
        requireOpen();
        int fd = source.fd();
        if (fd < 0) {
            throw refusal(fd, Errno.EBADF);
        }
        Source former = fd < table.length ? table[fd] : null;
        if (former != null) {
            drop(former);
        }
        try {
            add(source, fd);
        } finally {
            if (former != null) {
                // its descriptor was closed behind our back, or the number would not be here again
                former.lost();
            }
        }
    }

    private void add(Source source, int fd) throws IOException {
        source.slot = fd;
        source.generation = nextGeneration();
        int result = control(LinuxAbi.EPOLL_CTL_ADD, source);
        if (result == -Errno.EEXIST) {
            result = control(LinuxAbi.EPOLL_CTL_MOD, source);
        }
        if (result < 0) {
            throw refusal(fd, -result);
        }
        if (fd >= table.length) {
            table = Arrays.copyOf(table, Math.max(fd + 1, table.length * 2));
        }
        table[fd] = source;
        source.registration = this;
    }

    private int nextGeneration() {
        lastGeneration = lastGeneration == Integer.MAX_VALUE ? 1 : lastGeneration + 1;
        return lastGeneration;
    }

    private int control(int operation, Source source) {
        long data = (long) source.generation << Integer.SIZE | source.slot;
        return Epoll.control(epoll, operation, source.slot, INTEREST, data);
    }

    private void drop(Source source) {
        table[source.slot] = null;
        source.registration = null;
    }

    private static IOException refusal(int fd, int errno) {
        return switch (errno) {
            case Errno.EBADF -> new IOException("descriptor " + fd + " is not open");
            case Errno.EPERM ->
                    new IOException(
                            "descriptor "
                                    + fd
                                    + " is a regular file or directory, always ready; use tpool");
            case Errno.ENOSPC ->
                    Errors.of(
                            errno,
                            "descriptor "
                                    + fd
                                    + ", too many are watched; raise it with `sysctl"
                                    + " fs.epoll.max_user_watches`");
            default -> Errors.of(errno, "waiting for descriptor " + fd);
        };
    }

    @Override
    public void forget(Source source) {
        if (source.registration == this) {
            drop(source);
            // fails if it is closed by now, or closed and opened again: then there is nothing to do
            control(LinuxAbi.EPOLL_CTL_DEL, source);
        }
    }

    @Override
    public List<Source> sources() {
        List<Source> all = new ArrayList<>();
        for (Source source : table) {
            if (source != null) {
                all.add(source);
            }
        }
        return all;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        door.getAndAdd(SHUT);
        while (door.get() != SHUT) {
            Thread.onSpinWait();
        }
        @Nullable Source[] orphans = table;
        table = new @Nullable Source[0];
        for (Source source : orphans) {
            if (source != null) {
                source.registration = null;
                source.ready(Source.READ | Source.WRITE);
            }
        }
        Descriptors.close(eventFd);
        Descriptors.close(epoll);
    }

    @Override
    public String toString() {
        return "epoll descriptor " + epoll;
    }
}
