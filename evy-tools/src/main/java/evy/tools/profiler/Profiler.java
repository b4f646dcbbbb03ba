package evy.tools.profiler;

import evy.io.Signals;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Profiles the program: who computes, by samples of CPU time; who waits, where and for what, by
 * looking at each switch of green threads. Time in which a green thread is switched out is never
 * charged as CPU time.
 *
 * {@snippet :
 * var options = ProfilerOptions.DEFAULT.withHtml(Output.to(Path.of("profile.html")));
 * Profiler.profile(options, () -> work());
 *
 * Profiler.attach(options, Duration.ofSeconds(30)); // all that runs in the next 30 s
 * Profiler.attachOnSignal("USR2", Duration.ofSeconds(60), options); // kill -USR2 PID
 * }
 *
 * <p>There is one profile at a time, of the whole program: all hubs, those that open meanwhile, and
 * all other threads. If the program ends while it is profiled, the outputs are written. Where none
 * is profiled, it costs nothing.
 *
 * <p>Needs the module {@code jdk.jfr}. On Linux with JDK 25 samples are taken by CPU time;
 * elsewhere by the wall clock, of threads that run.
 *
 * @thread all methods any but a hub's callback; beginning and ending take up to seconds, in which
 *     other green threads run
 * @source gevent-profiler
 */
public final class Profiler {
    private static final System.Logger LOG = System.getLogger("evy.tools.profiler");
    private static final long TRACE_MILLIS = 50;
    private static final Duration NO_END = Duration.ZERO;

    /* Held by native threads only, and while a profile begins and ends, which takes its time. */
    private static final Object LOCK = new Object();

    // written under LOCK
    private static volatile @Nullable Attachment current;

    private Profiler() {}

    /**
     * Profiles a call and writes the summary to standard error.
     *
     * @checkpoint always
     * @param <T> type of the result
     * @param call what to profile; so is whatever else runs meanwhile
     * @return its result
     * @throws IllegalStateException if a profile is under way
     * @throws IOException if the profile could not be made or written
     * @throws Exception what the call throws
     */
    public static <T extends @Nullable Object> T profile(Callable<T> call) throws Exception {
        return profile(toStandardError(), call);
    }

    /**
     * Profiles a call.
     *
     * @checkpoint always
     * @param <T> type of the result
     * @param options what to measure and where it goes
     * @param call what to profile; so is whatever else runs meanwhile
     * @return its result
     * @throws IllegalStateException if a profile is under way
     * @throws IOException if the profile could not be made or written; before the call, if an
     *     output cannot be written to
     * @throws Exception what the call throws
     */
    public static <T extends @Nullable Object> T profile(ProfilerOptions options, Callable<T> call)
            throws Exception {
        Attachment attachment = begin(options, NO_END);
        try (AutoCloseable _ = () -> end(attachment)) {
            return call.call();
        }
    }

    /**
     * Begins a profile whose summary goes to standard error.
     *
     * @checkpoint always
     * @param duration when it ends by itself; zero for not before {@link #detach}
     * @throws IllegalStateException if a profile is under way
     * @throws IOException if the flight recorder cannot work
     */
    public static void attach(Duration duration) throws IOException {
        attach(toStandardError(), duration);
    }

    /**
     * Begins a profile.
     *
     * @checkpoint always
     * @param options what to measure and where it goes
     * @param duration when it ends by itself and is written; zero for not before {@link #detach}
     * @throws IllegalStateException if a profile is under way
     * @throws IllegalArgumentException if {@code duration} is negative
     * @throws IOException if an output cannot be written to, or the flight recorder cannot work
     */
    public static void attach(ProfilerOptions options, Duration duration) throws IOException {
        begin(options, duration);
    }

    /**
     * Ends the profile under way and writes its outputs.
     *
     * @checkpoint always
     * @return what was found
     * @throws IllegalStateException if none is under way
     * @throws IOException if it could not be read or written; all outputs that can be are written
     */
    public static Profile detach() throws IOException {
        return Tpool.executeIo(
                () -> {
                    synchronized (LOCK) {
                        Attachment attachment = current;
                        if (attachment == null) {
                            throw new IllegalStateException(
                                    "no profile is under way; attach() or profile() begins one");
                        }
                        return attachment.finish();
                    }
                });
    }

    /** {@return whether a profile is under way} */
    public static boolean isAttached() {
        return current != null;
    }

    /**
     * Begins a profile whenever a signal comes; the same signal during a profile ends it. What goes
     * wrong then, and where results are, is logged.
     *
     * @param signal such as USR2; the JVM keeps QUIT and USR1 to itself
     * @param duration of a profile; zero for until the next signal
     * @param options what to measure and where it goes; the next profile replaces the files of the
     *     last
     * @return to stop it by
     * @throws IllegalArgumentException if there is no such signal, or it cannot be had; or if
     *     {@code duration} is negative
     * @throws UnsupportedOperationException if the module {@code jdk.unsupported} is missing
     */
    public static Signals.Registration attachOnSignal(
            String signal, Duration duration, ProfilerOptions options) {
        requireNotNegative(duration);
        Objects.requireNonNull(options, "options");
        return Signals.onPlatformThread(signal, _ -> toggle(options, duration));
    }

