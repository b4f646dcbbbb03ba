package evy.internal.poll;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Waits by a {@link Selector}. Each arming is good for one report. */
final class NioPoller implements Poller {
    /*
     * wakeup() against the looks in between. Any selectNow() takes a wake-up that was meant for the
     * next poll, and flushing cancelled keys needs one. So a wake-up also leaves a mark that only a
     * poll removes. A poll that removes the mark of a wake-up whose selector.wakeup() is still to
     * come returns at once itself, as it was the running poll; the next one then returns for
     * nothing, which is allowed.
     *
     * Keys. A closed channel keeps its descriptor, and a listening one its port, until its key is
     * flushed from the selector; so forget() flushes at once rather than at the next poll.
     */
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int READ_OPS = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    private static final int WRITE_OPS = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
    private static final int INITIAL_BATCH = 64;

    private final Selector selector;

    // any thread
    private volatile boolean woken;

    // hub thread only
    private SelectionKey[] batch = new SelectionKey[INITIAL_BATCH];

    private NioPoller(Selector selector) {
        this.selector = selector;
    }

    static NioPoller open() throws IOException {
        return new NioPoller(Selector.open());
    }

    @Override
    public int poll(long nanos) throws IOException {
        try {
            select(nanos);
        } catch (ClosedSelectorException e) {
            throw new IOException(this + ": poller is closed", e);
        }
        woken = false;
        int n = takeSelected();
        int reported = 0;
        for (int i = 0; i < n; i++) {
            if (dispatch(batch[i])) {
                reported++;
            }
        }
        Arrays.fill(batch, 0, n, null);
        return reported;
    }

    private void select(long nanos) throws IOException {
        // keys may be left from a flush; and in a thread that stands in for the hub the selector
        // would
        // wait by parking that very thread, holding its own lock
        if (nanos == 0
                || woken
                || !selector.selectedKeys().isEmpty()
                || Thread.currentThread().isVirtual()) {
            selector.selectNow();
        } else if (nanos < 0) {
            selector.select();
        } else {
            selector.select(milliseconds(nanos));
        }
    }

    /** Milliseconds, never shorter than {@code nanos}. */
    private static long milliseconds(long nanos) {
        return nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
    }

    /** Moves the selected keys to the batch, as reporting one may change the selected set. */
    private int takeSelected() {
        Set<SelectionKey> selected = selector.selectedKeys();
        if (selected.isEmpty()) {
            return 0;
        }
        int n = selected.size();
        batch = selected.toArray(batch);
        selected.clear();
        return n;
    }

    private boolean dispatch(SelectionKey key) {
        if (!(key.attachment() instanceof Source source) || !key.equals(source.registration)) {
            return false;
        }
        int ops;
        try {
            ops = opsOf(key.readyOps() & key.interestOps());
            key.interestOpsAnd(~nioOpsOf(ops));
        } catch (CancelledKeyException e) {
            return false;
        }
        if (ops == 0) {
            return false;
        }
        source.ready(ops);
        return true;
    }

    private static int opsOf(int nioOps) {
        int ops = (nioOps & READ_OPS) != 0 ? Source.READ : 0;
        return (nioOps & WRITE_OPS) != 0 ? ops | Source.WRITE : ops;
    }

    private static int nioOpsOf(int ops) {
        int nioOps = (ops & Source.READ) != 0 ? READ_OPS : 0;
        return (ops & Source.WRITE) != 0 ? nioOps | WRITE_OPS : nioOps;
    }

    @Override
    public void wakeup() {
        woken = true;
        selector.wakeup();
    }

    @Override
    public void arm(Source source, int ops, boolean retrigger) throws IOException {
        SelectableChannel channel = source.channel();
        if (channel == null) {
            throw new IOException(
                    "descriptor "
                            + source.fd()
                            + " is not a channel; hub 'nio' waits for channels only");
        }
        int nioOps = interestOf(channel, ops);
        if (source.registration instanceof SelectionKey key && key.selector().equals(selector)) {
            try {
                key.interestOpsOr(nioOps);
                return;
            } catch (CancelledKeyException e) {
                source.registration = null;
            }
        }
        register(source, channel, nioOps);
    }

    private static int interestOf(SelectableChannel channel, int ops) {
        int nioOps = nioOpsOf(ops) & channel.validOps();
        if (channel instanceof SocketChannel socket && !socket.isConnectionPending()) {
            return nioOps & ~SelectionKey.OP_CONNECT;
        }
        // OP_WRITE stays beside OP_CONNECT: if the connection is completed in another way, the
        // selector would find the channel writable again and again without reporting it
        return nioOps;
    }

    private void register(Source source, SelectableChannel channel, int nioOps) throws IOException {
        Source former = null;
        try {
            SelectionKey key = channel.keyFor(selector);
            if (key != null && !key.isValid()) {
                selector.selectNow();
                key = null;
            }
            if (key == null) {
                key = channel.register(selector, nioOps, source);
            } else {
                former = (Source) key.attach(source);
                key.interestOps(nioOps);
            }
            source.registration = key;
        } catch (ClosedChannelException | CancelledKeyException e) {
            throw new IOException("channel " + channel + " is not open", e);
        } catch (ClosedSelectorException e) {
            throw new IOException(this + ": poller is closed", e);
        } catch (IllegalBlockingModeException e) {
            throw new IOException("channel " + channel + " is in blocking mode", e);
        } catch (IllegalSelectorException e) {
            throw new IOException("channel " + channel + " is of another selector provider", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("channel " + channel + " cannot be waited for so", e);
        }
        if (former != null && !former.equals(source)) {
            former.registration = null;
            former.lost();
        }
    }

    @Override
    public void forget(Source source) {
        if (!(source.registration instanceof SelectionKey key)
                || !key.selector().equals(selector)) {
            return;
        }
        source.registration = null;
        key.attach(null);
        key.cancel();
        try {
            selector.selectNow();
        } catch (IOException | ClosedSelectorException e) {
            // then the next poll flushes the key, or says what is wrong
        }
    }

    @Override
    public List<Source> sources() {
        List<Source> all = new ArrayList<>();
        for (SelectionKey key : selector.isOpen() ? selector.keys() : Set.<SelectionKey>of()) {
            if (key.attachment() instanceof Source source) {
                all.add(source);
            }
        }
        return all;
    }

    @Override
    public void close() {
        for (SelectionKey key : selector.isOpen() ? selector.keys() : Set.<SelectionKey>of()) {
            if (key.attachment() instanceof Source source) {
                source.registration = null;
                source.ready(Source.READ | Source.WRITE);
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "selector " + selector;
    }
}
