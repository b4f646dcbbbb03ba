package evy.internal.poll;

import org.jspecify.annotations.Nullable;

import java.nio.channels.SelectableChannel;

/** A source that notes what it is told. */
final class RecordingSource extends Source {
    private final int fd;
    private final @Nullable SelectableChannel channel;

    private int seen;
    private int reports;
    private int losses;

    RecordingSource(NonBlockingSocket socket) {
        this(socket.fd(), socket.channel());
    }

    RecordingSource(int fd, @Nullable SelectableChannel channel) {
        this.fd = fd;
        this.channel = channel;
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
        seen |= ops;
        reports++;
    }

    @Override
    protected void lost() {
        losses++;
    }

    /** All that was reported since the last call. */
    int takeSeen() {
        int taken = seen;
        seen = 0;
        reports = 0;
        return taken;
    }

    int reports() {
        return reports;
    }

    int losses() {
        return losses;
    }
}
