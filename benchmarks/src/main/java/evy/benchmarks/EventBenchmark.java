package evy.benchmarks;

import evy.Evy;
import evy.sync.Event;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import java.util.concurrent.Callable;

/**
 * One switch between two parties that wake each other in turn through events, each sent once: the
 * {@code context} benchmark of Evy for Python.
 *
 * <p>Claim: on a hub a switch through an event costs hardly more than one by park and unpark, see
 * {@link HandOffBenchmark}, and far less than between platform threads. Falsified by twice as much.
 */
@OperationsPerInvocation(2 * HubBenchmark.BATCH)
public class EventBenchmark extends HubBenchmark {
    @Benchmark
    public void evy() throws Exception {
        var rounds = new Rounds();
        Evy.run(
                () -> {
                    var pong = Evy.spawn(rounds::pong);
                    rounds.ping();
                    return pong.join();
                });
    }

    @Benchmark
    public void stockVirtual() throws Exception {
        runVirtual(() -> onThreads(Thread.ofVirtual()));
    }

    @Benchmark
    public void platform() throws Exception {
        runPlatform(() -> onThreads(Thread.ofPlatform()));
    }

    private static Void onThreads(Thread.Builder kind) throws Exception {
        var rounds = new Rounds();
        var pong = kind.start(unchecked(rounds::pong));
        rounds.ping();
        pong.join();
        return null;
    }

    private static Runnable unchecked(Callable<?> body) {
        return () -> {
            try {
                body.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** A pair of new events for each round: an event is sent once. */
    private static final class Rounds {
        private final Event<Integer>[] there = events();
        private final Event<Integer>[] back = events();

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static Event<Integer>[] events() {
            var events = new Event[BATCH];
            for (int i = 0; i < BATCH; i++) {
                events[i] = new Event<Integer>();
            }
            return events;
        }

        void ping() throws InterruptedException {
            for (int i = 0; i < BATCH; i++) {
                there[i].send(i);
                back[i].await();
            }
        }

        Void pong() throws InterruptedException {
            for (int i = 0; i < BATCH; i++) {
                there[i].await();
                back[i].send(i);
            }
            return null;
        }
    }
}
