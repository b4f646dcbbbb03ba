package evy.patcher.os;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Waits until pipes, terminals and their like have something to read, or room to write.
 *
 * <p>The wait is that of the JDK's sockets, so the seams of group {@code socket} take it to the
 * hub; without them, and on hubs of kind {@code nio}, the JDK's own poller does it. Either way the
 * other green threads go on.
 */
final class StreamWaits implements Bridge.Endings {
    // any thread; mostly empty
    private final ConcurrentHashMap<FileDescriptor, Wait> waits = new ConcurrentHashMap<>();

    /**
     * Waits until a descriptor is ready, if the thread may be parked. Takes no notice of an
     * interrupt but to keep it, as these streams do.
     *
     * @throws IOException if it is closed meanwhile
     */
    void await(Hub hub, FileDescriptor descriptor, int number, int event) throws Throwable {
        if (Kernel.isReady(number, event) || !Parking.isPossible(hub)) {
            return;
        }
        Wait wait = enter(descriptor);
        boolean interrupted = false;
        try {
            while (!Kernel.isReady(number, event)) {
                JdkFiles.poll(number, event, () -> !wait.over);
                if (wait.over) {
                    throw new IOException("Stream Closed");
                }
                boolean interruptedHere = Thread.interrupted();
                Greenlet.checkRaised();
                interrupted |= interruptedHere;
            }
        } finally {
            leave(descriptor);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Wait enter(FileDescriptor descriptor) {
        return waits.compute(
                descriptor, (d, known) -> known == null ? new Wait(1) : known.joined());
    }

    private void leave(FileDescriptor descriptor) {
        waits.computeIfPresent(descriptor, (d, wait) -> wait.left());
    }

    @Override
    public void ending(FileDescriptor descriptor) {
        int number = JdkFiles.number(descriptor);
        if (number < 0) {
            return;
        }
        Bridge.closing(number);
        Wait wait = waits.isEmpty() ? null : waits.get(descriptor);
        if (wait != null) {
            wait.over = true;
            waits.computeIfPresent(descriptor, (d, known) -> known.closed());
            JdkFiles.stopPoll(number);
        }
    }

    @Override
    public void cleaning(Object cleanable) {
        Bridge.closing(JdkFiles.cleanedNumber(cleanable));
    }

    /*
     * A thread that is interrupted in a channel has it closed by who interrupts it, before it is woken,
     * and the channel waits until it has left. On the hub's own thread, which is where timeouts and
     * kills come from, that would be for ever if the hub carries it.
     */
    @Override
    public boolean closing(Object channel) {
        endWaits(JdkFiles.descriptorOf((FileChannel) channel));
        if (Thread.currentThread().isVirtual() || Hub.currentOrNull() == null) {
            return false;
        }
        Thread.ofPlatform()
                .daemon()
                .name("evy-close")
                .start(() -> JdkFiles.closeChannel((FileChannel) channel));
        return true;
    }

    /*
     * A channel closes its descriptor when all have left it. Whoever found it open but comes here only
     * now must not wait either, so what is said here stays until the descriptor is closed.
     */
    private void endWaits(FileDescriptor descriptor) {
        int number = JdkFiles.number(descriptor);
        if (number >= 0 && Kernel.position(number) < 0) {
            waits.compute(
                    descriptor, (d, known) -> (known == null ? new Wait(0) : known).closing());
            JdkFiles.stopPoll(number);
        }
    }

    /** Those who wait for one descriptor. */
    private static final class Wait {
        volatile boolean over;

        // guarded by the map
        private int waiting;
        private boolean closing;

        Wait(int waiting) {
            this.waiting = waiting;
        }

        Wait joined() {
            waiting++;
            return this;
        }

        Wait closing() {
            over = true;
            closing = true;
            return this;
        }

        @Nullable Wait closed() {
            closing = false;
            return waiting == 0 ? null : this;
        }

        @Nullable Wait left() {
            waiting--;
            return waiting == 0 && !closing ? null : this;
        }
    }
}
