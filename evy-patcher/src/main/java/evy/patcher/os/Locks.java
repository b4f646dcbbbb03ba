package evy.patcher.os;

import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import java.lang.invoke.MethodHandle;

/**
 * Locks of files that another process has. Asked for again and again, as the system would tell only
 * a thread that blocks in the asking.
 */
final class Locks implements Bridge.Detour, Waiter.External {
    private static final long PAUSE_NANOS = 10_000_000;

    /* Results and arguments of sun.nio.ch.FileDispatcher.lock. */
    private static final int NO_LOCK = -1;
    private static final int INTERRUPTED = 2;
    private static final int BLOCKING = 2;

    @Override
    public Object call(MethodHandle original, Object[] arguments) throws Throwable {
        Hub hub = Green.hub();
        if (hub == null || !(boolean) arguments[BLOCKING]) {
            return Bridge.STAY;
        }
        Object[] attempt = arguments.clone();
        attempt[BLOCKING] = false;
        Object result = Originals.call(original, attempt);
        if (result == null || (int) result != NO_LOCK) {
            return result == null ? Bridge.STAY : result;
        }
        if (!Parking.isPossible(hub)) {
            return Bridge.STAY;
        }
        try (Shelter shelter = new Shelter()) {
            pause(shelter);
        }
        return INTERRUPTED; // the JDK comes again, unless the channel has been closed
    }

    private void pause(Shelter shelter) {
        try {
            Waiter.current(this).await(PAUSE_NANOS);
            shelter.check();
        } catch (InterruptedException e) {
            shelter.interrupted(); // which closes the channel
        }
    }

    @Override
    public String toString() {
        return "lock of a file";
    }
}
