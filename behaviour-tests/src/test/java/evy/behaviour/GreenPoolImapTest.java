package evy.behaviour;

import static evy.behaviour.GreenPoolTest.awaitUntil;
import static evy.behaviour.GreenPoolTest.behind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenPool;
import evy.Results;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class GreenPoolImapTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private static List<Integer> numbers(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    private static <T> List<T> listOf(Iterator<T> iterator) {
        var list = new ArrayList<T>();
        iterator.forEachRemaining(list::add);
        return list;
    }

    /** Reads to the end, noting the class name of an exception at its place. */
    private static List<Object> readOn(Iterator<?> iterator) {
        var seen = new ArrayList<>();
        while (true) {
            try {
                if (!iterator.hasNext()) {
                    return seen;
                }
                seen.add(iterator.next());
            } catch (Throwable t) {
                seen.add(t.getClass().getSimpleName());
                assertThat(seen.size()).as("endless " + t).isLessThan(1000);
            }
        }
    }

    /** Numbers without end; knows how many were taken. */
    private static final class Counter implements Iterable<Integer>, Iterator<Integer> {
        private int taken;

        @Override
        public Iterator<Integer> iterator() {
            return this;
        }

        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public Integer next() {
            return taken++;
        }
    }

    @Test
    @Spec("GP19")
    void imap_tasksEndInReverse_resultsInInputOrder() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(10);
                        var ended = new ArrayList<Integer>();

                        var results =
                                pool.imap(
                                        (Integer i) -> {
                                            Evy.sleep(SECOND.multipliedBy(10 - i));
                                            ended.add(i);
                                            return i * i;
                                        },
                                        numbers(10));

                        assertThat(listOf(results))
                                .containsExactly(0, 1, 4, 9, 16, 25, 36, 49, 64, 81);
                        assertThat(ended).containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
                        assertThat(manual.clock().elapsed()).isEqualTo(SECOND.multipliedBy(10));
                    });
        }
    }

    @Test
    @Spec("GP19")
    void imap_moreElementsThanSlots_runsAsManyAtOnceAsSlots() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(4);
                        var most = new AtomicInteger();

                        var results =
                                pool.imap(
                                        (Integer i) -> {
                                            Evy.sleep(SECOND);
                                            most.accumulateAndGet(pool.running(), Math::max);
                                            return i;
                                        },
                                        numbers(12));

                        assertThat(listOf(results)).isEqualTo(numbers(12));
                        assertThat(most).hasValue(4);
                        assertThat(manual.clock().elapsed()).isEqualTo(SECOND.multipliedBy(3));
                    });
        }
    }

    @Test
    @Spec("GP19")
    void imap_twoInputs_shortestWins() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(4);

                    var longFirst = pool.imap((a, b) -> a + b, new Counter(), List.of(10, 20, 30));
                    var longSecond = pool.imap((a, b) -> a + b, List.of("a", "b"), new Counter());

                    assertThat(listOf(longFirst)).containsExactly(10, 21, 32);
                    assertThat(listOf(longSecond)).containsExactly("a0", "b1");
                });
    }

    @Test
    @Spec("GP19")
    void starmap_pairs_callsWithBoth() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var pairs = List.of(Map.entry(2, "x"), Map.entry(0, "y"), Map.entry(1, "z"));

                    var results = pool.starmap((n, text) -> text.repeat(n), pairs);

                    assertThat(listOf(results)).containsExactly("xx", "", "z");
                });
    }

    @Test
    @Spec("GP19")
    void imap_platformThread_iterates() throws Exception {
        var pool = new GreenPool(3);

        var results =
                pool.imap(
                        (Integer i) -> {
                            Evy.yield();
                            return -i;
                        },
                        numbers(20));

        int expected = 0;
        for (int result : results) {
            assertThat(result).isEqualTo(expected--);
        }
        assertThat(expected).isEqualTo(-20);
        awaitUntil("all slots are free", () -> pool.free() == 3);
    }

    @Test
    @Spec("GP20")
    void imap_endlessInput_takesNoMoreThanSizeAhead() throws Exception {
        Evy.run(
                () -> {
                    for (int size : new int[] {1, 4, 50}) {
                        var pool = new GreenPool(size);
                        var input = new Counter();

                        try (var results = pool.imap((Integer i) -> i * 2, input)) {
                            for (int consumed = 1; consumed <= 1000; consumed++) {
                                assertThat(results.next()).isEqualTo((consumed - 1) * 2);
                                Evy.yield();
                                assertThat(input.taken - consumed).isLessThanOrEqualTo(size);
                            }
                        }
                    }
                });
    }

    @Test
    @Spec("GP20")
    void imap_thousandResults_keepsNoMoreThanSizeAlive() throws Exception {
        Evy.run(
                () -> {
                    for (int size : new int[] {50, 500}) {
                        var pool = new GreenPool(size);
                        var made = new ArrayList<WeakReference<Object>>();

                        try (var results = pool.imap(i -> remember(made), new Counter())) {
                            for (int i = 0; i < 1000; i++) {
                                results.next();
                            }
                            Evy.yield();

                            awaitCollected(made, size + 2);
                        }
                        assertThat(made.size()).isGreaterThanOrEqualTo(1000);
                    }
                });
    }

    private static Object remember(List<WeakReference<Object>> made) {
        var object = new Object();
        made.add(new WeakReference<>(object));
        return object;
    }

    private static void awaitCollected(List<WeakReference<Object>> made, int atMost) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long left = Long.MAX_VALUE;
        while (left > atMost && System.nanoTime() - end < 0) {
            System.gc();
            left = made.stream().filter(reference -> reference.get() != null).count();
        }
        assertThat(left).as("objects still reachable").isLessThanOrEqualTo(atMost);
    }

    @Test
    @Spec("GP21")
    void imap_noFunction_givesTheArguments() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);

                    Results<Integer> plain = pool.imap(null, numbers(3));
                    Results<Map.Entry<Integer, String>> zipped =
                            pool.imap(null, numbers(3), List.of("a", "b"));
                    Results<Map.Entry<String, Integer>> pairs =
                            pool.starmap(null, List.of(Map.entry("c", 3)));

                    assertThat(listOf(plain)).containsExactly(0, 1, 2);
                    assertThat(listOf(zipped))
                            .containsExactly(Map.entry(0, "a"), Map.entry(1, "b"));
                    assertThat(listOf(pairs)).containsExactly(Map.entry("c", 3));
                });
    }

    @Test
    @Spec("GP21")
    void imap_emptyInput_isExhausted() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);

                    var results = pool.imap((Object x) -> x, List.of());

                    assertThat(results.hasNext()).isFalse();
                    assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
                    assertThat(results.hasNext()).isFalse();
                });
    }

    @Test
    @Spec("GP22")
    void next_functionThrew_throwsAtItsPlaceAndGoesOn() throws Exception {
        Evy.run(
                () -> {
                    for (int size : new int[] {1, 4, 20}) {
                        var pool = new GreenPool(size);

                        var results = pool.imap(GreenPoolImapTest::failAt1And7, numbers(10));

                        assertThat(readOn(results))
                                .containsExactly(
                                        0, "IOException", 2, 3, 4, 5, 6, "IOException", 8, 9);
                    }
                });
    }

    private static int failAt1And7(int i) throws IOException {
        if (i == 1 || i == 7) {
            throw new IOException("intended");
        }
        return i;
    }

    @Test
    @Spec("GP22")
    void next_functionThrew_isTheVeryException() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var failure = new IOException("intended");

                    var results =
                            pool.imap(
                                    (Integer i) -> {
                                        throw failure;
                                    },
                                    numbers(2));

                    assertThat(catchThrowable(results::next)).isSameAs(failure);
                    assertThat(catchThrowable(results::next)).isSameAs(failure);
                    assertThat(results.hasNext()).isFalse();
                });
    }

    @Test
    @Spec("GP22")
    void next_memberOfFullPoolAndFunctionThrew_throwsAtItsPlaceAndGoesOn() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);

                    var member =
                            pool.spawn(
                                    () ->
                                            readOn(
                                                    pool.imap(
                                                            GreenPoolImapTest::failAt1And7,
                                                            numbers(10))));

                    assertThat(member.join())
                            .containsExactly(0, "IOException", 2, 3, 4, 5, 6, "IOException", 8, 9);
                });
    }

    @Test
    @Spec("GP22")
    void next_functionTimedOut_throwsAtItsPlaceAndGoesOn() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);

                        var outside = readOn(pool.imap(GreenPoolImapTest::timeOutAt1, numbers(3)));
                        var member =
                                pool.spawn(
                                        () ->
                                                readOn(
                                                        pool.imap(
                                                                GreenPoolImapTest::timeOutAt1,
                                                                numbers(3))));

                        assertThat(outside).containsExactly(0, "Timeout", 2);
                        assertThat(member.join()).containsExactly(0, "Timeout", 2);
                    });
        }
    }

    private static int timeOutAt1(int i) {
        Timeout.call(
                SECOND,
                () -> {
                    if (i == 1) {
                        Evy.sleep(HOUR);
                    }
                    return i;
                });
        return i;
    }

    @Test
    @Spec("GP22")
    void next_timeoutOfConsumer_losesNoResult() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(2);
                        var results =
                                pool.imap(
                                        (Integer i) -> {
                                            Evy.sleep(SECOND.multipliedBy(5));
                                            return i;
                                        },
                                        numbers(3));

                        int early = Timeout.call(SECOND, () -> results.next(), -1);

                        assertThat(early).isEqualTo(-1);
                        assertThat(listOf(results)).containsExactly(0, 1, 2);
                    });
        }
    }

    @Test
    @Spec("GP23")
    void imap_fullPool_doesNotBlock() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var input = new Counter();
                    var other = new AtomicInteger();
                    pool.spawnN(gate::await);
                    Evy.spawnN(other::incrementAndGet);

                    try (var results = pool.imap((Integer i) -> i, input)) {
                        assertThat(other).hasValue(0);
                        assertThat(input.taken).isZero();
                        gate.countDown();
                        assertThat(results.next()).isZero();
                    }
                });
    }

    @Test
    @Spec("GP23")
    void imap_resultsUnconsumed_stallsAtSize() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(4);
                    var input = new Counter();

                    try (var results = pool.imap((Integer i) -> i, input)) {
                        for (int i = 0; i < 20; i++) {
                            Evy.yield();
                        }
                        assertThat(input.taken).isEqualTo(4);
                        assertThat(pool.running()).isZero();

                        results.next();
                        results.next();
                        for (int i = 0; i < 20; i++) {
                            Evy.yield();
                        }
                        assertThat(input.taken).isEqualTo(6);
                    }
                });
    }

    @Test
    @Spec("GP24")
    void imap_twoAtOnce_shareTheLimit() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(3);
                        var running = new AtomicInteger();
                        var most = new AtomicInteger();
                        GreenPool.Function<Integer, Integer> function =
                                i -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    Evy.sleep(SECOND);
                                    running.decrementAndGet();
                                    return i;
                                };

                        var first = pool.imap(function, numbers(9));
                        var second = pool.imap(function, numbers(9));
                        var read = Evy.spawn(() -> listOf(first));

                        assertThat(listOf(second)).isEqualTo(numbers(9));
                        assertThat(read.join()).isEqualTo(numbers(9));
                        assertThat(most).hasValue(3);
                    });
        }
    }

    @Test
    @Spec("GP24")
    void imap_tasks_areSeenInThePoolsCounts() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var gate = new CountDownLatch(1);
                    var done = new AtomicInteger();

                    var results =
                            pool.imap(
                                    (Integer i) -> {
                                        gate.await();
                                        return done.incrementAndGet();
                                    },
                                    numbers(2));
                    Evy.yield();

                    assertThat(pool.running()).isEqualTo(2);
                    assertThat(pool.free()).isZero();
                    gate.countDown();
                    pool.waitAll();
                    assertThat(done).hasValue(2);
                    assertThat(listOf(results)).containsExactly(1, 2);
                });
    }

    @Test
    @Spec("GP24")
    void imap_slotsTaken_waitsForOne() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    pool.spawnN(gate::await);

                    var results = pool.imap((Integer i) -> i, numbers(2));
                    var reader = Evy.spawn(() -> listOf(results));
                    Evy.yield();
                    Evy.yield();

                    assertThat(pool.waiting()).isEqualTo(1);
                    assertThat(reader.isDone()).isFalse();
                    gate.countDown();
                    assertThat(reader.join()).containsExactly(0, 1);
                });
    }

    @Test
    @Spec({"GP24", "GP7"})
    void imap_memberOfFullPool_isNotStuck() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);

                    var member =
                            pool.spawn(() -> listOf(pool.imap((Integer i) -> i + 1, numbers(5))));

                    assertThat(member.join()).containsExactly(1, 2, 3, 4, 5);
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec("GP25")
    void next_inputThrows_throwsItAfterAllBefore() throws Exception {
        Evy.run(
                () -> {
                    for (int size : new int[] {1, 2, 10}) {
                        var pool = new GreenPool(size);
                        var failure = new IllegalStateException("input");

                        var inNext = pool.imap((Integer i) -> i, () -> failing(3, false, failure));
                        var inHasNext =
                                pool.imap((Integer i) -> i, () -> failing(3, true, failure));

                        for (var results : List.of(inNext, inHasNext)) {
                            assertThat(List.of(results.next(), results.next(), results.next()))
                                    .containsExactly(0, 1, 2);
                            assertThat(catchThrowable(results::next)).isSameAs(failure);
                            assertThat(results.hasNext()).isFalse();
                        }
                        assertThat(pool.free()).isEqualTo(size);
                    }
                });
    }

    private static Iterator<Integer> failing(
            int good, boolean inHasNext, RuntimeException failure) {
        return new Iterator<>() {
            private int taken;

            @Override
            public boolean hasNext() {
                if (inHasNext && taken == good) {
                    throw failure;
                }
                return true;
            }

            @Override
            public Integer next() {
                if (taken == good) {
                    throw failure;
                }
                return taken++;
            }
        };
    }

    @Test
    @Spec("GP25")
    void next_inputHasNoIterator_throws() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var failure = new IllegalStateException("input");

                    var results =
                            pool.imap(
                                    (Integer i) -> i,
                                    () -> {
                                        throw failure;
                                    });

                    assertThat(catchThrowable(results::hasNext)).isSameAs(failure);
                    assertThat(results.hasNext()).isFalse();
                });
    }

    @Test
    @Spec("GP26")
    void close_early_killsWhatRunsAndTakesNoMore() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(3);
                    var input = new Counter();
                    var killed = new TreeSet<Integer>();
                    var results = pool.imap((Integer i) -> sleepOrNote(i, killed), input);
                    assertThat(results.next()).isZero();
                    Evy.yield();
                    Evy.yield();

                    results.close();
                    results.close();
                    pool.waitAll();
                    Evy.yield();

                    assertThat(killed).containsExactly(1, 2, 3);
                    assertThat(input.taken).isEqualTo(4);
                    assertThat(pool.free()).isEqualTo(3);
                    assertThat(results.hasNext()).isFalse();
                });
    }

    private static int sleepOrNote(int i, Set<Integer> killed) {
        if (i == 0) {
            return i;
        }
        try {
            Evy.sleep(HOUR);
            return i;
        } catch (Error e) {
            killed.add(i);
            throw e;
        }
    }

    @Test
    @Spec("GP26")
    void close_peekedResult_killsThatToo() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var killed = new TreeSet<Integer>();

                    try (var results =
                            pool.imap((Integer i) -> sleepOrNote(i, killed), List.of(7))) {
                        assertThat(results.hasNext()).isTrue();
                        Evy.yield();
                    }
                    pool.waitAll();

                    assertThat(killed).containsExactly(7);
                });
    }

    @Test
    @Spec("GP26")
    void close_producerJustGotItsSlot_startsNothing() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var started = new ArrayList<Integer>();
                    pool.spawnN(gate::await);
                    var results = pool.imap((Integer i) -> started.add(i), numbers(5));
                    Evy.yield();
                    assertThat(pool.waiting()).isEqualTo(1);
                    gate.countDown();
                    Evy.yield(); // the slot is handed to the producer, which has not run yet

                    results.close();
                    Evy.yield();
                    pool.waitAll();

                    assertThat(started).isEmpty();
                });
    }

    @Test
    @Spec("GP26")
    void imap_leftByBreak_endsWhenClosedByTry() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var seen = new ArrayList<Integer>();

                    try (var results = pool.imap((Integer i) -> i, new Counter())) {
                        for (int i : results) {
                            if (i == 5) {
                                break;
                            }
                            seen.add(i);
                        }
                    }
                    Evy.yield();
                    Evy.yield();

                    assertThat(seen).containsExactly(0, 1, 2, 3, 4);
                    assertThat(Hub.current().greenlets()).containsExactly(Greenlet.current());
                });
    }

    @Test
    @Spec("GP26")
    void imap_abandoned_producerAndTasksDieByGarbageCollection() throws Exception {
        try (var manual = ManualHub.open()) {
            var pool = new GreenPool(2);
            manual.clock().setJumping(false);
            manual.run(() -> breakOut(pool));
            manual.letAllRun();
            assertThat(manual.hub().statistics().live()).isEqualTo(3);

            long end = System.nanoTime() + PATIENCE_NANOS;
            while (manual.hub().statistics().live() > 0 && System.nanoTime() - end < 0) {
                System.gc();
                manual.letAllRun();
            }

            assertThat(manual.hub().greenlets()).isEmpty();
            assertThat(pool.free()).isEqualTo(2);
        }
    }

    private static void breakOut(GreenPool pool) {
        for (int i : pool.imap((Integer n) -> sleepOrNote(n, new TreeSet<>()), new Counter())) {
            if (i == 0) {
                break;
            }
        }
        Evy.yield();
        Evy.yield();
    }

    @Test
    @Spec("GP27")
    void next_anyValueReturned_isNoEnd() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var end = new NoSuchElementException("returned");
                    var values = new ArrayList<Object>();
                    values.add(1);
                    values.add(null);
                    values.add(end);
                    values.add(Optional.empty());
                    values.add(false);
                    values.add(new Object[0]);
                    values.add(2);

                    var results = pool.imap((Integer i) -> values.get(i), numbers(values.size()));

                    assertThat(listOf(results)).containsExactlyElementsOf(values);
                });
    }

    @Test
    @Spec({"GP27", "GP22"})
    void next_functionThrewNoSuchElement_isNoEnd() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);

                    var results =
                            pool.imap(
                                    (Integer i) -> {
                                        if (i == 1) {
                                            throw new NoSuchElementException("intended");
                                        }
                                        return i;
                                    },
                                    numbers(3));

                    assertThat(readOn(results)).containsExactly(0, "NoSuchElementException", 2);
                });
    }

    @Test
    @Spec({"GP19", "GP22", "GP24"})
    void imap_severalInAnyOrder_eachInItsOrder() throws Exception {
        for (int round = 0; round < 10; round++) {
            long seed = new Random().nextLong();
            try (var manual = ManualHub.open(seed)) {
                manual.run(() -> readThree(new Random(seed)));
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed, t);
            }
        }
    }

    private static void readThree(Random random) {
        var pool = new GreenPool(1 + random.nextInt(5));
        var gate = new CountDownLatch(1);
        var other = pool.spawn(behind(gate, 1));
        var readers =
                IntStream.range(0, 3)
                        .mapToObj(
                                n ->
                                        Evy.spawn(
                                                () ->
                                                        readOn(
                                                                pool.imap(
                                                                        (Integer i) ->
                                                                                doze(i, random),
                                                                        numbers(40)))))
                        .toList();
        gate.countDown();

        for (var reader : readers) {
            var expected = new ArrayList<Object>(numbers(40));
            expected.set(13, "IOException");
            assertThat(reader.join()).isEqualTo(expected);
        }
        assertThat(other.join()).isEqualTo(1);
        pool.waitAll();
        assertThat(pool.free()).isEqualTo(pool.size());
    }

    private static int doze(int i, Random random) throws IOException {
        if (random.nextBoolean()) {
            Evy.sleep(Duration.ofMillis(random.nextInt(10)));
        }
        if (i == 13) {
            throw new IOException("intended");
        }
        return i;
    }
}
