package evy.io;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.internal.os.RawFile;
import evy.internal.poll.NonBlockingSocket;
import evy.internal.poll.UnixSocket;
import evy.internal.util.Interrupts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.Objects;

/**
 * The system's stream socket and the hub's view of it: each operation is tried, and if it would
 * block, the calling thread waits for the descriptor. What is named {@code try} never waits.
 */
final class StreamLink {
    /* Results of the system call that are less than what was asked for only if nothing is left. */
    private static final int LARGEST_READ = 128 * 1024;

    private final NonBlockingSocket socket;
    private final Descriptor descriptor;

    // reader only: the last read got all it asked for
    private boolean streaming;

    private volatile boolean atEnd;

    StreamLink(NonBlockingSocket socket) {
        this.socket = socket;
        SelectableChannel channel = socket.channel();
        descriptor =
                channel == null
                        ? Descriptor.of(socket.fd(), socket::close)
                        : Descriptor.of(channel, socket::close);
        descriptor.describedBy(this);
    }

    /** Its ends, as listings show them. */
    @Override
    public String toString() {
        try {
            descriptor.enter(); // or the number may be somebody else's by now
            try {
                return describe();
            } finally {
                descriptor.exit();
            }
        } catch (IOException e) {
            return "closed";
        }
    }

    private String describe() throws IOException {
        if (socket instanceof UnixSocket unix) {
            return UnixAddresses.of(unix.localName())
                    + " to "
                    + UnixAddresses.of(unix.remoteName());
        }
        InetSocketAddress remote = socket.remoteAddress();
        return socket.localAddress() + (remote == null ? "" : " to " + remote);
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** Whether it can send from a {@link RawFile}. */
    boolean isNumber() {
        return socket.channel() == null;
    }

    /**
     * Reads what is there, waiting for at least one byte.
     *
     * @return bytes read, or -1 at the end
     */
    int read(byte[] buffer, int offset, int length, boolean peek, long timeoutNanos)
            throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        Greenlet.checkRaised();
        if (length == 0 || atEnd) {
            return length == 0 ? 0 : NonBlockingSocket.EOF;
        }
        boolean blocking = timeoutNanos != SocketTimeouts.NON_BLOCKING;
        int n =
                blocking && !descriptor.mayRead()
                        ? NonBlockingSocket.WOULD_BLOCK
                        : tryRead(buffer, offset, length, peek);
        if (n == NonBlockingSocket.WOULD_BLOCK) {
            Deadline deadline = new Deadline("Read", timeoutNanos);
            do {
                if (!awaitReadable(deadline.left())) {
                    throw deadline.timedOut();
                }
                n = tryRead(buffer, offset, length, peek);
            } while (n == NonBlockingSocket.WOULD_BLOCK);
        }
        return n;
    }

    /**
     * Reads what is there.
     *
     * @return bytes read, 0 only if {@code length} is 0, -1 at the end, or {@link
     *     NonBlockingSocket#WOULD_BLOCK}
     */
    int tryRead(byte[] buffer, int offset, int length, boolean peek) throws IOException {
        descriptor.enter();
        try {
            if (atEnd && length > 0) {
                return NonBlockingSocket.EOF;
            }
            int n = socket.read(buffer, offset, length, peek);
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

    /** Reads into a buffer; otherwise as into an array. */
    int read(ByteBuffer buffer, long timeoutNanos) throws IOException {
        Greenlet.checkRaised();
        int n = tryRead(buffer);
        if (n == NonBlockingSocket.WOULD_BLOCK) {
            Deadline deadline = new Deadline("Read", timeoutNanos);
            do {
                if (!awaitReadable(deadline.left())) {
                    throw deadline.timedOut();
                }
                n = tryRead(buffer);
            } while (n == NonBlockingSocket.WOULD_BLOCK);
        }
        return n;
    }

    /** Reads into a buffer what is there; otherwise as into an array. */
    int tryRead(ByteBuffer buffer) throws IOException {
        descriptor.enter();
        try {
            if (atEnd && buffer.hasRemaining()) {
                return NonBlockingSocket.EOF;
            }
            int n = socket.read(buffer);
            if (n == NonBlockingSocket.EOF) {
                atEnd = true;
            }
            return n;
        } finally {
            descriptor.exit();
        }
    }

    /** Reads into several buffers; otherwise as into an array. */
    long read(ByteBuffer[] buffers, long timeoutNanos) throws IOException {
        Greenlet.checkRaised();
        Deadline deadline = new Deadline("Read", timeoutNanos);
        long n = tryRead(buffers);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            if (!awaitReadable(deadline.left())) {
                throw deadline.timedOut();
            }
            n = tryRead(buffers);
        }
        return n;
    }

    private long tryRead(ByteBuffer[] buffers) throws IOException {
        descriptor.enter();
        try {
            int first = next(buffers, 0);
            if (first == buffers.length) {
                return 0;
            }
            if (atEnd) {
                return NonBlockingSocket.EOF;
            }
            long n =
                    next(buffers, first + 1) == buffers.length
                            ? socket.read(buffers[first])
                            : socket.read(buffers);
            if (n == NonBlockingSocket.EOF) {
                atEnd = true;
            }
            return n;
        } finally {
            descriptor.exit();
        }
    }

    /**
     * Writes some bytes, waiting until at least one is taken.
     *
     * @return bytes written, 0 only if {@code length} is 0
     */
    int write(byte[] buffer, int offset, int length, Deadline deadline) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        int n = tryWrite(buffer, offset, length);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            if (!awaitWritable(deadline.left())) {
                throw deadline.timedOut();
            }
            n = tryWrite(buffer, offset, length);
        }
        return n;
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

