package evy.zmq.it;

import evy.Evy;
import evy.hubs.Greenlet;

import java.time.Duration;

/** A green thread that counts milliseconds: it stands still if something blocks the hub. */
final class Ticker implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(1);

    private final Greenlet thread = Evy.spawnN(this::tick);
    private long ticks;

    private void tick() {
        while (true) {
            Evy.sleep(TICK);
            ticks++;
        }
    }

    /** Waits for so many more, on the same hub. */
    void await(int more) {
        long end = ticks + more;
        while (ticks < end) {
            Evy.sleep(TICK);
        }
    }

    @Override
    public void close() {
        Evy.kill(thread);
    }
}
