package evy.patcher.net;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Listener;
import evy.hubs.Waiter;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;
import java.util.function.BooleanSupplier;

/**
 * Does the work of the JDK's own poller on hubs of kind {@code epoll}: waits there are Evy's, which
 * end by timeouts and kills without harm to the socket.
 */
/*
 * The JDK asks for a wait after an attempt that would have blocked, and tries again after it, so a
 * wait may end early for no reason. It closes a socket in this order: it marks it closed, stops the
 * waits (`closing`), lets them leave, closes the number (`closing` again). So a waiter that is in the
 * table before it asks whether the socket is open cannot be missed.
 *
 * Selectors have a table of their own. Nothing tells when their numbers are closed, and nothing need
 * to: each of their waits has the poller look anew, and the poller copes with a number that has come
 * to mean something else.
 */
final class HubPoller implements Bridge.Polls, Bridge.Selects, Bridge.Checkpoints, Bridge.Closings {
    private static final int POLLIN = 1;

    private final DescriptorTable sockets = new DescriptorTable();
    private final DescriptorTable selectors = new DescriptorTable();

    @Override
    public boolean poll(int fd, int event, long nanos, BooleanSupplier open) throws IOException {
        Descriptor descriptor = descriptor(fd, sockets);
        if (descriptor == null) {
            return false;
        }
        if (!open.getAsBoolean()) {
            return true;
        }
        try {
            if (event == POLLIN) {
                descriptor.awaitReadable(limit(nanos));
            } else {
                descriptor.awaitWritable(limit(nanos));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the JDK looks at the status
        } catch (SocketException e) {
            return true; // closed here, or its hub is: the JDK sees which when it tries again
        }
        return true;
    }

    @Override
    public boolean select(int fd, long nanos) throws IOException {
        Descriptor descriptor = descriptor(fd, selectors);
        if (descriptor == null) {
            return false;
        }
        try {
            awaitSelector(descriptor, limit(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SocketException e) {
            return true;
        }
        return true;
    }

    private static void awaitSelector(Descriptor descriptor, long nanos)
            throws IOException, InterruptedException {
        Waiter waiter = Waiter.current(descriptor);
        // registering a lasting listener has the poller report anew what is ready now
        Listener listener = descriptor.onReadable(waiter::wake);
        try {
            waiter.await(nanos);
        } finally {
            listener.cancel();
        }
    }

    @Override
    public void check() {
        if (Green.hub() != null) {
            Greenlet.checkRaised();
        }
    }

    private static @Nullable Descriptor descriptor(int fd, DescriptorTable table) {
        Hub hub = Green.hub();
        return hub == null || !hub.kind().equals("epoll") ? null : table.obtain(fd, hub);
    }

    private static long limit(long nanos) {
        return nanos == 0 ? Waiter.FOREVER : nanos;
    }

    @Override
    public void closing(int fd) {
        Descriptor descriptor = sockets.remove(fd);
        if (descriptor == null) {
            return;
        }
        Hub home = descriptor.home();
        if (home.isCurrent()) {
            close(descriptor);
        } else {
            // not waited for: the closer may hold locks. By then the number may be another's, which
            // a descriptor that the poller has replaced does not touch
            home.execute(() -> close(descriptor));
        }
    }

    private static void close(Descriptor descriptor) {
        try {
            descriptor.close();
        } catch (IOException e) {
            throw new AssertionError(descriptor + " is closed by the JDK, not by us", e);
        }
    }
}
