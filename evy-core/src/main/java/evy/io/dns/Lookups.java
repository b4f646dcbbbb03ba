package evy.io.dns;

import evy.hubs.Clock;
import evy.hubs.Hub;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Questions of one kind, on their way or answered lately: everybody who asks what is being asked
 * shares the answer, and for a while so does everybody who comes later.
 *
 * @param <Q> a question
 * @param <A> an answer
 * @thread any
 */
/*
 * Life of a question: made by its first asker, who starts it -> joined by others -> landed: taken
 * out of `flights`, put into the cache, its askers woken. An asker who is torn or runs out of time
 * leaves; the last to leave cancels the question, which works only while it has not really begun
 * (its resolver decides). If somebody joins between the last one's leaving and the cancel, the
 * question is asked again for the newcomer.
 *
 * The lock is a spin lock: resolvers are called, and futures cancelled, without it.
 */
final class Lookups<Q, A> {
    private final String who;
    private final DnsOptions options;
    private final Clock clock;
    private final Function<Q, CompletableFuture<A>> resolver;
    private final Function<A, @Nullable Duration> timeToLive;

    private final WaitQueue lock = new WaitQueue();

    // guarded by lock
    private final Map<Q, Flight<Q, A>> flights = new HashMap<>();
    private final LinkedHashMap<Q, Entry<A>> cache = new LinkedHashMap<>(16, 0.75f, true);
    private final Tally tally = new Tally();
    private int flushes;

    Lookups(
            String who,
            DnsOptions options,
            Function<Q, CompletableFuture<A>> resolver,
            Function<A, @Nullable Duration> timeToLive) {
        this.who = who;
        this.options = options;
        this.clock = options.clock();
        this.resolver = resolver;
        this.timeToLive = timeToLive;
    }

