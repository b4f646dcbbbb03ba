package evy.zmq;

import zmq.SocketBase;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches the pipe of a socket's mailbox, by one platform thread for all sockets of the process,
 * while somebody waits for it.
 *
 * <p>Needs only what JeroMQ makes public. Each signal costs two more switches of threads than by
 * {@link MailboxHook}.
 */
final class MailboxWatch implements Readiness {
    private static final long SOON_NANOS = 100_000;
    private static final long PAUSE_NANOS = 20_000;

    private final SelectionKey key;
    private final Runnable signal;

    // the thread's
    private long lastTold = System.nanoTime() - SOON_NANOS;

    /**
     * Begins to watch.
     *
     * @throws ZmqException if the socket is of a type that JeroMQ gives no descriptor of
     */
    MailboxWatch(SocketBase socket, Runnable signal) {
        SelectableChannel channel = socket.getFD();
        if (channel == null) {
            throw new ZmqException(
                    ZmqError.ENOTSUP,
                    socket.typeString()
                            + " sockets need JeroMQ's classes to be open; "
                            + Internals.ADVICE);
        }
        this.signal = signal;
        this.key = Watcher.THE_ONE.register(channel, this);
    }

    /** Starts the thread if it has not been. */
    static void launch() {
        Watcher _ = Watcher.THE_ONE;
    }

    @Override
    public void listen() {
        if (key.isValid()) {
            key.interestOpsOr(SelectionKey.OP_READ);
            key.selector().wakeup();
        }
    }

    @Override
    public void close(Runnable look) {
        key.cancel();
        key.selector().wakeup();
    }

    /*
     * JeroMQ takes a byte out of the pipe only after its sender has counted it. A sender that is
     * held up just before that would never get the processor, if the socket's user and this thread
     * went on telling each other of the byte.
     */
    private void tell() {
        long now = System.nanoTime();
        if (now - lastTold < SOON_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        lastTold = now;
        signal.run();
    }

    /** The thread. It lives as long as the process: its price is two descriptors. */
    private static final class Watcher implements Runnable {
        static final Watcher THE_ONE = new Watcher();

        private final Selector selector;

        private Watcher() {
            try {
                selector = Selector.open();
            } catch (IOException e) {
                throw new ZmqException(ZmqError.EMFILE, "no selector: " + e.getMessage(), e);
            }
            Thread.ofPlatform().daemon().name("evy-zmq-watch").start(this);
        }

        SelectionKey register(SelectableChannel channel, MailboxWatch watch) {
            try {
                return channel.register(selector, 0, watch);
            } catch (ClosedChannelException e) {
                throw new ZmqException(ZmqError.ENOTSOCK, "socket is closed", e);
            }
        }

        @Override
        public void run() {
            while (true) {
                try {
                    selector.select(Watcher::tell);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }

        private static void tell(SelectionKey key) {
            if (key.isValid()) {
                key.interestOps(0); // until somebody listens again
                ((MailboxWatch) key.attachment()).tell();
            }
        }
    }
}
