package evy.patcher.os;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * While one is open, an interrupt of the current thread does not close the channel whose call it is
 * in. A kill or timeout that comes between two waits is sent as an interrupt, and it must not.
 *
 * <p>An interrupt that was nothing else does close the channel, as the JDK has it, when the shelter
 * is closed.
 */
final class Shelter implements AutoCloseable {
    /** What an interrupt of a thread closes. */
    private static final VarHandle BLOCKER;

    static {
        try {
            BLOCKER =
                    MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                            .findVarHandle(
                                    Thread.class,
                                    "nioBlocker",
                                    Class.forName("sun.nio.ch.Interruptible"));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Object blocker;
    private boolean interrupted;

    Shelter() {
        blocker = BLOCKER.get(Thread.currentThread());
        if (blocker != null) {
            BLOCKER.set(Thread.currentThread(), null);
        }
    }

    /** Throws what came as an interrupt, or before, and is to be thrown. */
    void check() {
        Greenlet.checkRaised();
    }

    /** Notes that the thread was interrupted, and nothing else. */
    void interrupted() {
        interrupted = true;
    }

    /* From another thread: whoever closes a channel waits until its calls are over. */
    @Override
    public void close() {
        if (blocker != null) {
            BLOCKER.set(Thread.currentThread(), blocker);
        }
        if (interrupted) {
            Thread me = Thread.currentThread();
            if (blocker == null) {
                me.interrupt();
            } else {
                Thread.ofPlatform().name("evy-interrupt").daemon().start(me::interrupt);
            }
        }
    }
}
