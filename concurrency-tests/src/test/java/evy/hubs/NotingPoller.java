package evy.hubs;

import evy.internal.poll.Backend;
import evy.internal.poll.NonBlockingDatagram;
import evy.internal.poll.NonBlockingSocket;
import evy.internal.poll.Poller;
import evy.internal.poll.Source;
import evy.internal.poll.UnixSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** A poller that only notes that it was asked to wait, and that it was asked to stop waiting. */
final class NotingPoller implements Poller, Backend {
    /** What a wait ends with here: a hub that began one has not come out of it. */
    static final IOException ASLEEP = new Asleep();

    // hub thread only
    private boolean asleep;
    // any thread; a wake-up stays, as a real poller's does
    private volatile boolean woken;

    boolean asleep() {
        return asleep;
    }

    boolean woken() {
        return woken;
    }

    @Override
    public int poll(long nanos) throws IOException {
        asleep = true;
        throw ASLEEP;
    }

    @Override
    public void wakeup() {
        woken = true;
    }

    @Override
    public void arm(Source source, int ops, boolean retrigger) {
        throw new UnsupportedOperationException("arm");
    }

    @Override
    public void forget(Source source) {
        throw new UnsupportedOperationException("forget");
    }

    @Override
    public void close() {}

    @Override
    public String name() {
        return "noting";
    }

    @Override
    public @Nullable String unavailable() {
        return null;
    }

    @Override
    public Poller openPoller() {
        return this;
    }

    @Override
    public NonBlockingSocket openSocket(boolean listening) {
        throw new UnsupportedOperationException("openSocket");
    }

    @Override
    public UnixSocket openUnixSocket(boolean listening) {
        throw new UnsupportedOperationException("openUnixSocket");
    }

    @Override
    public UnixSocket[] openUnixPair() {
        throw new UnsupportedOperationException("openUnixPair");
    }

    @Override
    public NonBlockingDatagram openDatagram() {
        throw new UnsupportedOperationException("openDatagram");
    }

    private static final class Asleep extends IOException {
        private static final long serialVersionUID = 1L;

        Asleep() {
            super("asleep");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this; // made once, thrown by millions
        }
    }
}
