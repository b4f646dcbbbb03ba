package evy.behaviour;

import static evy.behaviour.GreenPoolTest.behind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenPile;
import evy.GreenPool;
import evy.GreenThread;
import evy.Timeout;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class GreenPileTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static List<Object> readOn(Iterator<?> iterator) {
        var seen = new ArrayList<>();
        while (iterator.hasNext()) {
            try {
                seen.add(iterator.next());
            } catch (Exception e) {
                seen.add(e.getMessage());
            }
        }
        return seen;
    }

    @Test
    @Spec("PILE1")
    void iterate_tasksEndInReverse_resultsInSpawnOrder() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pile = new GreenPile<Integer>(5);
                        var ended = new ArrayList<Integer>();
                        for (int i = 0; i < 5; i++) {
                            int number = i;
                            pile.spawn(
                                    () -> {
                                        Evy.sleep(SECOND.multipliedBy(5 - number));
                                        ended.add(number);
                                        return number;
                                    });
                        }

                        assertThat(readOn(pile)).containsExactly(0, 1, 2, 3, 4);
                        assertThat(ended).containsExactly(4, 3, 2, 1, 0);
                    });
        }
    }

    @Test
    @Spec("PILE1")
    void next_functionThrew_throwsAtItsPlaceAndGoesOn() throws Exception {
        Evy.run(
                () -> {
                    var pile = new GreenPile<Integer>(4);
                    for (int i = 0; i < 5; i++) {
                        int number = i;
                        pile.spawn(
                                () -> {
                                    if (number % 2 == 1) {
                                        throw new IOException("failed " + number);
                                    }
                                    return number;
                                });
                    }

                    assertThat(readOn(pile)).containsExactly(0, "failed 1", 2, "failed 3", 4);
                });
    }

    @Test
    @Spec("PILE1")
    void next_timeoutOfReader_losesNoResult() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pile = new GreenPile<Integer>(2);
                        pile.spawn(
                                () -> {
                                    Evy.sleep(SECOND.multipliedBy(5));
                                    return 0;
                                });
                        pile.spawn(() -> 1);

                        int early = Timeout.call(SECOND, () -> pile.next(), -1);

                        assertThat(early).isEqualTo(-1);
                        assertThat(readOn(pile)).containsExactly(0, 1);
                    });
        }
    }

    @Test
    @Spec("PILE2")
    void spawn_twoPilesOnOnePool_shareTheLimit() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(2);
                        var running = new AtomicInteger();
                        var most = new AtomicInteger();
                        var readers = new ArrayList<GreenThread<List<Object>>>();
                        for (int p = 0; p < 2; p++) {
                            int first = p * 10;
                            readers.add(
                                    Evy.spawn(
                                            () -> {
                                                var pile = new GreenPile<Integer>(pool);
                                                for (int i = 0; i < 10; i++) {
                                                    int number = first + i;
                                                    pile.spawn(() -> work(number, running, most));
                                                }
                                                return readOn(pile);
                                            }));
                        }

                        assertThat(readers.get(0).join())
                                .isEqualTo(IntStream.range(0, 10).boxed().toList());
                        assertThat(readers.get(1).join())
                                .isEqualTo(IntStream.range(10, 20).boxed().toList());
                        assertThat(most).hasValue(2);
                        assertThat(manual.clock().elapsed()).isEqualTo(SECOND.multipliedBy(10));
                    });
        }
    }

    private static int work(int number, AtomicInteger running, AtomicInteger most) {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        Evy.sleep(SECOND);
        running.decrementAndGet();
        return number;
    }

    @Test
    @Spec("PILE2")
    void constructor_size_limitsThePilesOwnPool() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var running = new AtomicInteger();
                        var most = new AtomicInteger();
                        var pile = new GreenPile<Integer>(3);

                        for (int i = 0; i < 9; i++) {
                            int number = i;
                            pile.spawn(() -> work(number, running, most));
                        }

                        assertThat(readOn(pile)).hasSize(9);
                        assertThat(most).hasValue(3);
                    });
        }
        assertThatThrownBy(() -> new GreenPile<>(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Spec("PILE3")
    void spawn_resultsUnread_holdsThemAllAndNeverStalls() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var pile = new GreenPile<Integer>(pool);
                    var ran = new AtomicInteger();

                    for (int i = 0; i < 100; i++) {
                        pile.spawn(ran::getAndIncrement);
                    }
                    pool.waitAll();

                    assertThat(ran).hasValue(100);
                    assertThat(readOn(pile)).isEqualTo(IntStream.range(0, 100).boxed().toList());
                });
    }

    @Test
    @Spec("PILE4")
    void spawn_timeoutOnFullPool_doesNotCount() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var gate = new CountDownLatch(1);
                        var pile = new GreenPile<Integer>(4);
                        for (int i = 0; i < 4; i++) {
                            pile.spawn(behind(gate, i));
                        }

                        boolean spawned = Timeout.run(SECOND, () -> pile.spawn(() -> 99));
                        gate.countDown();
                        for (int i = 4; i < 10; i++) {
                            int number = i;
                            pile.spawn(() -> number);
                        }

                        assertThat(spawned).isFalse();
                        assertThat(readOn(pile)).isEqualTo(IntStream.range(0, 10).boxed().toList());
                    });
        }
    }

    @Test
    @Spec("PILE4")
    void spawn_killedOnFullPool_readerIsNotStuck() throws Exception {
        Evy.run(
                () -> {
                    var pile = new GreenPile<Integer>(0);
                    var spawner = Evy.spawn(() -> pile.spawn(() -> 1));
                    Evy.yield();
                    var reader = Evy.spawn(() -> readOn(pile));
                    Evy.yield();
                    assertThat(reader.isDone()).isFalse();

                    spawner.kill();

                    assertThat(reader.join()).isEmpty();
                });
    }

    @Test
    @Spec("PILE5")
    void iterate_manyProducersWithFailures_eachSequenceIsComplete() throws Exception {
        for (int concurrency : new int[] {5, 50}) {
            long seed = new Random().nextLong();
            try (var manual = ManualHub.open(seed)) {
                manual.run(() -> produceAndRead(concurrency, new Random(seed)));
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed + ", concurrency " + concurrency, t);
            }
        }
    }

    private static void produceAndRead(int concurrency, Random random) {
        int producers = 3;
        int tasks = 1000;
        var pile = new GreenPile<int[]>(concurrency);
        pile.hold();
        var spawning = new AtomicInteger(producers);
        for (int p = 0; p < producers; p++) {
            int producer = p;
            Evy.spawnN(
                    () -> {
                        for (int i = 0; i < tasks; i++) {
                            int number = i;
                            pile.spawn(() -> sleepAndMaybeFail(producer, number, random));
                        }
                        if (spawning.decrementAndGet() == 0) {
                            pile.done();
                        }
                    });
        }

        int[] next = new int[producers];
        while (pile.hasNext()) {
            int[] seen;
            try {
                seen = pile.next();
            } catch (Failed e) {
                seen = e.id;
            }
            assertThat(seen[1]).as("of producer " + seen[0]).isEqualTo(next[seen[0]]++);
        }
        assertThat(next).containsOnly(tasks);
    }

    private static int[] sleepAndMaybeFail(int producer, int number, Random random) {
        Evy.sleep(Duration.ofNanos(random.nextInt(3) * 100_000L));
        int[] id = {producer, number};
        if (random.nextInt(5) == 0) {
            throw new Failed(id);
        }
        return id;
    }

    private static final class Failed extends RuntimeException {
        private final int[] id;

        Failed(int[] id) {
            super(null, null, false, false);
            this.id = id;
        }
    }

    @Test
    @Spec("PILE6")
    void iterate_loopJoinZip_readWell() throws Exception {
        Evy.run(
                () -> {
                    var words = List.of("a", "b", "c");
                    var pool = new GreenPool(2);

                    var joined = String.join(", ", upperCased(words, pool));
                    var streamed =
                            StreamSupport.stream(upperCased(words, pool).spliterator(), false)
                                    .collect(Collectors.joining("-"));
                    var zipped = new ArrayList<String>();
                    var pile = upperCased(words, pool);
                    for (String word : words) {
                        zipped.add(word + pile.next());
                    }
                    var looped = new StringBuilder();
                    for (String word : upperCased(words, pool)) {
                        looped.append(word);
                    }

                    assertThat(joined).isEqualTo("A, B, C");
                    assertThat(streamed).isEqualTo("A-B-C");
                    assertThat(zipped).containsExactly("aA", "bB", "cC");
                    assertThat(looped).hasToString("ABC");
                });
    }

    private static GreenPile<String> upperCased(List<String> words, GreenPool pool) {
        var pile = new GreenPile<String>(pool);
        for (String word : words) {
            pile.spawn(() -> word.toUpperCase(Locale.ROOT));
        }
        return pile;
    }

    @Test
    @Spec("PILE7")
    void iterate_nothingSpawned_isEmpty() throws Exception {
        Evy.run(
                () -> {
                    var pile = new GreenPile<Integer>();

                    assertThat(pile.hasNext()).isFalse();
                    assertThatThrownBy(pile::next).isInstanceOf(NoSuchElementException.class);
                    assertThat(readOn(pile.iterator())).isEmpty();
                });
    }

    @Test
    @Spec("PILE8")
    void iterate_spawnerHoldsThePile_waitsUntilDone() throws Exception {
        Evy.run(
                () -> {
                    var pile = new GreenPile<Integer>(3);
                    pile.hold();
                    pile.hold();
                    var spawner =
                            Evy.spawn(
                                    () -> {
                                        for (int i = 0; i < 5; i++) {
                                            int number = i;
                                            Evy.yield();
                                            Evy.yield();
                                            pile.spawn(() -> number);
                                        }
                                        Evy.yield();
                                        Evy.yield();
                                        pile.done();
                                        pile.done();
                                    });

                    assertThat(readOn(pile)).containsExactly(0, 1, 2, 3, 4);
                    spawner.join();
                    pile.spawn(() -> 5);
                    assertThat(readOn(pile)).containsExactly(5);
                });
    }

    @Test
    @Spec("PILE8")
    void iterate_spawnerInSpawn_waitsForIt() throws Exception {
        Evy.run(
                () -> {
                    var gate = new CountDownLatch(1);
                    var pool = new GreenPool(1);
                    var pile = new GreenPile<Integer>(pool);
                    pool.spawnN(gate::await);
                    var spawner = Evy.spawn(() -> pile.spawn(() -> 1));
                    Evy.yield();
                    var reader = Evy.spawn(() -> readOn(pile));
                    Evy.yield();
                    assertThat(reader.isDone()).isFalse();

                    gate.countDown();

                    assertThat(reader.join()).containsExactly(1);
                    spawner.join();
                });
    }

    @Test
    @Spec({"PILE1", "PILE8"})
    void iterate_spawnersOnOtherThreads_readsEverything() throws Exception {
        var pile = new GreenPile<Integer>(4);
        pile.hold();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 2; t++) {
            int first = t * 1000;
            var thread =
                    new Thread(
                            () -> {
                                for (int i = 0; i < 200; i++) {
                                    int number = first + i;
                                    pile.spawn(() -> number);
                                }
                            });
            thread.start();
            threads.add(thread);
        }
        var closer =
                new Thread(
                        () -> {
                            try {
                                for (Thread thread : threads) {
                                    thread.join();
                                }
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            } finally {
                                pile.done();
                            }
                        });
        closer.start();

        var seen = readOn(pile);

        closer.join();
        var firsts = seen.stream().filter(n -> (Integer) n < 1000).toList();
        var seconds = seen.stream().filter(n -> (Integer) n >= 1000).toList();
        assertThat(firsts).isEqualTo(IntStream.range(0, 200).boxed().toList());
        assertThat(seconds).isEqualTo(IntStream.range(1000, 1200).boxed().toList());
    }
}
