package evy.internal.poll;

import java.io.IOException;
import java.util.List;

/**
 * One way of waiting for many descriptors at once. A poller belongs to one hub; all methods but
 * {@link #wakeup} are called on that hub's thread.
 */
public interface Poller extends AutoCloseable {
    /**
     * Waits until a source is ready, {@link #wakeup} is called or the time is over, then calls
     * {@link Source#ready} for each ready source.
     *
     * @param nanos longest wait; 0 only looks, negative waits without limit. Never returns early by
     *     rounding: a shorter unit of the system call is rounded up
     * @return how many sources were reported
     * @throws IOException if the system call fails for good; interrupted calls return 0
     */
    int poll(long nanos) throws IOException;

    /** Makes the running poll, or the next one, return at once. Any thread; never blocks. */
    void wakeup();

    /**
     * Asks for the next change to readiness of {@code source} to be reported, registering it first
     * if need be. An edge-triggered poller registers once, for both directions, and then has
     * nothing to do here.
     *
     * @param ops {@link Source#READ}, {@link Source#WRITE} or both
     * @param retrigger true to report readiness that began earlier, too: asked for when the last
     *     attempt at the operation was not made on this hub's thread, so an edge may have been
     *     missed
     * @throws IOException if the descriptor is not one that can be waited for; the message names it
     */
    void arm(Source source, int ops, boolean retrigger) throws IOException;

    /**
     * Forgets a source that is about to be closed or handed to another poller. Does nothing if it
     * was never armed here.
     */
    void forget(Source source);

    /** {@return what is watched, a new list; for listings} */
    default List<Source> sources() {
        return List.of();
    }

    /**
     * Closes the poller's own descriptors. Sources stay open; each is told to be ready, so that who
     * waits for it finds out.
     */
    @Override
    void close();
}
