package evy.tools;

import evy.GreenThreadExit;
import evy.hubs.Greenlet;
import evy.internal.os.SystemSignal;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets a program take leave when it is asked to end: the first SIGTERM, SIGINT or SIGHUP kills its
 * main green thread, so that what it has opened is closed on the way out; the second ends the JVM
 * as it stands.
 *
 * <p>Not made of {@link evy.io.Signals}, but below it: a signal that the program handles is the
 * program's alone, and a hub that is busy for ever does not keep the JVM from ending.
 *
 * @thread all methods any
 */
final class TerminationSignals implements AutoCloseable {
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
    private static final int STATUS_BASE = 128; // what shells make of a signal's number

    private final Greenlet main;
    private final List<SystemSignal> taken = new ArrayList<>();
    private volatile int status;

    private TerminationSignals(Greenlet main) {
        this.main = main;
    }

    /**
     * Has the signals end a green thread. Without the module {@code jdk.unsupported}, or if the JVM
     * runs with {@code -Xrs}, they do what they always do; so does one that is ignored, as under
     * {@code nohup}.
     */
    static TerminationSignals kill(Greenlet main) {
        var signals = new TerminationSignals(main);
        for (var name : NAMES) {
            signals.take(name);
        }
        return signals;
    }

    private void take(String name) {
        SystemSignal signal;
        try {
            signal = SystemSignal.take(name, number -> arrived(STATUS_BASE + number));
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            return; // see above
        }
        if (signal.wasIgnored()) {
            signal.close();
        } else {
            taken.add(signal);
        }
    }

    /* On a thread of the JVM's. */
    private synchronized void arrived(int asStatus) {
        if (status != 0) {
            Runtime.getRuntime().halt(asStatus);
        }
        status = asStatus;
        main.raise(new GreenThreadExit());
    }

    /** The exit status that tells of the signal; 0 if none came. */
    int status() {
        return status;
    }

    /** Brings back what was before. */
    @Override
    public void close() {
        taken.forEach(SystemSignal::close);
    }
}
