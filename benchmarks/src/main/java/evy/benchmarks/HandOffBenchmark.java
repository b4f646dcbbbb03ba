package evy.benchmarks;

import evy.Evy;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * One hand-off between two threads that wake each other in turn, by park and unpark and through a
 * queue of the JDK.
 *
 * <p>Claim: at most 200 ns on a hub and half of what stock virtual threads need. Falsified by more.
 */
@OperationsPerInvocation(2 * HubBenchmark.BATCH)
public class HandOffBenchmark extends HubBenchmark {
    @Benchmark
    public void evy() throws Exception {
        onHub(new ParkPair());
    }

    @Benchmark
    public void stockVirtual() throws Exception {
        onVirtualThreads(new ParkPair());
    }

    @Benchmark
    public void platform() throws Exception {
        onPlatformThreads(new ParkPair());
    }

    @Benchmark
    public void evySynchronousQueue() throws Exception {
        onHub(new QueuePair());
    }

    @Benchmark
    public void stockVirtualSynchronousQueue() throws Exception {
        onVirtualThreads(new QueuePair());
    }

    @Benchmark
    public void platformSynchronousQueue() throws Exception {
        onPlatformThreads(new QueuePair());
    }

    private static void onHub(Pair pair) throws Exception {
        Evy.run(
                () -> {
                    var pong =
                            Evy.spawn(
                                    () -> {
                                        pair.pong();
                                        return null;
                                    });
                    pair.ping();
                    pong.join();
                    return null;
                });
    }

    private static void onVirtualThreads(Pair pair) throws Exception {
        runVirtual(() -> onThreads(Thread.ofVirtual(), pair));
    }

    private static void onPlatformThreads(Pair pair) throws Exception {
        runPlatform(() -> onThreads(Thread.ofPlatform(), pair));
    }

    private static Void onThreads(Thread.Builder kind, Pair pair) throws Exception {
        var pong =
                kind.start(
                        () -> {
                            try {
                                pair.pong();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        pair.ping();
        pong.join();
        return null;
    }

    /** Two sides, each run by one thread, that hand a turn to and fro {@value #BATCH} times. */
    private interface Pair {
        void ping() throws InterruptedException;

        void pong() throws InterruptedException;
    }

    private static final class ParkPair implements Pair {
        private volatile Thread first;
        private volatile Thread second;
        private volatile boolean turnOfSecond;

        @Override
        public void ping() {
            first = Thread.currentThread();
            while (second == null) {
                Thread.yield();
            }
            for (int i = 0; i < BATCH; i++) {
                turnOfSecond = true;
                LockSupport.unpark(second);
                while (turnOfSecond) {
                    LockSupport.park(this);
                }
            }
        }

        @Override
        public void pong() {
            second = Thread.currentThread();
            for (int i = 0; i < BATCH; i++) {
                while (!turnOfSecond) {
                    LockSupport.park(this);
                }
                turnOfSecond = false;
                LockSupport.unpark(first);
            }
        }
    }

    private static final class QueuePair implements Pair {
        private final SynchronousQueue<Integer> there = new SynchronousQueue<>();
        private final SynchronousQueue<Integer> back = new SynchronousQueue<>();

        @Override
        public void ping() throws InterruptedException {
            for (int i = 0; i < BATCH; i++) {
                there.put(i);
                back.take();
            }
        }

        @Override
        public void pong() throws InterruptedException {
            for (int i = 0; i < BATCH; i++) {
                back.put(there.take());
            }
        }
    }
}
