package evy.internal.util;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock for a few instructions that never block: guards what green threads of several hubs,
 * platform threads and the hubs' own callbacks share. Re-entrant, not fair.
 */
/*
 * Why not a monitor or a ReentrantLock: both queue who has to wait, and pass the turn on to the
 * first. If that is a green thread while its hub's own thread, in a callback or under a pinned green
 * thread, waits further back, neither can ever run. Here nobody is promised a turn: the lock is free
 * as soon as its holder has gone on, and a holder can always go on.
 *
 * The owner is kept as a number, as a reference would cost a barrier of the garbage collector.
 */
public class SpinLock {
    /* Some microseconds, longer than the lock is ever held by a thread that is not preempted. */
    private static final int SPINS_BEFORE_YIELD = 256;

    private static final VarHandle OWNER =
            Fields.handle(MethodHandles.lookup(), "owner", long.class);

    // any thread, CAS; id of the holder's thread, 0 if free
    private volatile long owner;

    // the holder only
    private int reentries;

    /** A lock that nobody holds. */
    public SpinLock() {}

    /** Gets the lock. */
    public final void lock() {
        long me = Thread.currentThread().threadId();
        if (!OWNER.compareAndSet(this, 0L, me)) {
            lockSlowly(me);
        }
    }

    private void lockSlowly(long me) {
        if (owner == me) {
            reentries++;
            return;
        }
        int spins = 0;
        do {
            spins++;
            if (spins % SPINS_BEFORE_YIELD == 0) {
                Thread.yield(); // its holder may need this core, or this very hub
            } else {
                Thread.onSpinWait();
            }
        } while (owner != 0 || !OWNER.compareAndSet(this, 0L, me));
    }

    /** Gives the lock back. The holder only. */
    public final void unlock() {
        if (reentries > 0) {
            reentries--;
        } else {
            OWNER.setRelease(this, 0L);
        }
    }

    /** {@return true if {@link #unlock} will not free it yet} The holder only. */
    protected final boolean isReentered() {
        return reentries > 0;
    }

    /** {@return true if the current thread holds it} */
    public final boolean isHeld() {
        return owner == Thread.currentThread().threadId();
    }
}
