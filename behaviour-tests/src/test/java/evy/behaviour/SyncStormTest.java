package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.HubGroup;
import evy.pools.Pool;
import evy.sync.CappedSemaphore;
import evy.sync.Event;
import evy.sync.GreenLifoQueue;
import evy.sync.GreenPriorityQueue;
import evy.sync.GreenQueue;
import evy.sync.LightQueue;
import evy.sync.Metaphore;
import evy.sync.QueueClosedException;
import evy.sync.Semaphore;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Storms: threads of two hubs and platform threads use one thing at a time while kills, timeouts
 * and interrupts rain on them; then the same on one hub in any order. At the end the sums must be
 * right.
 */
@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class SyncStormTest {
    private static final int MANUAL_STORMS = 4;

    @Spec({"SEM1", "SEM8", "SEM9", "X9"})
    @Test
    void semaphore_inAStorm_keepsItsPermits() throws Exception {
        everywhere(
                storm -> {
                    int permits = 3;
                    var semaphore = new Semaphore(permits);
                    var inside = new AtomicInteger();

                    storm.rage(
                            8,
                            (number, random) -> {
                                for (int i = 0; i < storm.rounds(); i++) {
                                    if (storm.attempt(
                                            random,
                                            () -> {
                                                semaphore.acquire();
                                                return true;
                                            })) {
                                        int now = inside.incrementAndGet();
                                        storm.check(now <= permits, now + " inside");
                                        storm.maybeYield(random);
                                        inside.decrementAndGet();
                                        semaphore.release();
                                    }
                                }
                            });

                    assertThat(semaphore.balance()).isEqualTo(permits);
                });
    }

    @Spec({"SEM5", "SEM6", "SEM9"})
    @Test
    void cappedSemaphore_inAStorm_endsWhereItBegan() throws Exception {
        for (int limit : new int[] {0, 3}) {
            everywhere(
                    storm -> {
                        var semaphore = new CappedSemaphore(0, limit);
                        var balance = new AtomicInteger();

                        storm.rage(
                                8,
                                (number, random) -> {
                                    boolean acquires = number % 2 == 0;
                                    for (int done = 0; done < storm.rounds(); ) {
                                        boolean ok =
                                                storm.attempt(
                                                        random,
                                                        () -> {
                                                            if (acquires) {
                                                                semaphore.acquire();
                                                            } else {
                                                                semaphore.release();
                                                            }
                                                            return true;
                                                        });
                                        if (ok) {
                                            balance.addAndGet(acquires ? -1 : 1);
                                            done++;
                                        }
                                    }
                                });

                        assertThat(balance).hasValue(0);
                        assertThat(semaphore.balance()).isEqualTo(-limit);
                        assertThat(semaphore.tryAcquire()).isFalse();
                    });
        }
    }

    @Spec({"EV1", "EV5", "EV6", "EV10"})
    @Test
    void events_inAStorm_reachAllWithTheirOwnValue() throws Exception {
        everywhere(
                storm -> {
                    var events = new ArrayList<Event<Integer>>();
                    for (int i = 0; i < storm.rounds(); i++) {
                        events.add(new Event<>());
                    }
                    var got = new AtomicInteger();

                    storm.rage(
                            8,
                            (number, random) -> {
                                for (int i = 0; i < events.size(); i++) {
                                    var event = events.get(i);
                                    if (i % 8 == number) {
                                        storm.maybeYield(random);
                                        event.send(i);
                                    }
                                    Integer value = null;
                                    while (value == null) {
                                        value = storm.get(random, () -> event.await());
                                    }
                                    storm.check(value == i, value + " from event " + i);
                                    got.incrementAndGet();
                                }
                            });

                    assertThat(got).hasValue(8 * events.size());
                    assertThat(events).allMatch(event -> event.waiting() == 0);
                });
    }

    @Spec("EV12")
    @Test
    void metaphore_inAStorm_comesToZeroAndReleasesAll() throws Exception {
        everywhere(
                storm -> {
                    var metaphore = new Metaphore();
                    var guard = new AtomicInteger();

                    storm.rage(
                            8,
                            (number, random) -> {
                                for (int i = 0; i < storm.rounds(); i++) {
                                    if (number < 5) {
                                        int by = 1 + random.nextInt(3);
                                        metaphore.inc(by);
                                        guard.addAndGet(by);
                                        storm.maybeYield(random);
                                        guard.addAndGet(-by);
                                        metaphore.dec(by);
                                    } else {
                                        boolean unused =
                                                storm.attempt(
                                                        random,
                                                        () -> {
                                                            metaphore.await();
                                                            return true;
                                                        });
                                    }
                                }
                            });

                    assertThat(metaphore.count()).isZero();
                    assertThat(guard).hasValue(0);
                    assertThat(metaphore).asString().contains("waiting=0");
                });
    }

    @Spec({"Q3", "Q5", "Q7", "Q8", "Q9", "Q12", "Q14"})
    @ParameterizedTest
    @EnumSource(Kind.class)
    void queue_inAStorm_deliversAllOnceAndInOrder(Kind kind) throws Exception {
        everywhere(storm -> exchange(storm, kind));
    }

    private static void exchange(Storm storm, Kind kind) throws Exception {
        BlockingQueue<Element> queue = kind.open();
        int producers = 4;
        int each = storm.rounds();
        var producing = new AtomicInteger(producers);
        var received = new ConcurrentLinkedQueue<Element>();

        storm.rage(
                8,
                (number, random) -> {
                    if (number < producers) {
                        for (int i = 0; i < each; ) {
                            var element = new Element(number, i);
                            if (storm.attempt(random, () -> kind.put(queue, element, random))) {
                                i++;
                            }
                        }
                        if (producing.decrementAndGet() == 0) {
                            kind.close(queue);
                        }
                        return;
                    }
                    int[] last = new int[producers];
                    Arrays.fill(last, -1);
                    try {
                        while (true) {
                            Element element = storm.get(random, () -> kind.take(queue, random));
                            if (element != null) {
                                received.add(element);
                                int before = last[element.producer];
                                last[element.producer] = element.number;
                                storm.check(
                                        !kind.fifo || before < element.number,
                                        () -> element + " after " + before);
                                kind.done(queue);
                            }
                        }
                    } catch (QueueClosedException end) {
                        return;
                    }
                });

        assertThat(received).doesNotHaveDuplicates().hasSize(producers * each);
        assertThat(queue).isEmpty();
        assertThat(kind.waiting(queue)).isZero();
        kind.checkDone(queue);
    }

    @Spec({"GP16", "SEM9"})
    @Test
    void pool_inAStorm_lendsEachItemToOneAndLosesNone() throws Exception {
        everywhere(
                storm -> {
                    int size = 3;
                    var made = new AtomicInteger();
                    var pool =
                            new Pool<AtomicBoolean>(
                                    size,
                                    () -> {
                                        made.incrementAndGet();
                                        return new AtomicBoolean();
                                    });

                    storm.rage(
                            8,
                            (number, random) -> {
                                for (int i = 0; i < storm.rounds(); i++) {
                                    AtomicBoolean item = storm.get(random, () -> pool.get());
                                    if (item != null) {
                                        storm.check(item.compareAndSet(false, true), "lent twice");
                                        storm.maybeYield(random);
                                        item.set(false);
                                        if (random.nextInt(10) == 0) {
                                            pool.discard(item);
                                        } else {
                                            pool.put(item);
                                        }
                                    }
                                }
                            });

                    assertThat(pool.free()).isEqualTo(size);
                    assertThat(pool.waiting()).isZero();
                    assertThat(made.get()).isPositive();
                });
    }

    /* Once between two hubs and platform threads, and a few times on one hub in random order. */
    private static void everywhere(Scene scene) throws Exception {
        long seed = new Random().nextLong();
        try (var hubs = HubGroup.open(2)) {
            scene.play(new Storm(hubs, seed));
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed, t);
        }
        for (int i = 0; i < MANUAL_STORMS; i++) {
            long own = seed + i;
            try (var manual = ManualHub.open(own)) {
                manual.run(() -> scene.play(new Storm(null, own)));
            } catch (Throwable t) {
                throw new AssertionError("seed " + own + " in any order", t);
            }
        }
    }

    /** What happens in a storm. */
    private interface Scene {
        void play(Storm storm) throws Exception;
    }

    /** What one of the threads does. */
    private interface Role {
        void play(int number, Random random) throws Exception;
    }

    /** A call that may be torn. */
    private interface Wait<T> {
        T call() throws InterruptedException;
    }

    /** Threads, and what rains on them. */
    private static final class Storm {
        private static final int ROUNDS = 300;
        private static final int ROUNDS_IN_ANY_ORDER = 40;
        private static final int PLATFORM_THREADS = 2;
        private static final Duration PATIENCE = Duration.ofSeconds(60);

        private final HubGroup hubs; // null on one hub
        private final Random random;
        private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();

        Storm(HubGroup hubs, long seed) {
            this.hubs = hubs;
            this.random = new Random(seed);
        }

        int rounds() {
            return hubs == null ? ROUNDS_IN_ANY_ORDER : ROUNDS;
        }

        void check(boolean holds, String otherwise) {
            check(holds, () -> otherwise);
        }

        void check(boolean holds, Supplier<String> otherwise) {
            if (!holds) {
                surprises.add(new AssertionError(otherwise.get()));
            }
        }

        /* Has threads play their role, lets it rain until all have ended. */
        void rage(int count, Role role) throws Exception {
            var victims = ConcurrentHashMap.<Greenlet>newKeySet();
            var ended = new CountDownLatch(count);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < count; i++) {
                int number = i;
                var own = new Random(random.nextLong());
                Runnable body =
                        () -> {
                            victims.add(Greenlet.current());
                            try {
                                role.play(number, own);
                            } catch (Throwable t) {
                                surprises.add(t);
                            } finally {
                                victims.remove(Greenlet.current());
                                ended.countDown();
                            }
                        };
                if (hubs == null) {
                    GreenThread<?> unused = Evy.spawn(body::run);
                } else if (i % 4 == 3 && threads.size() < PLATFORM_THREADS) {
                    threads.add(Thread.ofPlatform().start(body));
                } else {
                    GreenThread<?> unused = Evy.spawn(hubs.next(), body::run);
                }
            }
            rain(victims, ended);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(surprises).isEmpty();
        }

        private void rain(Set<Greenlet> victims, CountDownLatch ended) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (ended.getCount() > 0) {
                var all = new ArrayList<>(victims);
                if (!all.isEmpty()) {
                    Greenlet victim = all.get(random.nextInt(all.size()));
                    if (random.nextInt(3) == 0) {
                        victim.thread().interrupt();
                    } else {
                        victim.raise(new GreenThreadExit("rain"));
                    }
                }
                if (hubs == null) {
                    for (int turns = random.nextInt(8); turns >= 0; turns--) {
                        Evy.yield();
                    }
                } else {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(200)));
                }
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("they wait for ever: " + all + ": " + waits(all));
                }
            }
        }

        private static List<Object> waits(List<Greenlet> all) {
            var waits = new ArrayList<Object>();
            all.forEach(greenlet -> waits.add(String.valueOf(greenlet.waitsFor())));
            return waits;
        }

        boolean attempt(Random own, Wait<Boolean> wait) {
            return Boolean.TRUE.equals(get(own, wait));
        }

        /* What the call returns; null if it was torn. */
        <T> T get(Random own, Wait<T> wait) {
            try {
                if (own.nextInt(4) == 0) {
                    var limit = Duration.ofNanos(own.nextInt(100_000));
                    return Timeout.<T, InterruptedException>call(limit, wait::call, null);
                }
                return wait.call();
            } catch (InterruptedException | GreenThreadExit torn) {
                return null;
            }
        }

        /* Others have a turn; what rains meanwhile is for whoever runs. */
        void maybeYield(Random own) {
            if (own.nextInt(3) == 0) {
                try {
                    Evy.yield();
                } catch (GreenThreadExit rain) {
                    return;
                }
            }
        }
    }

    /** What is sent: the producer's n-th. */
    private record Element(int producer, int number) implements Comparable<Element> {
        @Override
        public int compareTo(Element other) {
            return Comparator.comparingInt(Element::number).compare(this, other);
        }
    }

    /** The queues. */
    private enum Kind {
        UNBOUNDED(true) {
            @Override
            BlockingQueue<Element> open() {
                return new LightQueue<>();
            }
        },

        BOUNDED(true) {
            @Override
            BlockingQueue<Element> open() {
                return new GreenQueue<>(2);
            }
        },

        HAND_OVER(true) {
            @Override
            BlockingQueue<Element> open() {
                return new GreenQueue<>(0);
            }
        },

        /** Used from both ends. */
        DEQUE(false) {
            @Override
            BlockingQueue<Element> open() {
                return new LightQueue<>(3);
            }

            @Override
            boolean put(BlockingQueue<Element> queue, Element element, Random random)
                    throws InterruptedException {
                if (random.nextBoolean()) {
                    ((LightQueue<Element>) queue).putFirst(element);
                } else {
                    queue.put(element);
                }
                return true;
            }

            @Override
            Element take(BlockingQueue<Element> queue, Random random) throws InterruptedException {
                return random.nextBoolean()
                        ? ((LightQueue<Element>) queue).takeLast()
                        : queue.take();
            }
        },

        LIFO(false) {
            @Override
            BlockingQueue<Element> open() {
                return new GreenLifoQueue<>(3);
            }
        },

        PRIORITY(false) {
            @Override
            BlockingQueue<Element> open() {
                return new GreenPriorityQueue<>(3);
            }
        };

        private final boolean fifo;

        Kind(boolean fifo) {
            this.fifo = fifo;
        }

        abstract BlockingQueue<Element> open();

        boolean put(BlockingQueue<Element> queue, Element element, Random random)
                throws InterruptedException {
            queue.put(element);
            return true;
        }

        Element take(BlockingQueue<Element> queue, Random random) throws InterruptedException {
            return queue.take();
        }

        void close(BlockingQueue<Element> queue) {
            switch (queue) {
                case LightQueue<Element> q -> q.close();
                case GreenQueue<Element> q -> q.close();
                case GreenLifoQueue<Element> q -> q.close();
                case GreenPriorityQueue<Element> q -> q.close();
                default -> throw new AssertionError(queue);
            }
        }

        void done(BlockingQueue<Element> queue) {
            switch (queue) {
                case GreenQueue<Element> q -> q.taskDone();
                case GreenLifoQueue<Element> q -> q.taskDone();
                case GreenPriorityQueue<Element> q -> q.taskDone();
                default -> {}
            }
        }

        void checkDone(BlockingQueue<Element> queue) throws InterruptedException {
            switch (queue) {
                case GreenQueue<Element> q -> q.join();
                case GreenLifoQueue<Element> q -> q.join();
                case GreenPriorityQueue<Element> q -> q.join();
                default -> {}
            }
        }

        int waiting(BlockingQueue<Element> queue) {
            return switch (queue) {
                case LightQueue<Element> q -> q.getting() + q.putting();
                case GreenQueue<Element> q -> q.getting() + q.putting();
                case GreenLifoQueue<Element> q -> q.getting() + q.putting();
                case GreenPriorityQueue<Element> q -> q.getting() + q.putting();
                default -> throw new AssertionError(queue);
            };
        }
    }
}
