package evy.io;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.hubs.Waiter;
import evy.internal.os.Descriptors;
import evy.internal.os.Errno;
import evy.internal.os.Errors;
import evy.internal.os.Pipes;
import evy.internal.util.Cleaners;
import evy.internal.util.Interrupts;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/** The end of a pipe, or of something like it, that its hub polls: try, and wait if it blocks. */
abstract class PolledStream implements RawStream {
    private static final int END = -1;
    private static final int WOULD_BLOCK = -2;

    private final String name;
    private final Descriptor descriptor;
    private Cleaner.Cleanable cleaner;

    // writer only
    private long accepted;

    @SuppressWarnings("this-escape") // as a key only
    private PolledStream(String name, Descriptor descriptor) {
        this.name = name;
        this.descriptor = descriptor;
        descriptor.describedBy(name);
        this.cleaner = Cleaners.register(this, () -> closeQuietly(descriptor));
    }

    /** A descriptor number of Linux. Takes it over, also if it fails. */
    static PolledStream ofNumber(String name, int fd) {
        try {
            return new Numbered(name, fd);
        } catch (RuntimeException | Error e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    static PolledStream of(String name, Pipe.SourceChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new Source(name, channel);
    }

    static PolledStream of(String name, Pipe.SinkChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new Sink(name, channel);
    }

    private static void closeQuietly(Descriptor descriptor) {
        try {
            descriptor.close();
        } catch (IOException e) {
            System.getLogger("evy.io").log(System.Logger.Level.DEBUG, descriptor.toString(), e);
        }
    }

    /** Bytes read, {@link #END} or {@link #WOULD_BLOCK}; never waits. */
    int tryRead(byte[] buffer, int offset, int length) throws IOException {
        return RawStream.super.read(buffer, offset, length);
    }

    /** Bytes written, or {@link #WOULD_BLOCK}; never waits. */
    int tryWrite(byte[] buffer, int offset, int length) throws IOException {
        return RawStream.super.write(buffer, offset, length);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Greenlet.checkRaised();
        while (true) {
            int n = attempt(true, buffer, offset, length);
            if (n != WOULD_BLOCK) {
                return n;
            }
            await(true);
        }
    }

    @Override
    public int write(byte[] buffer, int offset, int length) throws IOException {
        Greenlet.checkRaised();
        while (true) {
            int n = attempt(false, buffer, offset, length);
            if (n != WOULD_BLOCK) {
                accepted += n;
                return n;
            }
            await(false);
        }
    }

    private int attempt(boolean reading, byte[] buffer, int offset, int length) throws IOException {
        enter();
        try {
            return reading ? tryRead(buffer, offset, length) : tryWrite(buffer, offset, length);
        } finally {
            descriptor.exit();
        }
    }

    private void enter() throws IOException {
        try {
            descriptor.enter();
        } catch (SocketException e) {
            throw closed(e);
        }
    }

    private void await(boolean reading) throws IOException {
        try {
            if (reading) {
                descriptor.awaitReadable(Waiter.FOREVER);
            } else {
                descriptor.awaitWritable(Waiter.FOREVER);
            }
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        } catch (SocketException e) {
            throw descriptor.isClosed() ? closed(e) : e;
        }
    }

    private IOException closed(SocketException cause) {
        return new IOException(name + " is closed", cause);
    }

    @Override
    public long accepted() {
        return accepted;
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
        cleaner.clean();
    }

    @Override
    public String toString() {
        return name;
    }

    /** By system call. */
    private static final class Numbered extends PolledStream {
        private final int fd;

        Numbered(String name, int fd) {
            super(name, Descriptor.of(fd, () -> release(fd)));
            this.fd = fd;
        }

        private static void release(int fd) throws IOException {
            int result = Descriptors.close(fd);
            if (result < 0 && result != -Errno.EINTR) {
                throw Errors.of(-result, "closing descriptor " + fd);
            }
        }

        @Override
        int tryRead(byte[] buffer, int offset, int length) throws IOException {
            int n = Pipes.read(fd, buffer, offset, length);
            if (n > 0) {
                return n;
            }
            // a terminal reports EIO when its other side has gone
            return n == 0 || n == -EIO ? END : failed(n);
        }

        @Override
        int tryWrite(byte[] buffer, int offset, int length) throws IOException {
            int n = Pipes.write(fd, buffer, offset, length);
            return n > 0 ? n : failed(n);
        }

        private int failed(int n) throws IOException {
            if (n == 0 || n == -Errno.EAGAIN) {
                return WOULD_BLOCK;
            }
            throw new IOException(Errno.text(-n) + ": " + this);
        }

        private static final int EIO = 5;

        @Override
        public int available() throws IOException {
            super.enter();
            try {
                return Math.max(0, Descriptors.available(fd));
            } finally {
                super.descriptor.exit();
            }
        }
    }

    /** By the JDK, for hubs that poll channels. */
    private static final class Source extends PolledStream {
        private final Pipe.SourceChannel channel;

        Source(String name, Pipe.SourceChannel channel) {
            super(name, Descriptor.of(channel, channel::close));
            this.channel = channel;
        }

        @Override
        int tryRead(byte[] buffer, int offset, int length) throws IOException {
            int n = channel.read(ByteBuffer.wrap(buffer, offset, length));
            return n == 0 ? WOULD_BLOCK : n;
        }
    }

    /** By the JDK, for hubs that poll channels. */
    private static final class Sink extends PolledStream {
        private final Pipe.SinkChannel channel;

        Sink(String name, Pipe.SinkChannel channel) {
            super(name, Descriptor.of(channel, channel::close));
            this.channel = channel;
        }

        @Override
        int tryWrite(byte[] buffer, int offset, int length) throws IOException {
            int n = channel.write(ByteBuffer.wrap(buffer, offset, length));
            return n == 0 ? WOULD_BLOCK : n;
        }
    }
}
