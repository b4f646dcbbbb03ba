package evy.behaviour;

import static evy.behaviour.GreenPoolTest.awaitUntil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Hub;
import evy.pools.Pool;
import evy.pools.PoolOptions;
import evy.pools.Token;
import evy.pools.TokenPool;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class PoolTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Makes 1, 2, 3 and so on. */
    private static class IntPool extends Pool<Integer> {
        int made;

        IntPool(int maxSize) {
            this(PoolOptions.DEFAULT.withMaxSize(maxSize));
        }

        IntPool(PoolOptions options) {
            super(options);
        }

        @Override
        protected Integer create() throws Exception {
            return ++made;
        }
    }

    @Test
    @Spec("POOL1")
    void get_noneFree_makesUpToTheLimit() throws Exception {
        Evy.run(
                () -> {
                    var pool = new IntPool(4);

                    var items = List.of(pool.get(), pool.get(), pool.get(), pool.get());

                    assertThat(items).containsExactly(1, 2, 3, 4);
                    items.forEach(pool::put);
                    assertThat(pool.get()).isEqualTo(1);
                });
    }

    @Test
    @Spec({"POOL1", "POOL2", "POOL3"})
    void get_allOut_waitsUntilOneIsPut() throws Exception {
        Evy.run(
                () -> {
                    var pool = new IntPool(1);
                    int item = pool.get();
                    var got = new ArrayList<Integer>();
                    var getter = Evy.spawn(() -> got.add(pool.get()));
                    Evy.yield();
                    assertThat(pool.waiting()).isEqualTo(1);

                    pool.put(item);

                    assertThat(got).isEmpty(); // put does not yield
                    assertThat(pool.free()).isZero(); // promised already
                    getter.join();
                    assertThat(got).containsExactly(1);
                    assertThat(pool.waiting()).isZero();
                });
    }

    @Test
    @Spec("POOL3")
    void put_severalWait_servesThemInOrderAndLetsNobodyOvertake() throws Exception {
        Evy.run(
                () -> {
                    var pool = new IntPool(1);
                    int item = pool.get();
                    var order = new ArrayList<String>();
                    var threads = new ArrayList<evy.GreenThread<?>>();
                    for (String name : List.of("a", "b", "c")) {
                        threads.add(
                                Evy.spawn(
                                        () -> {
                                            int mine = pool.get();
                                            order.add(name);
                                            pool.put(mine);
                                        }));
                    }
                    Evy.yield();

                    pool.put(item);

                    assertThatThrownBy(() -> pool.get(Duration.ZERO))
                            .isInstanceOf(TimeoutException.class);
                    threads.forEach(t -> t.join());
                    assertThat(order).containsExactly("a", "b", "c");
                });
    }

    @Test
    @Spec("POOL2")
    void free_itemsOut_countsWhatCanBeHad() throws Exception {
        var pool = new IntPool(4);

        int before = pool.free();
        int item = pool.get();
        int during = pool.free();
        pool.put(item);

        assertThat(before).isEqualTo(4);
        assertThat(during).isEqualTo(3);
        assertThat(pool.free()).isEqualTo(4);
    }

    @Test
    @Spec("POOL3")
    void get_freeOnes_areUsedInTurnOrLastFirst() throws Exception {
        var fifo = new IntPool(PoolOptions.DEFAULT.withMinSize(3));
        var lifo = new IntPool(PoolOptions.DEFAULT.withOrder(PoolOptions.Order.LIFO));
        List.of(lifo.get(), lifo.get(), lifo.get()).forEach(lifo::put);

        assertThat(List.of(fifo.get(), fifo.get(), fifo.get())).containsExactly(1, 2, 3);
        assertThat(List.of(lifo.get(), lifo.get(), lifo.get())).containsExactly(3, 2, 1);
    }

    @Test
    @Spec("POOL4")
    void constructor_minSize_makesThoseAtOnce() throws Exception {
        var made = new AtomicInteger();

        var pool =
                new Pool<>(
                        PoolOptions.DEFAULT.withMinSize(3).withMaxSize(5), made::incrementAndGet);

        assertThat(made).hasValue(3);
        assertThat(pool.free()).isEqualTo(5);
        assertThat(pool.get()).isEqualTo(1);
        assertThat(made).hasValue(3);
    }

    @Test
    @Spec("POOL4")
    void constructor_firstItemsFail_disposesOfThoseMade() {
        var closed = new ArrayList<Integer>();
        var made = new AtomicInteger();

        var failure =
                catchThrowable(
                        () ->
                                new Pool<AutoCloseable>(
                                        PoolOptions.DEFAULT.withMinSize(3),
                                        () -> {
                                            int number = made.incrementAndGet();
                                            if (number == 3) {
                                                throw new IOException("no third");
                                            }
                                            return () -> closed.add(number);
                                        }));

        assertThat(failure).isInstanceOf(IOException.class).hasMessage("no third");
        assertThat(closed).containsExactly(1, 2);
    }

    @Test
    @Spec("POOL5")
    void get_nothingToMakeItemsBy_throws() {
        class Bare extends Pool<String> {
            Bare() {
                super();
            }
        }
        var pool = new Bare();

        assertThatThrownBy(pool::get)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("create()");
        assertThat(pool.free()).isEqualTo(4);
    }

    @Test
    @Spec("POOL6")
    void get_createFails_surfacesThereAndCostsNoPlace() throws Exception {
        var failure = new IOException("refused");
        var pool =
                new Pool<String>(
                        3,
                        () -> {
                            throw failure;
                        });

        assertThatThrownBy(pool::get).isSameAs(failure);
        assertThat(pool.free()).isEqualTo(3);
        assertThatThrownBy(() -> new Pool<String>(1, () -> null).get())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("create() returned null");
    }

    @Test
    @Spec({"POOL6", "POOL9"})
    void get_createFailsWhileOthersWait_nextInLineMakesItsOwn() throws Exception {
        Evy.run(
                () -> {
                    var gate = new Event<Void>();
                    var attempts = new AtomicInteger();
                    var pool =
                            new Pool<>(
                                    1,
                                    () -> {
                                        if (attempts.incrementAndGet() == 1) {
                                            gate.await();
                                            throw new IOException("refused");
                                        }
                                        return "made";
                                    });
                    var first = Evy.spawn(() -> pool.get());
                    var second = Evy.spawn(() -> pool.get());
                    Evy.yield();
                    assertThat(pool.waiting()).isEqualTo(1);

                    gate.send(null);

                    assertThat(second.join()).isEqualTo("made");
                    assertThatThrownBy(first::join).isInstanceOf(IOException.class);
                    pool.put("made");
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec({"POOL6", "POOL9"})
    void get_killedWhileCreating_costsNoPlace() throws Exception {
        Evy.run(
                () -> {
                    var never = new Event<String>();
                    var pool = new Pool<>(1, never::await);
                    var maker = Evy.spawn(() -> pool.get());
                    var waiter = Evy.spawn(() -> pool.get());
                    Evy.yield();

                    maker.kill();

                    assertThat(pool.waiting()).isZero(); // it makes its own now
                    never.send("item");
                    assertThat(waiter.join()).isEqualTo("item");
                });
    }

    @Test
    @Spec("POOL7")
    void resize_smaller_surplusIsDisposedOf() throws Exception {
        var disposed = new ArrayList<Integer>();
        var pool =
                new IntPool(PoolOptions.DEFAULT.withMinSize(4)) {
                    @Override
                    protected void dispose(Integer item) {
                        disposed.add(item);
                    }
                };
        int first = pool.get();
        int second = pool.get();

        pool.resize(1);
        assertThat(disposed).containsExactlyInAnyOrder(3, 4); // free ones at once
        assertThat(pool.free()).isEqualTo(-1);
        pool.put(first);
        pool.put(second);

        assertThat(disposed).containsExactlyInAnyOrder(3, 4, 1);
        assertThat(pool.free()).isEqualTo(1);
        assertThat(pool.get()).isEqualTo(2);
    }

    @Test
    @Spec("POOL7")
    void resize_larger_servesWhoWaitsAtOnce() throws Exception {
        Evy.run(
                () -> {
                    var pool = new IntPool(1);
                    pool.get();
                    var waiters = List.of(Evy.spawn(() -> pool.get()), Evy.spawn(() -> pool.get()));
                    Evy.yield();

                    pool.resize(3);

                    assertThat(waiters.get(0).join()).isEqualTo(2);
                    assertThat(waiters.get(1).join()).isEqualTo(3);
                    assertThatThrownBy(() -> pool.resize(-1))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("-1");
                });
    }

    @Test
    @Spec("POOL8")
    void item_leftByException_putsBack() throws Exception {
        var pool = new IntPool(1);

        assertThatThrownBy(
                        () -> {
                            try (var lease = pool.item()) {
                                assertThat(lease.get()).isEqualTo(1);
                                assertThat(pool.free()).isZero();
                                throw new IOException("broken off");
                            }
                        })
                .isInstanceOf(IOException.class);

        assertThat(pool.free()).isEqualTo(1);
    }

    @Test
    @Spec("POOL8")
    void lease_closed_isDead() throws Exception {
        var pool = new IntPool(2);
        var lease = pool.item();

        lease.close();
        lease.close();

        assertThat(pool.free()).isEqualTo(2);
        assertThatThrownBy(lease::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lease is over");
    }

    @Test
    @Spec("POOL8")
    void lease_discarded_givesItsPlaceToWhoWaits() throws Exception {
        Evy.run(
                () -> {
                    var closed = new ArrayList<String>();
                    var made = new AtomicInteger();
                    var pool =
                            new Pool<AutoCloseable>(
                                    1,
                                    () -> {
                                        var name = "item " + made.incrementAndGet();
                                        return () -> closed.add(name);
                                    });
                    var lease = pool.item();
                    var next = Evy.spawn(() -> pool.get());
                    Evy.yield();

                    lease.discard();
                    lease.close();

                    next.join();
                    assertThat(closed).containsExactly("item 1");
                    assertThat(made).hasValue(2);
                    assertThat(pool.free()).isZero();
                });
    }

    @Test
    @Spec("POOL9")
    void get_manyAtOnceAndCreateYields_makesNoMoreThanTheLimit() throws Exception {
        Evy.run(
                () -> {
                    var made = new AtomicInteger();
                    var pool =
                            new Pool<>(
                                    4,
                                    () -> {
                                        Evy.yield();
                                        return made.incrementAndGet();
                                    });
                    var users = new GreenPool(100);
                    int[] served = {0};

                    for (int i = 0; i < 100; i++) {
                        users.spawnN(
                                () -> {
                                    try (var lease = pool.item()) {
                                        assertThat(lease.get()).isBetween(1, 4);
                                        Evy.yield();
                                        served[0]++;
                                    }
                                });
                    }
                    users.waitAll();

                    assertThat(made).hasValue(4);
                    assertThat(served[0]).isEqualTo(100);
                    assertThat(pool.free()).isEqualTo(4);
                });
    }

    @Test
    @Spec("POOL10")
    void get_oneMoreThanTheLimit_goesThrough() throws Exception {
        Evy.run(
                () -> {
                    var pool = new IntPool(5);
                    var items = new ArrayList<Integer>();

                    for (int i = 0; i < 6; i++) {
                        int item = pool.get();
                        items.add(item);
                        Evy.spawn(() -> pool.put(item));
                    }

                    assertThat(items).containsExactly(1, 2, 3, 4, 5, 1);
                    Evy.yield();
                    assertThat(pool.free()).isEqualTo(5);
                });
    }

    @Test
    @Spec("POOL11")
    void put_whoWaitedHasTimedOut_itemIsFree() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new IntPool(1);
                        int item = pool.get();
                        var getters = new ArrayList<evy.GreenThread<Boolean>>();
                        for (int i = 0; i < 3; i++) {
                            getters.add(
                                    Evy.spawn(
                                            () -> Timeout.run(SECOND, () -> pool.put(pool.get()))));
                        }
                        // with their time limits, in the same turn
                        Evy.spawnAfter(SECOND, () -> pool.put(item));
                        Evy.sleep(SECOND.multipliedBy(2));

                        getters.forEach(g -> g.join());
                        assertThat(pool.free()).isEqualTo(1);
                        assertThat(pool.waiting()).isZero();
                        assertThat(pool.get()).isEqualTo(item);
                    });
        }
    }

    @Test
    @Spec("POOL11")
    void get_timeIsOver_saysWhatThePoolLooksLike() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new TokenPool(1);
                        pool.get();

                        assertThatThrownBy(() -> pool.get(SECOND))
                                .isInstanceOf(TimeoutException.class)
                                .hasMessageContaining("TokenPool[maxSize=1, out=1, idle=0")
                                .hasMessageContaining("PT1S");
                        assertThat(pool.waiting()).isZero();
                    });
        }
    }

    @Test
    @Spec("POOL11")
    void get_killedWhileWaiting_takesNothing() throws Exception {
        Evy.run(
                () -> {
                    var pool = new TokenPool(1);
                    Token token = pool.get();
                    var first = Evy.spawn(() -> pool.get());
                    var second = Evy.spawn(() -> pool.get());
                    Evy.yield();

                    first.kill();
                    pool.put(token);

                    assertThat(second.join()).isSameAs(token);
                    assertThatThrownBy(first::join).isInstanceOf(GreenThreadExit.class);
                });
    }

    @Test
    void get_interruptedPlatformThread_throwsAndTakesNothing() throws Exception {
        var pool = new TokenPool(1);
        pool.get();
        var failure = new Event<Throwable>();
        var thread = Thread.ofPlatform().start(() -> failure.send(catchThrowable(pool::get)));
        awaitUntil("it waits", () -> pool.waiting() == 1);

        thread.interrupt();

        assertThat(failure.await()).isInstanceOf(InterruptedException.class);
        assertThat(pool.waiting()).isZero();
    }

    @Test
    @Spec("POOL12")
    void tokenPool_tokens_limitWhoWorksAtOnce() throws Exception {
        Evy.run(
                () -> {
                    var tokens = new TokenPool(3);
                    var workers = new GreenPool(10);
                    int[] now = {0};
                    int[] most = {0};
                    for (int i = 0; i < 10; i++) {
                        workers.spawnN(
                                () -> {
                                    try (var lease = tokens.item()) {
                                        assertThat(lease.get()).isInstanceOf(Token.class);
                                        most[0] = Math.max(most[0], ++now[0]);
                                        Evy.yield();
                                        now[0]--;
                                    }
                                });
                    }

                    workers.waitAll();

                    assertThat(most[0]).isEqualTo(3);
                    assertThat(tokens.free()).isEqualTo(3);
                    assertThat(new TokenPool().maxSize()).isEqualTo(4);
                });
    }

    @Test
    void put_noneOut_isRefused() {
        var pool = new IntPool(2);

        assertThatThrownBy(() -> pool.put(7))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none is out");
        assertThatThrownBy(() -> pool.put(null)).isInstanceOf(NullPointerException.class);
        assertThat(pool.free()).isEqualTo(2);
    }

    @Test
    void clear_freeItems_areDisposedOfAllEvenIfOneFails() throws Exception {
        var closed = new AtomicInteger();
        var pool =
                new Pool<AutoCloseable>(
                        PoolOptions.DEFAULT.withMinSize(3),
                        () ->
                                () -> {
                                    closed.incrementAndGet();
                                    throw new IOException("cannot close");
                                });
        var out = pool.get();

        assertThatThrownBy(pool::clear)
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));

        assertThat(closed).hasValue(2);
        pool.put(out);
        assertThat(pool.get()).isSameAs(out);
    }

    @Test
    void options_wrongSizes_areRefusedByName() {
        assertThatThrownBy(() -> new TokenPool(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxSize must be >= 0: -1");
        assertThatThrownBy(() -> PoolOptions.DEFAULT.withMinSize(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minSize must be in [0, maxSize 4]: 5");
    }

    @Test
    @Spec({"POOL9", "POOL11"})
    void pool_stormFromHubsAndThreads_losesNothing() throws Exception {
        var made = new AtomicInteger();
        var inUse = new AtomicInteger();
        var pool =
                new Pool<>(
                        3,
                        () -> {
                            if (made.incrementAndGet() % 5 == 0) {
                                throw new IOException("no more today");
                            }
                            Evy.yield();
                            return new Object();
                        });
        try (var hub = Hub.open()) {
            var green = new ArrayList<evy.GreenThread<?>>();
            for (int t = 0; t < 8; t++) {
                int seed = t;
                var home = t % 2 == 0 ? hub : Hub.current();
                green.add(Evy.spawn(home, () -> useAtRandom(pool, inUse, new Random(seed))));
            }
            var thread = Thread.ofPlatform().start(() -> useAtRandom(pool, inUse, new Random(99)));

            green.forEach(g -> g.join());
            thread.join();
        }
        assertThat(inUse).hasValue(0);
        assertThat(pool.waiting()).isZero();
        assertThat(pool.free()).isEqualTo(3);
    }

    private static void useAtRandom(Pool<Object> pool, AtomicInteger inUse, Random random) {
        for (int i = 0; i < 500; i++) {
            try {
                Timeout.run(
                        Duration.ofNanos(random.nextInt(200_000)),
                        () -> {
                            try (var lease = pool.item()) {
                                assertThat(inUse.incrementAndGet()).isLessThanOrEqualTo(3);
                                try {
                                    Evy.yield();
                                } finally {
                                    inUse.decrementAndGet();
                                }
                                if (random.nextInt(10) == 0) {
                                    lease.discard();
                                }
                            }
                        });
            } catch (Exception e) {
                // create() failed: the next round
            }
        }
    }
}
