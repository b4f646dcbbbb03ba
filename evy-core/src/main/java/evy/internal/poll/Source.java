package evy.internal.poll;

import org.jspecify.annotations.Nullable;

import java.nio.channels.SelectableChannel;

/**
 * Something whose readiness a {@link Poller} reports: a descriptor number or an NIO channel.
 *
 * <p>A source belongs to at most one poller at a time. All fields but the two that name the
 * descriptor are the poller's own notes, touched on the hub's thread only.
 */
public abstract class Source {
    /** Readable, or at end of stream, or in error. */
    public static final int READ = 1;

    /** Writable, or connected, or in error. */
    public static final int WRITE = 2;

    /**
     * The other end has closed or urgent data is about: a read that gets less than it asked for no
     * longer means that nothing is left.
     */
    public static final int KEEP_TRYING = 4;

    // the poller's notes, hub thread only
    @Nullable Object registration;
    int generation;
    int slot;

    /**
     * The descriptor number, for pollers that work on numbers.
     *
     * @return the number, or -1 if this source is a channel
     */
    public abstract int fd();

    /**
     * The channel, for pollers that work on channels.
     *
     * @return the channel, or null if this source is a descriptor number
     */
    public abstract @Nullable SelectableChannel channel();

    /**
     * Called by the poller, on the hub's thread, when the source became ready. Must not block or
     * throw. May be called when nothing happened: who waits must try again, not trust it.
     *
     * @param ops {@link #READ}, {@link #WRITE} or both, maybe with {@link #KEEP_TRYING}; errors and
     *     hang-ups report both
     */
    protected abstract void ready(int ops);

    /**
     * Called by the poller, on the hub's thread, when the number turns out to belong to another
     * source now: this one was closed by somebody who did not say so.
     */
    protected abstract void lost();
}
