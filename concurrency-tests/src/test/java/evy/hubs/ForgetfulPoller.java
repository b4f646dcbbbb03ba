package evy.hubs;

import evy.internal.poll.Poller;
import evy.internal.poll.Source;

import java.io.IOException;

/**
 * A poller that clears its wake-up when it begins to wait, not when it has been woken: one that
 * came just before is forgotten.
 */
final class ForgetfulPoller implements Poller {
    private static final long PREPARATION_NANOS = 3_000;

    private final Poller real;

    ForgetfulPoller(Poller real) {
        this.real = real;
    }

    @Override
    public int poll(long nanos) throws IOException {
        prepare();
        int before = real.poll(0); // wrong: takes the wake-up, too
        return nanos == 0 ? before : before + real.poll(nanos);
    }

    /* A poller may have something to do first; the gap must be wide enough to be met. */
    private static void prepare() {
        long until = System.nanoTime() + PREPARATION_NANOS;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void wakeup() {
        real.wakeup();
    }

    @Override
    public void arm(Source source, int ops, boolean retrigger) throws IOException {
        real.arm(source, ops, retrigger);
    }

    @Override
    public void forget(Source source) {
        real.forget(source);
    }

    @Override
    public void close() {
        real.close();
    }
}