    private static void toggle(ProfilerOptions options, Duration duration) {
        try {
            synchronized (LOCK) {
                Attachment attachment = current;
                if (attachment == null) {
                    start(options, duration);
                    LOG.log(Level.INFO, "profile begins");
                } else {
                    attachment.finish();
                    LOG.log(Level.INFO, "profile written");
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "profile: " + e.getMessage(), e);
        }
    }

    private static ProfilerOptions toStandardError() {
        return ProfilerOptions.DEFAULT.withSummary(Output.to(System.err));
    }

    private static void requireNotNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration must be >= 0: " + duration);
        }
    }

    private static Attachment begin(ProfilerOptions options, Duration duration) throws IOException {
        requireNotNegative(duration);
        Objects.requireNonNull(options, "options");
        Beginning beginning = new Beginning(options, duration);
        boolean begun = false;
        try {
            Attachment attachment = Tpool.executeIo(beginning);
            begun = true;
            return attachment;
        } finally {
            if (!begun) {
                beginning.abandon(); // killed meanwhile: nobody would end it
            }
        }
    }

    private static void end(Attachment attachment) throws IOException {
        Tpool.executeIo(
                () -> {
                    synchronized (LOCK) {
                        // else somebody has detached it
                        return current == attachment ? attachment.finish() : null;
                    }
                });
    }

    /* Under the lock. */
    private static Attachment start(ProfilerOptions options, Duration duration) throws IOException {
        Attachment before = current;
        if (before != null) {
            throw new IllegalStateException(
                    "a profile is under way since %d ms; detach() ends it"
                            .formatted(before.session.elapsed().toMillis()));
        }
        Attachment attachment = new Attachment(Session.start(options));
        current = attachment;
        attachment.watch(duration);
        return attachment;
    }

    /** A call that begins a profile; whoever waits for it may be gone before it returns. */
    private static final class Beginning implements Callable<Attachment> {
        private final ProfilerOptions options;
        private final Duration duration;

        // guarded by LOCK
        private @Nullable Attachment begun;

        // any thread
        private volatile boolean abandoned;

        Beginning(ProfilerOptions options, Duration duration) {
            this.options = options;
            this.duration = duration;
        }

        @Override
        public Attachment call() throws IOException {
            synchronized (LOCK) {
                if (abandoned) {
                    throw new IllegalStateException("who wanted the profile is gone");
                }
                Attachment attachment = start(options, duration);
                begun = attachment;
                return attachment;
            }
        }

        void abandon() {
            abandoned = true;
            Thread.ofPlatform().daemon().name(Session.THREAD_NAME).start(this::discard);
        }

        private void discard() {
            synchronized (LOCK) {
                Attachment attachment = begun;
                if (attachment != null && attachment == current) {
                    attachment.discard();
                }
            }
        }
    }

    /** The profile under way, and what ends it if nobody does. */
    private static final class Attachment {
        private final Session session;
        private final Thread hook =
                Thread.ofPlatform().name(Session.THREAD_NAME).unstarted(this::finishAtExit);
        private @Nullable Thread watcher;

        Attachment(Session session) {
            this.session = session;
            try {
                Runtime.getRuntime().addShutdownHook(hook);
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "the JVM ends already");
            }
        }

        void watch(Duration duration) {
            if (duration.isZero() && !session.isTraced()) {
                return;
            }
            watcher =
                    Thread.ofPlatform()
                            .daemon()
                            .name(Session.THREAD_NAME)
                            .start(() -> runUntil(duration));
        }

        private void runUntil(Duration duration) {
            try {
                while (duration.isZero() || session.elapsed().compareTo(duration) < 0) {
                    Thread.sleep(pause(duration));
                    synchronized (LOCK) {
                        if (current != this) {
                            return;
                        }
                        session.drainTrace();
                    }
                }
                synchronized (LOCK) {
                    if (current == this) {
                        finish();
                        LOG.log(Level.INFO, "profile written");
                    }
                }
            } catch (InterruptedException e) {
                return; // it has ended
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.WARNING, "profile: " + e.getMessage(), e);
            }
        }

        private Duration pause(Duration duration) {
            Duration step = Duration.ofMillis(TRACE_MILLIS);
            if (duration.isZero()) {
                return step;
            }
            Duration left = duration.minus(session.elapsed()).plusMillis(1);
            Duration pause = session.isTraced() && left.compareTo(step) > 0 ? step : left;
            return pause.isNegative() ? Duration.ZERO : pause;
        }

        /* Under the lock. */
        Profile finish() throws IOException {
            end();
            Profile profile = session.finish();
            session.write(profile);
            return profile;
        }

        /* Under the lock. */
        void discard() {
            end();
            try {
                session.discard();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "profile: " + e.getMessage(), e);
            }
        }

        private void end() {
            current = null;
            Thread watching = watcher;
            if (watching != null && watching != Thread.currentThread()) {
                watching.interrupt();
            }
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "the JVM ends");
            }
        }

        @SuppressWarnings("SystemOut") // loggers may have been shut down
        private void finishAtExit() {
            synchronized (LOCK) {
                if (current != this) {
                    return;
                }
                try {
                    finish();
                } catch (IOException | RuntimeException e) {
                    System.err.println("evy: profile: " + e.getMessage());
                }
            }
        }
    }
}