    /** Writes what there is room for, or {@link NonBlockingSocket#WOULD_BLOCK}. */
    int tryWrite(byte[] buffer, int offset, int length) throws IOException {
        descriptor.enter();
        try {
            return length == 0 ? 0 : socket.write(buffer, offset, length);
        } finally {
            descriptor.exit();
        }
    }

    /** Writes some bytes from a buffer; otherwise as from an array. */
    int write(ByteBuffer buffer, Deadline deadline) throws IOException {
        int n = tryWrite(buffer);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            if (!awaitWritable(deadline.left())) {
                throw deadline.timedOut();
            }
            n = tryWrite(buffer);
        }
        return n;
    }

    /** Writes from a buffer what there is room for; otherwise as from an array. */
    int tryWrite(ByteBuffer buffer) throws IOException {
        descriptor.enter();
        try {
            return socket.write(buffer);
        } finally {
            descriptor.exit();
        }
    }

    /** Writes some bytes from several buffers; otherwise as from an array. */
    long write(ByteBuffer[] buffers, Deadline deadline) throws IOException {
        long n = tryWrite(buffers);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            if (!awaitWritable(deadline.left())) {
                throw deadline.timedOut();
            }
            n = tryWrite(buffers);
        }
        return n;
    }

    private long tryWrite(ByteBuffer[] buffers) throws IOException {
        descriptor.enter();
        try {
            int first = next(buffers, 0);
            if (first == buffers.length) {
                return 0;
            }
            return next(buffers, first + 1) == buffers.length
                    ? socket.write(buffers[first])
                    : socket.write(buffers);
        } finally {
            descriptor.exit();
        }
    }

    /* The first buffer from `start` on that is not used up. */
    private static int next(ByteBuffer[] buffers, int start) {
        int i = start;
        while (i < buffers.length && !buffers[i].hasRemaining()) {
            i++;
        }
        return i;
    }

    /** Writes some bytes of a file, -1 at its end; otherwise as from an array. */
    int write(RawFile file, long position, int length, Deadline deadline) throws IOException {
        int n = tryWrite(file, position, length);
        while (n == NonBlockingSocket.WOULD_BLOCK) {
            if (!awaitWritable(deadline.left())) {
                throw deadline.timedOut();
            }
            n = tryWrite(file, position, length);
        }
        return n;
    }

    private int tryWrite(RawFile file, long position, int length) throws IOException {
        descriptor.enter();
        try {
            return socket.write(file, position, length);
        } finally {
            descriptor.exit();
        }
    }

    /** Takes a connection, waiting for it. */
    NonBlockingSocket accept(long timeoutNanos) throws IOException {
        Greenlet.checkRaised();
        Deadline deadline = new Deadline("Accept", timeoutNanos);
        NonBlockingSocket accepted = tryAccept();
        while (accepted == null) {
            if (!awaitReadable(deadline.left())) {
                throw deadline.timedOut();
            }
            accepted = tryAccept();
        }
        return accepted;
    }

    /** Takes a connection; null if none is waiting. */
    @Nullable NonBlockingSocket tryAccept() throws IOException {
        descriptor.enter();
        try {
            return socket.accept();
        } finally {
            descriptor.exit();
        }
    }

    /** Shuts the input; all that comes in from now on is thrown away. */
    void shutdownInput() throws IOException {
        descriptor.enter();
        try {
            socket.shutdownInput();
            atEnd = true;
        } finally {
            descriptor.exit();
        }
    }

    /** How many bytes can be read without waiting. */
    int available() throws IOException {
        descriptor.enter();
        try {
            return atEnd ? 0 : socket.available();
        } finally {
            descriptor.exit();
        }
    }

    /* The deadline is not passed on, so that it need not be an object once compiled. */
    private boolean awaitReadable(long nanos) throws IOException {
        try {
            return descriptor.awaitReadable(nanos);
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    /** Waits until it may be written, or is connected; false if the time was over first. */
    boolean awaitWritable(long nanos) throws IOException {
        try {
            return descriptor.awaitWritable(nanos);
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    /** What is done with the system's socket and never waits. */
    @FunctionalInterface
    interface Call<T> {
        T on(NonBlockingSocket socket) throws IOException;
    }

    /** Does it while the descriptor cannot be closed. */
    <T> T call(Call<T> call) throws IOException {
        descriptor.enter();
        try {
            return call.on(socket);
        } finally {
            descriptor.exit();
        }
    }

    /** What is done with the system's socket, without a result. */
    @FunctionalInterface
    interface Action {
        void on(NonBlockingSocket socket) throws IOException;
    }

    /** Does it while the descriptor cannot be closed. */
    void run(Action action) throws IOException {
        descriptor.enter();
        try {
            action.on(socket);
        } finally {
            descriptor.exit();
        }
    }

    /** For what needs no descriptor. */
    NonBlockingSocket socket() {
        return socket;
    }

    void closeQuietly() {
        try {
            descriptor.close();
        } catch (IOException e) {
            System.getLogger("evy.io").log(System.Logger.Level.DEBUG, descriptor.toString(), e);
        }
    }
}