    /**
     * The answer to a question, from the cache, or from whoever knows.
     *
     * @param host for messages
     */
    A get(Q question, String host) throws LookupException {
        long limit = Hub.saturatedNanos(options.timeout());
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    long left =
                            limit == Waiter.FOREVER ? limit : limit - (System.nanoTime() - start);
                    Outcome<A> outcome = outcome(question, left);
                    if (outcome == null) {
                        throw LookupException.timedOut(host, options.timeout().toMillis(), who);
                    }
                    return outcome.get();
                } catch (InterruptedException e) {
                    interrupted = true; // an interrupt does not end a look-up, as in InetAddress
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Null if the time was over. */
    private @Nullable Outcome<A> outcome(Q question, long nanos) throws InterruptedException {
        Flight<Q, A> flight;
        Waiter waiter;
        boolean first;
        lock.lock();
        try {
            Outcome<A> known = cached(question);
            if (known != null) {
                return known;
            }
            Flight<Q, A> running = flights.get(question);
            first = running == null;
            flight = running == null ? new Flight<>(question, lock, flushes) : running;
            waiter = flight.waiters.enter(flight);
            flight.askers++;
            flights.put(question, flight);
            tally.count(first);
        } finally {
            lock.unlock();
        }
        if (first) {
            start(flight);
        }
        return await(flight, waiter, nanos);
    }

    private @Nullable Outcome<A> await(Flight<Q, A> flight, Waiter waiter, long nanos)
            throws InterruptedException {
        boolean woken = false;
        try {
            woken = flight.waiters.await(waiter, nanos);
        } finally {
            if (!woken) {
                leave(flight);
            }
        }
        if (woken) {
            return flight.outcome;
        }
        lock.lock();
        try {
            tally.timeouts++;
        } finally {
            lock.unlock();
        }
        return null;
    }

    private @Nullable Outcome<A> cached(Q question) {
        Entry<A> entry = cache.get(question);
        if (entry == null) {
            return null;
        }
        if (entry.expires && entry.until - clock.nanos() <= 0) {
            cache.remove(question);
            return null;
        }
        tally.hit(entry.outcome);
        return entry.outcome;
    }

    private void start(Flight<Q, A> flight) {
        CompletableFuture<A> future;
        try {
            future = resolver.apply(flight.question);
        } catch (Throwable t) {
            future = CompletableFuture.failedFuture(t);
        }
        lock.lock();
        try {
            flight.future = future;
        } finally {
            lock.unlock();
        }
        var _ = future.whenComplete((answer, failure) -> land(flight, answer, failure));
    }

    private void leave(Flight<Q, A> flight) {
        CompletableFuture<A> unwanted = null;
        lock.lock();
        try {
            flight.askers--;
            if (flight.askers == 0 && flight.outcome == null) {
                flight.abandoned = true;
                unwanted = flight.future;
            }
        } finally {
            lock.unlock();
        }
        if (unwanted != null) {
            unwanted.cancel(false);
        }
    }

    private void land(Flight<Q, A> flight, @Nullable A answer, @Nullable Throwable failure) {
        boolean again = false;
        Outcome<A> outcome = outcomeOf(flight, answer, failure);
        lock.lock();
        try {
            if (flight.abandoned && failure instanceof CancellationException) {
                flight.abandoned = false;
                again = flight.askers > 0;
                if (!again) {
                    flights.remove(flight.question, flight);
                }
            } else {
                settle(flight, outcome);
            }
        } finally {
            lock.unlock();
        }
        if (again) {
            start(flight);
        }
    }

    private void settle(Flight<Q, A> flight, Outcome<A> outcome) {
        flights.remove(flight.question, flight);
        flight.outcome = outcome;
        if (outcome.failure != null) {
            tally.failures++;
        }
        if (flight.flushes == flushes) {
            keep(flight.question, outcome);
        }
        flight.waiters.wakeAll(null);
    }

    private void keep(Q question, Outcome<A> outcome) {
        long nanos = Hub.saturatedNanos(timeToLive(outcome));
        if (nanos <= 0 || options.cacheSize() == 0) {
            return;
        }
        cache.put(question, new Entry<>(outcome, nanos != Waiter.FOREVER, clock.nanos() + nanos));
        if (cache.size() > options.cacheSize()) {
            cache.pollFirstEntry();
        }
    }

    /* That somebody could not tell is not worth keeping. */
    private Duration timeToLive(Outcome<A> outcome) {
        if (outcome.answer != null) {
            Duration told = timeToLive.apply(outcome.answer);
            return told == null ? options.timeToLive() : told;
        }
        LookupException failure = outcome.failure;
        boolean known =
                failure != null
                        && (failure.reason() == LookupException.Reason.NO_SUCH_NAME
                                || failure.reason() == LookupException.Reason.NO_ADDRESS);
        return known ? options.negativeTimeToLive() : Duration.ZERO;
    }

    private Outcome<A> outcomeOf(
            Flight<Q, A> flight, @Nullable A answer, @Nullable Throwable failure) {
        if (failure == null && answer != null) {
            return new Outcome<>(answer, null);
        }
        Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
        if (why instanceof LookupException told) {
            return new Outcome<>(null, told);
        }
        Throwable cause = why == null ? new NullPointerException("it answered null") : why;
        return new Outcome<>(null, LookupException.failed(flight.question.toString(), cause, who));
    }

    /** Forgets all answers; who asks from now on gets a new one. */
    void flush() {
        lock.lock();
        try {
            flushes++;
            cache.clear();
            flights.clear();
        } finally {
            lock.unlock();
        }
    }

    DnsStatistics statistics(long hostsHits) {
        lock.lock();
        try {
            return new DnsStatistics(
                    tally.queries,
                    tally.joined,
                    tally.hits,
                    tally.negativeHits,
                    hostsHits,
                    tally.failures,
                    tally.timeouts,
                    flights.size(),
                    cache.size());
        } finally {
            lock.unlock();
        }
    }

    /** A question on its way. A resolver, on whatever thread, will answer it. */
    private static final class Flight<Q, A> implements Waiter.External, Waiter.Kind {
        private final Q question;
        private final WaitQueue waiters;
        private final int flushes;

        // guarded by lock; the outcome may be read by who was woken
        private int askers;
        private boolean abandoned;
        private @Nullable CompletableFuture<A> future;
        private @Nullable Outcome<A> outcome;

        Flight(Q question, WaitQueue lock, int flushes) {
            this.question = question;
            this.waiters = new WaitQueue(lock);
            this.flushes = flushes;
        }

        @Override
        public String kind() {
            return "dns";
        }

        @Override
        public String toString() {
            return "look-up of " + question;
        }
    }

    /** What came of a question: one of both. */
    private record Outcome<A>(@Nullable A answer, @Nullable LookupException failure) {
        A get() throws LookupException {
            if (failure != null) {
                throw failure.anew();
            }
            return Objects.requireNonNull(answer);
        }
    }

    private record Entry<A>(Outcome<A> outcome, boolean expires, long until) {}

    /** Counts. */
    private static final class Tally {
        private long queries;
        private long joined;
        private long hits;
        private long negativeHits;
        private long failures;
        private long timeouts;

        void count(boolean first) {
            if (first) {
                queries++;
            } else {
                joined++;
            }
        }

        void hit(Outcome<?> outcome) {
            if (outcome.answer == null) {
                negativeHits++;
            } else {
                hits++;
            }
        }
    }
}
