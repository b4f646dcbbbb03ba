package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import evy.Collision;
import evy.DagArrivals;
import evy.DagPool;
import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.PropagateError;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubGroup;
import evy.hubs.HubOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class DagPoolTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

    /** Reads all its inputs and is them, in a row: {@code d(b(a) c(a))}. */
    private static String tree(String key, DagArrivals<String, String> inputs) {
        var text = new ArrayList<String>();
        for (var input : inputs) {
            text.add(input.getValue());
        }
        Collections.sort(text);
        return text.isEmpty() ? key : key + "(" + String.join(" ", text) + ")";
    }

    /** Lets all green threads of the hub go on as far as they can. */
    private static void settle() {
        for (int i = 0; i < 20; i++) {
            Evy.yield();
        }
    }

    private static List<String> letters(String text) {
        return text.chars().mapToObj(Character::toString).toList();
    }

    /* DAG1: spawn and spawnMany */

    @Test
    @Spec("DAG1")
    void spawnMany_diamondInAnyOrder_everyTaskGetsItsInputs() throws Exception {
        var diamond =
                List.of(
                        entry("a", ""),
                        entry("b", "a"),
                        entry("c", "a"),
                        entry("d", "bc"),
                        entry("e", "dc"));
        for (int rotation = 0; rotation < diamond.size(); rotation++) {
            var rotated = new ArrayList<>(diamond);
            Collections.rotate(rotated, rotation);
            Evy.run(
                    () -> {
                        var depends = new LinkedHashMap<String, List<String>>();
                        rotated.forEach(e -> depends.put(e.getKey(), letters(e.getValue())));
                        var pool = new DagPool<String, String>();

                        pool.spawnMany(depends, DagPoolTest::tree);

                        assertThat(pool.value("e")).isEqualTo("e(c(a) d(b(a) c(a)))");
                        assertThat(pool.awaitAll()).containsOnlyKeys("a", "b", "c", "d", "e");
                        assertThat(pool).hasToString("DagPool (values=5, running=0, missing=0)");
                    });
        }
    }

    @Test
    @Spec("DAG1")
    void spawn_valuesComeWhileItReads_inOrderOfArrival() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var seen = new ArrayList<Map.Entry<String, Integer>>();
                    pool.spawn(
                            "sum",
                            List.of("a", "b", "c"),
                            (key, inputs) -> {
                                assertThat(key).isEqualTo("sum");
                                inputs.forEach(seen::add);
                                assertThat(inputs.hasNext()).isFalse();
                                return 0;
                            });

                    pool.post("c", 3);
                    settle();
                    assertThat(seen).containsExactly(entry("c", 3));
                    pool.post("other", 0);
                    pool.post("a", 1);
                    settle();
                    assertThat(seen).containsExactly(entry("c", 3), entry("a", 1));
                    pool.post("b", 2);
                    settle();

                    assertThat(seen).containsExactly(entry("c", 3), entry("a", 1), entry("b", 2));
                    assertThat(pool.keys()).containsExactly("c", "other", "a", "b", "sum");
                });
    }

    @Test
    @Spec("DAG1")
    void spawn_valuesComeBeforeItReads_inOrderOfArrival() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var gate = new CountDownLatch(1);
                    var seen = new ArrayList<String>();
                    pool.spawn(
                            "sum",
                            List.of("a", "b", "c"),
                            (key, inputs) -> {
                                gate.await();
                                inputs.forEach(input -> seen.add(input.getKey()));
                                return 0;
                            });

                    for (String key : List.of("c", "a", "b")) {
                        pool.post(key, 0);
                    }
                    gate.countDown();
                    pool.value("sum");

                    assertThat(seen).containsExactly("c", "a", "b");
                });
    }

    @Test
    @Spec("DAG1")
    void toMap_someReadBefore_isTheRest() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Object>(Map.of("a", 1));
                    pool.spawn(
                            "rest",
                            List.of("a", "b", "c"),
                            (key, inputs) -> {
                                assertThat(inputs.next()).isEqualTo(entry("a", 1));
                                var rest = inputs.toMap();
                                assertThatThrownBy(inputs::next)
                                        .isInstanceOf(NoSuchElementException.class);
                                return rest;
                            });
                    settle();

                    pool.post("c", 3);
                    pool.post("b", 2);

                    assertThat(pool.value("rest")).isEqualTo(Map.of("c", 3, "b", 2));
                });
    }

    @Test
    @Spec("DAG1")
    void spawn_dependsChangedAfterwards_countsAsGiven() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("a", "1", "b", "2"));
                    var depends = new ArrayList<>(List.of("a", "a"));

                    pool.spawn("c", depends, DagPoolTest::tree);
                    depends.add("b");

                    assertThat(pool.value("c")).isEqualTo("c(1)");
                });
    }

    @Test
    @Spec("DAG1")
    void spawn_fromAPlatformThread_worksAsFromAGreenThread() {
        var pool = new DagPool<String, String>();

        GreenThread<String> handle = pool.spawn("b", List.of("a"), DagPoolTest::tree);
        pool.spawn("a", List.of(), DagPoolTest::tree);

        assertThat(pool.value("b")).isEqualTo("b(a)");
        assertThat(handle.join()).isEqualTo("b(a)");
    }

    @Test
    @Spec("DAG1")
    void spawn_onClosedHub_leavesTheKeysFree() throws Exception {
        var pool = new DagPool<String, String>();
        var hub = Hub.open(HubOptions.DEFAULT);
        var thrown =
                Evy.spawn(
                        hub,
                        () -> {
                            hub.shutdown();
                            return catchThrowable(
                                    () ->
                                            pool.spawnMany(
                                                    Map.of("a", List.of("x"), "b", List.of("y")),
                                                    DagPoolTest::tree));
                        });

        assertThat(thrown.join()).isInstanceOf(IllegalStateException.class);
        hub.close();
        assertThat(pool).hasToString("DagPool (values=0, running=0, missing=0)");
        pool.post("a", "free");
        pool.post("b", "free");
    }

    /* DAG2: what is there comes first */

    @Test
    @Spec("DAG2")
    void spawn_someValuesThere_beginsAndGetsThemAtOnce() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>(Map.of("a", 1));
                    pool.post("b", 2);
                    var seen = new ArrayList<String>();
                    pool.spawn(
                            "sum",
                            List.of("missing", "b", "a"),
                            (key, inputs) -> {
                                seen.add("begun");
                                inputs.forEach(input -> seen.add(input.getKey()));
                                return 0;
                            });

                    Evy.yield();
                    assertThat(seen).containsExactly("begun", "b", "a");
                    pool.post("missing", 3);
                    pool.value("sum");

                    assertThat(seen).containsExactly("begun", "b", "a", "missing");
                });
    }

    @Test
    @Spec("DAG2")
    void spawn_inputsNotRead_endsWithoutThem() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>(Map.of("there", 1));

                    pool.spawn("none", List.of("never"), (key, inputs) -> 0);
                    pool.spawn(
                            "one",
                            List.of("there", "never"),
                            (key, inputs) -> inputs.next().getValue());

                    assertThat(pool.awaitAll()).isEqualTo(Map.of("there", 1, "none", 0, "one", 1));
                    assertThat(pool).hasToString("DagPool (values=3, running=0, missing=0)");
                });
    }

    /* DAG3: what a task returns, and what it posts */

    @Test
    @Spec("DAG3")
    void spawn_taskReturns_isTheValue() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();

                    var handle = pool.spawn("a", List.of(), (key, inputs) -> 7);
                    pool.spawn("nothing", List.of(), (key, inputs) -> null);

                    assertThat(pool.value("a")).isEqualTo(7);
                    assertThat(pool.value("nothing")).isNull();
                    assertThat(handle.join()).isEqualTo(7);
                });
    }

    @Test
    @Spec("DAG3")
    void post_byTheTaskItself_countsInsteadOfItsResult() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var gate = new CountDownLatch(1);
                    var handle =
                            pool.spawn(
                                    "a",
                                    List.of(),
                                    (key, inputs) -> {
                                        pool.post(key, 1);
                                        assertThatThrownBy(() -> pool.post(key, 2))
                                                .isInstanceOf(Collision.class);
                                        gate.await();
                                        return 3;
                                    });
                    pool.spawn("b", List.of("a"), (key, in) -> in.next().getValue() * 10);

                    assertThat(pool.value("b")).isEqualTo(10);
                    assertThat(pool.runningKeys()).containsExactly("a");
                    gate.countDown();

                    assertThat(handle.join()).isEqualTo(3);
                    assertThat(pool.value("a")).isEqualTo(1);
                });
    }

    @Test
    @Spec({"DAG3", "DAG4"})
    void postOrReplace_byTheTaskItself_replacesWhatItPosted() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();

                    var handle =
                            pool.spawn(
                                    "a",
                                    List.of(),
                                    (key, inputs) -> {
                                        pool.post(key, 1);
                                        pool.postOrReplace(key, 2);
                                        throw new IOException("too late to matter");
                                    });

                    assertThatThrownBy(handle::join).isInstanceOf(IOException.class);
                    assertThat(pool.value("a")).isEqualTo(2);
                });
    }

    @Test
    @Spec("DAG3")
    void spawn_taskReturned_keyHasItsValueBeforeTheHandle() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<Object, Integer>();
                    var handle = new AtomicReference<GreenThread<Integer>>();
                    var doneWhenLookedUp = new ArrayList<Boolean>();
                    Object key =
                            new Object() {
                                @Override
                                public int hashCode() {
                                    if (handle.get() != null) {
                                        doneWhenLookedUp.add(handle.get().isDone());
                                    }
                                    return 1;
                                }
                            };
                    handle.set(pool.spawn(key, List.of(), (k, inputs) -> 7));

                    handle.get().join();

                    assertThat(doneWhenLookedUp).startsWith(false);
                    assertThat(pool.items()).containsValue(7);
                });
    }

    /* DAG4: post */

    @Test
    @Spec("DAG4")
    void post_twice_collides() {
        var pool = new DagPool<String, Integer>(Map.of("preloaded", 0));
        pool.post("a", 1);

        assertThatThrownBy(() -> pool.post("a", 2))
                .isInstanceOf(Collision.class)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("DagPool: key 'a': it has a value already");
        assertThatThrownBy(() -> pool.post("preloaded", 2)).isInstanceOf(Collision.class);
        assertThatThrownBy(() -> pool.postFailure("a", new IOException()))
                .isInstanceOf(Collision.class);

        assertThat(pool.items()).isEqualTo(Map.of("preloaded", 0, "a", 1));
    }

    @Test
    @Spec("DAG4")
    void postOrReplace_valueThere_laterReadersGetTheNewOne() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    pool.postOrReplace("a", 1);
                    pool.post("b", 1);

                    pool.postOrReplace("a", 2);

                    assertThat(pool.value("a")).isEqualTo(2);
                    assertThat(pool.getOrDefault("a", 0)).isEqualTo(2);
                    assertThat(pool.await(List.of("a"))).containsExactly(entry("a", 2));
                    assertThat(pool.awaitEach(List.of("a")).next()).isEqualTo(entry("a", 2));
                    assertThat(pool.items()).containsExactly(entry("a", 2), entry("b", 1));
                });
    }

    @Test
    @Spec("DAG4")
    void postOrReplace_someoneWaits_getsTheFirst() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var reader = Evy.spawn(() -> pool.value("a"));
                    Evy.yield();

                    pool.postOrReplace("a", 1);

                    assertThat(reader.join()).isEqualTo(1);
                });
    }

    @Test
    @Spec("DAG4")
    void post_taskRuns_collides() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    pool.spawn("a", List.of("never"), (key, in) -> in.next().getValue());

                    assertThatThrownBy(() -> pool.post("a", 1))
                            .isInstanceOf(Collision.class)
                            .hasMessage(
                                    "DagPool: key 'a': a green thread runs for it; kill(key)"
                                            + " would free it");
                    Evy.yield();
                    assertThatThrownBy(() -> pool.postOrReplace("a", 1))
                            .isInstanceOf(Collision.class);
                    assertThatThrownBy(() -> onPlatformThread(() -> pool.post("a", 1)).get())
                            .hasCauseInstanceOf(Collision.class);

                    assertThat(pool.getOrDefault("a", -1)).isEqualTo(-1);
                    pool.kill("a");
                });
    }

    @Test
    @Spec("DAG4")
    void postOrReplace_ownValuePostedAndStillRunning_othersCollide() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var gate = new CountDownLatch(1);
                    pool.spawn(
                            "a",
                            List.of(),
                            (key, inputs) -> {
                                pool.post(key, 1);
                                gate.await();
                                return 0;
                            });
                    pool.value("a");

                    assertThatThrownBy(() -> pool.postOrReplace("a", 2))
                            .isInstanceOf(Collision.class);

                    gate.countDown();
                    settle();
                    pool.postOrReplace("a", 2);
                    assertThat(pool.value("a")).isEqualTo(2);
                });
    }

    /* DAG5: collisions of spawn */

    @Test
    @Spec("DAG5")
    void spawn_keyTaken_collides() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("preloaded", ""));
                    var gate = new CountDownLatch(1);
                    pool.post("posted", "");
                    pool.spawn("ended", List.of(), DagPoolTest::tree);
                    pool.spawn("failed", List.of(), DagPoolTest::fail);
                    pool.spawn("pending", List.of("never"), DagPoolTest::tree);
                    pool.spawn("running", List.of(), behind(gate));
                    settle();
                    pool.spawn("not begun", List.of(), behind(gate));

                    for (String key :
                            List.of(
                                    "preloaded",
                                    "posted",
                                    "ended",
                                    "failed",
                                    "pending",
                                    "running",
                                    "not begun")) {
                        assertThatThrownBy(() -> pool.spawn(key, List.of(), DagPoolTest::tree))
                                .as(key)
                                .isInstanceOf(Collision.class)
                                .hasMessageContaining("'" + key + "'");
                    }

                    gate.countDown();
                    pool.kill("pending");
                    settle();
                    assertThat(pool.running()).isZero();
                });
    }

    @Test
    @Spec("DAG5")
    void spawnMany_oneKeyTaken_spawnsNothing() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("c", ""));
                    var depends = new LinkedHashMap<String, List<String>>();
                    for (String key : List.of("a", "b", "c", "d")) {
                        depends.put(key, List.of("input of " + key));
                    }

                    assertThatThrownBy(() -> pool.spawnMany(depends, DagPoolTest::tree))
                            .isInstanceOf(Collision.class)
                            .hasMessageContaining("'c'");

                    settle();
                    assertThat(pool).hasToString("DagPool (values=1, running=0, missing=0)");
                    depends.remove("c");
                    pool.spawnMany(depends, (key, inputs) -> key);
                    assertThat(pool.awaitAll()).containsOnlyKeys("a", "b", "c", "d");
                });
    }

    private static String fail(String key, DagArrivals<String, String> inputs) throws IOException {
        throw new IOException("failed " + key);
    }

    private static <V> DagPool.Task<String, V> behind(CountDownLatch gate) {
        return (key, inputs) -> {
            gate.await();
            return null;
        };
    }

    private static <T> FutureTask<T> onPlatformThread(Callable<T> call) {
        var task = new FutureTask<>(call);
        new Thread(task, "dag-pool-test").start();
        return task;
    }

    private static FutureTask<Void> onPlatformThread(Runnable action) {
        return onPlatformThread(
                () -> {
                    action.run();
                    return null;
                });
    }

    /* DAG6: waiting for several keys */

    @Test
    @Spec("DAG6")
    void await_someKeys_mapOfTheseInOrderOfArrival() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>(Map.of("a", 1, "b", 2, "c", 3));
                    var reader = Evy.spawn(() -> pool.await(List.of("d", "c", "e", "b", "f")));
                    for (String key : List.of("f", "x", "d")) {
                        Evy.yield();
                        pool.post(key, 0);
                        settle();
                        assertThat(reader.isDone()).isFalse();
                    }

                    pool.post("e", 0);

                    assertThat(reader.join().keySet()).containsExactly("c", "b", "f", "d", "e");
                    assertThat(reader.join()).containsEntry("b", 2);
                });
    }

    @Test
    @Spec("DAG6")
    void awaitAll_tasksRun_everyKeyKnownAtTheCall() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("a", "1"));
                    var gate = new CountDownLatch(1);
                    pool.post("b", "2");
                    pool.spawn("c", List.of("a"), DagPoolTest::tree);
                    pool.spawn("d", List.of(), behind(gate));
                    var reader = Evy.spawn(() -> pool.awaitAll());
                    settle();
                    pool.spawn("later", List.of("never"), DagPoolTest::tree);
                    assertThat(reader.isDone()).isFalse();

                    gate.countDown();

                    var expected = new HashMap<>(Map.of("a", "1", "b", "2", "c", "c(1)"));
                    expected.put("d", null);
                    assertThat(reader.join()).isEqualTo(expected);
                    pool.kill("later");
                });
    }

    @Test
    @Spec("DAG6")
    void awaitEach_someKeys_pairsAsTheyBecomeReady() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>(Map.of("a", 1, "b", 2));
                    var seen = new ArrayList<Object>();
                    var keys = new ArrayList<>(List.of("b", "c", "d", "e"));
                    var reader = Evy.spawn(() -> pool.awaitEach(keys).forEachRemaining(seen::add));
                    Evy.yield();
                    keys.clear();

                    assertThat(seen).containsExactly(entry("b", 2));
                    pool.post("e", 5);
                    pool.post("c", 3);
                    settle();
                    assertThat(seen).hasSize(3).contains(entry("e", 5), entry("c", 3));
                    pool.post("d", 4);
                    reader.join();

                    assertThat(seen).hasSize(4).endsWith(entry("d", 4));
                });
    }

    @Test
    @Spec("DAG6")
    void awaitEach_noKeysGiven_allKnownAtTheCall() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("a", "1"));
                    pool.spawn("b", List.of("c"), DagPoolTest::tree);

                    var each = pool.awaitEach();
                    pool.post("c", "3");
                    pool.post("unknown then", "");

                    assertThat(each.toMap()).containsExactly(entry("a", "1"), entry("b", "b(3)"));
                });
    }

    @Test
    @Spec("DAG6")
    void awaitEach_readLate_stillInOrderOfArrival() {
        var pool = new DagPool<String, Integer>();
        var each = pool.awaitEach(List.of("a", "b", "c"));
        pool.post("c", 3);
        pool.post("b", 2);
        pool.post("a", 1);

        assertThat(each.iterator()).isSameAs(each);
        assertThat(each.toMap().keySet()).containsExactly("c", "b", "a");
        assertThat(each.hasNext()).isFalse();
    }

    @Test
    @Spec("DAG6")
    void await_keyGivenTwice_countsOnce() {
        var pool = new DagPool<String, Integer>(Map.of("a", 1));

        var each = pool.awaitEach(List.of("a", "a"));

        assertThat(each.next()).isEqualTo(entry("a", 1));
        assertThat(each.hasNext()).isFalse();
    }

    /* DAG7: what need not wait does not yield */

    @Test
    @Spec("DAG7")
    void allOperations_nothingToWaitFor_doNotYield() throws Exception {
        Evy.run(
                () -> {
                    var ticks = new AtomicInteger();
                    var ticker = Evy.spawn(() -> tick(ticks));
                    Evy.yield();
                    int before = ticks.get();
                    assertThat(before).isPositive();

                    var pool = new DagPool<String, Integer>(Map.of("a", 1, "b", 2, "c", 3));
                    assertThat(pool.awaitEach(List.of()).hasNext()).isFalse();
                    assertThat(pool.awaitEachSuccess(List.of()).hasNext()).isFalse();
                    assertThat(pool.awaitEachException(List.of()).hasNext()).isFalse();
                    assertThat(pool.await(Set.of())).isEmpty();
                    assertThat(new DagPool<String, Integer>().awaitAll()).isEmpty();
                    assertThat(pool.awaitAll()).hasSize(3);
                    assertThat(pool.await(List.of("c", "a"))).hasSize(2);
                    assertThat(pool.awaitEach().toMap()).hasSize(3);
                    assertThat(pool.awaitEach(List.of("b", "c")).toMap()).hasSize(2);
                    assertThat(pool.awaitEachSuccess().toMap()).hasSize(3);
                    assertThat(pool.awaitEachException().toMap()).isEmpty();
                    assertThat(pool.value("a")).isEqualTo(1);
                    assertThat(pool.getOrDefault("x", 9)).isEqualTo(9);
                    pool.post("d", 4);
                    pool.postOrReplace("d", 5);
                    pool.postFailure("f", new IOException());
                    pool.spawn("e", List.of("a"), (key, in) -> in.next().getValue());
                    pool.spawnMany(Map.of("g", List.of("h")), (key, in) -> 0);
                    assertThat(pool.waitingFor("g")).containsExactly("h");

                    assertThat(ticks).hasValue(before);
                    Evy.yield();
                    assertThat(ticks).hasValueGreaterThan(before); // it would have been seen
                    ticker.kill();
                    settle();
                });
    }

    private static void tick(AtomicInteger ticks) {
        while (true) {
            ticks.incrementAndGet();
            Evy.yield();
        }
    }

    @Test
    @Spec("DAG7")
    void value_inAHubsCallback_worksIfThereAndIsRefusedIfNot() throws Exception {
        var pool = new DagPool<String, Integer>(Map.of("a", 1));
        var hub = Hub.getDefault();

        int there = hub.call(() -> pool.value("a"));
        var refused = hub.call(() -> catchThrowable(() -> pool.value("b")));
        var refusedEach = hub.call(() -> catchThrowable(() -> pool.awaitEach(List.of("b")).next()));

        assertThat(there).isEqualTo(1);
        assertThat(refused)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("DagPool: values of [b]");
        assertThat(refusedEach).isInstanceOf(IllegalStateException.class);
        assertThat(pool).hasToString("DagPool (values=1, running=0, missing=0)");
    }

    /* DAG8: each value as soon as it is there */

    @Test
    @Spec("DAG8")
    void awaitEach_chain_noValueWaitsForALaterOne() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("a", ""));
                    var gates = new HashMap<String, CountDownLatch>();
                    String keys = "abcde";
                    for (int i = keys.length() - 1; i > 0; i--) {
                        var gate = new CountDownLatch(1);
                        gates.put(keys.substring(i, i + 1), gate);
                        pool.spawn(
                                keys.substring(i, i + 1),
                                letters(keys.substring(i - 1, i)),
                                (key, inputs) -> {
                                    inputs.toMap();
                                    gate.await();
                                    return key;
                                });
                    }
                    var each = pool.awaitEach();

                    for (int i = 0; i < keys.length(); i++) {
                        assertThat(each.next().getKey()).isEqualTo(keys.substring(i, i + 1));
                        settle();
                        assertThat(pool.keys())
                                .containsExactlyElementsOf(letters(keys.substring(0, i + 1)));
                        if (i < keys.length() - 1) {
                            gates.get(keys.substring(i + 1, i + 2)).countDown();
                        }
                    }
                    assertThat(each.hasNext()).isFalse();
                });
    }

    /* DAG9: one value */

    @Test
    @Spec("DAG9")
    void value_keyNotYetSpawned_waitsForIt() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var first = Evy.spawn(() -> pool.value("a"));
                    var second = Evy.spawn(() -> pool.value("a"));
                    settle();
                    assertThat(first.isDone()).isFalse();
                    assertThat(pool).hasToString("DagPool (values=0, running=0, missing=1)");

                    pool.spawn("a", List.of("b"), (key, in) -> in.next().getValue() + 1);
                    settle();
                    assertThat(first.isDone()).isFalse();
                    pool.post("b", 1);

                    assertThat(first.join()).isEqualTo(2);
                    assertThat(second.join()).isEqualTo(2);
                    assertThat(pool).hasToString("DagPool (values=2, running=0, missing=0)");
                });
    }

    @Test
    @Spec("DAG9")
    void value_onAPlatformThread_blocksThatThread() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var reader = onPlatformThread(() -> pool.value("a"));
                    GreenPoolTest.awaitUntil("the reader waits", () -> isMissing(pool, 1));

                    pool.post("a", 1);

                    assertThat(reader.get()).isEqualTo(1);
                });
    }

    private static boolean isMissing(DagPool<?, ?> pool, int keys) {
        return pool.toString().endsWith("missing=" + keys + ")");
    }

    @Test
    @Spec("DAG9")
    void getOrDefault_neverBlocks() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    pool.spawn("a", List.of(), (key, inputs) -> 1);
                    pool.spawn("nothing", List.of(), (key, inputs) -> null);

                    assertThat(pool.getOrDefault("a", -1)).isEqualTo(-1);
                    assertThat(pool.getOrDefault("a", null)).isNull();
                    assertThat(pool.getOrDefault("unknown", -1)).isEqualTo(-1);
                    settle();

                    assertThat(pool.getOrDefault("a", -1)).isEqualTo(1);
                    assertThat(pool.getOrDefault("nothing", -1)).isNull();
                });
    }

    /* DAG10: what the pool knows */

    @Test
    @Spec("DAG10")
    void queries_atEveryStage_tellWhatIsThereAndWhatIsMissing() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("a", "a", "b", "b"));
                    var gates = new HashMap<String, CountDownLatch>();
                    for (String key : List.of("c", "d", "e")) {
                        gates.put(key, new CountDownLatch(1));
                        pool.spawn(key, List.of("a"), behind(gates.get(key)));
                    }
                    pool.spawn("f", List.of("a", "c", "d", "e"), DagPoolTest::awaitInputs);
                    pool.spawn("g", List.of("f", "x"), DagPoolTest::awaitInputs);

                    for (int round = 0; round < 2; round++) { // not begun, and begun
                        assertThat(pool.keys()).containsExactlyInAnyOrder("a", "b");
                        assertThat(pool.items()).isEqualTo(Map.of("a", "a", "b", "b"));
                        assertThat(pool.running()).isEqualTo(5);
                        assertThat(pool.runningKeys()).containsExactly("c", "d", "e", "f", "g");
                        assertThat(pool.waiting()).isEqualTo(2);
                        assertThat(pool.waitingFor())
                                .isEqualTo(
                                        Map.of("f", Set.of("c", "d", "e"), "g", Set.of("f", "x")));
                        assertThat(pool.waitingFor("f")).containsExactly("c", "d", "e");
                        assertThat(pool.waitingFor("c")).isEmpty();
                        assertThat(pool.waitingFor("a")).isEmpty();
                        settle();
                    }
                    assertThatThrownBy(() -> pool.waitingFor("x"))
                            .isInstanceOf(NoSuchElementException.class)
                            .hasMessage("DagPool: nothing is known of key 'x'");

                    gates.get("d").countDown();
                    settle();
                    assertThat(pool.keys()).containsExactlyInAnyOrder("a", "b", "d");
                    assertThat(pool.running()).isEqualTo(4);
                    assertThat(pool.waitingFor("f")).containsExactly("c", "e");

                    gates.values().forEach(CountDownLatch::countDown);
                    settle();
                    assertThat(pool.waiting()).isEqualTo(1);
                    assertThat(pool.waitingFor()).isEqualTo(Map.of("g", Set.of("x")));
                    assertThat(pool.waitingFor("f")).isEmpty();

                    pool.post("x", "x");
                    assertThat(pool.waitingFor()).isEmpty(); // although it has not seen it yet
                    assertThat(pool.runningKeys()).containsExactly("g");
                    settle();
                    assertThat(pool.running()).isZero();
                    assertThat(pool.runningKeys()).isEmpty();
                    assertThat(pool.keys()).hasSize(8).endsWith("f", "x", "g");
                });
    }

    private static String awaitInputs(String key, DagArrivals<String, String> inputs) {
        inputs.toMap();
        return key;
    }

    @Test
    @Spec("DAG10")
    void queries_areSnapshots() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("a", "1"));
                    pool.spawn("b", List.of("c"), DagPoolTest::tree);

                    var keys = pool.keys();
                    var items = pool.items();
                    var running = pool.runningKeys();
                    var missing = pool.waitingFor("b");
                    var waiting = pool.waitingFor();
                    pool.post("c", "3");
                    pool.value("b");

                    assertThat(keys).containsExactly("a");
                    assertThat(items).containsExactly(entry("a", "1"));
                    assertThat(running).containsExactly("b");
                    assertThat(missing).containsExactly("c");
                    assertThat(waiting).isEqualTo(Map.of("b", Set.of("c")));
                    keys.clear();
                    items.clear();
                    assertThat(pool.keys()).hasSize(3);
                });
    }

    @Test
    @Spec("DAG10")
    void constructor_preloadChangedAfterwards_countsAsGiven() {
        var preload = new HashMap<>(Map.of("a", 1));

        var pool = new DagPool<String, Integer>(preload);
        preload.put("b", 2);

        assertThat(pool.items()).isEqualTo(Map.of("a", 1));
    }

    @Test
    @Spec("DAG10")
    void waitingFor_taskTimedOutReading_staysExact() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new DagPool<String, String>();
                        pool.spawn(
                                "a",
                                List.of("b", "c"),
                                (key, inputs) -> {
                                    Timeout.run(SECOND, inputs::next);
                                    Evy.sleep(SECOND);
                                    return tree(key, inputs);
                                });
                        Evy.sleep(SECOND.plusMillis(1));

                        assertThat(pool.waitingFor("a")).containsExactly("b", "c");
                        pool.post("c", "c");
                        assertThat(pool.waitingFor("a")).containsExactly("b");
                        pool.post("b", "b");
                        assertThat(pool.waitingFor()).isEmpty();

                        assertThat(pool.value("a")).isEqualTo("a(b c)");
                    });
        }
    }

    @Test
    @Spec("DAG10")
    void wait_whateverForever_namesTheKeysMissing() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<Object, Integer>(Map.of("there", 1));
                    var task = pool.spawn("c", List.of("a", "b"), (key, in) -> in.toMap().size());
                    var reader = Evy.spawn(() -> pool.await(List.of("there", "c")));
                    var many = new ArrayList<Object>();
                    for (int i = 0; i < 100; i++) {
                        many.add(i);
                    }
                    var greedy = Evy.spawn(() -> pool.await(many));
                    settle();

                    assertThat(task.waitsFor()).hasToString("DagPool: values of [a, b]");
                    assertThat(reader.waitsFor()).hasToString("DagPool: values of [c]");
                    assertThat(greedy.waitsFor())
                            .hasToString(
                                    "DagPool: values of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] and 90"
                                            + " more");
                    pool.post("b", 0);
                    settle();
                    assertThat(task.waitsFor()).hasToString("DagPool: values of [a]");

                    pool.kill("c");
                    reader.kill();
                    greedy.kill();
                });
    }

    /* DAG11: kill */

    @Test
    @Spec("DAG11")
    void kill_taskBeforeItBegins_neverRunsAndIsForgotten() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var ran = new AtomicInteger();
                    var handle =
                            pool.spawn("a", List.of("b"), (key, inputs) -> ran.incrementAndGet());

                    pool.kill("a");

                    settle();
                    assertThat(ran).hasValue(0);
                    assertThat(handle.isCancelled()).isTrue();
                    assertThat(pool).hasToString("DagPool (values=0, running=0, missing=0)");
                    assertThatThrownBy(() -> pool.kill("a"))
                            .isInstanceOf(NoSuchElementException.class)
                            .hasMessage("DagPool: no green thread runs for key 'a'");
                    pool.spawn("a", List.of(), (key, inputs) -> 2);
                    assertThat(pool.value("a")).isEqualTo(2);
                    assertThatThrownBy(() -> pool.kill("a"))
                            .isInstanceOf(NoSuchElementException.class);
                });
    }

    @Test
    @Spec("DAG11")
    void kill_unknownKey_throws() {
        var pool = new DagPool<String, Integer>(Map.of("a", 1));

        assertThatThrownBy(() -> pool.kill("a")).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> pool.kill("x")).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> pool.kill(null)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    @Spec("DAG11")
    void kill_runningTask_hasUnwoundAndWaitersGoOnWaiting() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var unwound = new AtomicInteger();
                    pool.spawn(
                            "a",
                            List.of("never"),
                            (key, inputs) -> {
                                try {
                                    return inputs.next().getValue();
                                } finally {
                                    unwound.incrementAndGet();
                                }
                            });
                    pool.spawn("b", List.of("a"), (key, in) -> in.next().getValue() + 1);
                    var reader = Evy.spawn(() -> pool.value("a"));
                    settle();

                    pool.kill("a");

                    assertThat(unwound).hasValue(1);
                    settle();
                    assertThat(reader.isDone()).isFalse();
                    assertThat(pool.runningKeys()).containsExactly("b");
                    pool.post("a", 1);
                    assertThat(reader.join()).isEqualTo(1);
                    assertThat(pool.value("b")).isEqualTo(2);
                    assertThat(pool).hasToString("DagPool (values=2, running=0, missing=0)");
                });
    }

    @Test
    @Spec("DAG11")
    void kill_taskGoesOnRegardless_itsResultIsNoValue() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var gate = new CountDownLatch(1);
                    var stubborn =
                            pool.spawn(
                                    "a",
                                    List.of("b"),
                                    (key, inputs) -> {
                                        try {
                                            inputs.next();
                                        } catch (GreenThreadExit e) {
                                            gate.await();
                                        }
                                        assertThatThrownBy(() -> pool.post(key, -1))
                                                .isInstanceOf(Collision.class);
                                        return inputs.next().getValue();
                                    });
                    settle();

                    pool.kill("a");
                    pool.spawn("a", List.of("c"), (key, in) -> in.next().getValue());
                    gate.countDown();
                    settle();
                    pool.post("b", 7);

                    assertThat(stubborn.join()).isEqualTo(7);
                    assertThat(pool.runningKeys()).containsExactly("a");
                    assertThat(pool.keys()).containsExactly("b");
                    pool.post("c", 8);
                    assertThat(pool.value("a")).isEqualTo(8);
                });
    }

    @Test
    @Spec("DAG11")
    void kill_ownKey_endsTheTaskHere() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var wentOn = new AtomicInteger();
                    var handle =
                            pool.spawn(
                                    "a",
                                    List.of(),
                                    (key, inputs) -> {
                                        pool.kill(key);
                                        return wentOn.incrementAndGet();
                                    });

                    assertThatThrownBy(handle::join).isInstanceOf(GreenThreadExit.class);

                    assertThat(wentOn).hasValue(0);
                    pool.post("a", 1);
                });
    }

    @Test
    @Spec("DAG11")
    void kill_taskThatPosted_leavesItsValue() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    pool.spawn(
                            "a",
                            List.of("never"),
                            (key, inputs) -> {
                                pool.post(key, 1);
                                return inputs.next().getValue();
                            });
                    settle();

                    pool.kill("a");

                    assertThat(pool.value("a")).isEqualTo(1);
                    assertThat(pool).hasToString("DagPool (values=1, running=0, missing=0)");
                });
    }

    @Test
    @Spec("DAG11")
    void kill_taskOfAnotherHub_hasUnwound() throws Exception {
        var pool = new DagPool<String, Integer>();
        var unwound = new AtomicInteger();
        try (var hubs = HubGroup.open(1)) {
            var handle =
                    Evy.<GreenThread<Integer>>spawn(
                                    hubs.next(),
                                    () -> pool.spawn("a", List.of("b"), noting(unwound)))
                            .join();
            GreenPoolTest.awaitUntil("the task waits", () -> handle.waitsFor() != null);

            pool.kill("a");

            assertThat(unwound).hasValue(1);
            pool.post("a", 1);
        }
    }

    private static DagPool.Task<String, Integer> noting(AtomicInteger unwound) {
        return (key, inputs) -> {
            try {
                return inputs.next().getValue();
            } finally {
                unwound.incrementAndGet();
            }
        };
    }

    /* DAG12: failures propagate */

    @Test
    @Spec("DAG12")
    void value_chainOfFailures_namesEveryLevel() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>();
                    pool.spawn("c", List.of("b"), DagPoolTest::tree);
                    pool.spawn("b", List.of("a"), DagPoolTest::tree);
                    var handle = pool.spawn("a", List.of(), DagPoolTest::fail);

                    var c = catchThrowableOfType(PropagateError.class, () -> pool.value("c"));

                    var b = (PropagateError) c.getCause();
                    var a = (PropagateError) b.getCause();
                    assertThat(List.of(c.key(), b.key(), a.key())).containsExactly("c", "b", "a");
                    assertThat(a.getCause())
                            .isInstanceOf(IOException.class)
                            .hasMessage("failed a")
                            .isSameAs(catchThrowable(handle::join));
                    assertThat(c)
                            .hasMessage(
                                    "no value for 'c': no value for 'b': no value for 'a': "
                                            + "java.io.IOException: failed a");
                });
    }

    @Test
    @Spec("DAG12")
    void fail_manyConsumers_allGetTheSameObjectUnchanged() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>();
                    var readers = new ArrayList<GreenThread<Throwable>>();
                    for (int i = 0; i < 3; i++) {
                        readers.add(Evy.spawn(() -> catchThrowable(() -> pool.value("a"))));
                    }
                    settle();
                    pool.spawn("a", List.of(), DagPoolTest::fail);

                    var failure = readers.getFirst().join();
                    failure.addSuppressed(new IOException("of one consumer"));

                    assertThat(readers).allSatisfy(r -> assertThat(r.join()).isSameAs(failure));
                    assertThat(failure.getSuppressed()).isEmpty();
                    assertThat(failure.getCause().getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("fail"));
                });
    }

    @Test
    @Spec("DAG12")
    void next_failureCaught_iterationGoesOnAndTheDependentSucceeds() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("good", "1"));
                    pool.spawn("bad", List.of(), DagPoolTest::fail);
                    pool.spawn(
                            "tolerant",
                            List.of("bad", "good", "late"),
                            (key, inputs) -> {
                                var got = new ArrayList<String>();
                                while (inputs.hasNext()) {
                                    try {
                                        got.add(inputs.next().getValue());
                                    } catch (PropagateError e) {
                                        got.add("no " + e.key());
                                    }
                                }
                                return String.join(", ", got);
                            });
                    settle();
                    pool.post("late", "2");

                    assertThat(pool.value("tolerant")).isEqualTo("1, no bad, 2");
                });
    }

    @Test
    @Spec("DAG12")
    void spawn_taskThrowsAnything_isAFailure() throws Exception {
        Evy.run(
                () -> {
                    var all =
                            List.of(
                                    new IOException(),
                                    new IllegalStateException(),
                                    new AssertionError(),
                                    new StackOverflowError(),
                                    new GreenThreadExit(),
                                    new InterruptedException(),
                                    new PropagateError("other", new IOException()));
                    var pool = new DagPool<Integer, Integer>();
                    for (int i = 0; i < all.size(); i++) {
                        pool.spawn(
                                i,
                                List.of(),
                                (key, inputs) -> {
                                    throw Greenlet.<Exception>thrown(all.get(key));
                                });
                    }

                    var failures = pool.awaitEachException().toMap();

                    assertThat(failures).hasSize(all.size());
                    failures.forEach(
                            (key, failure) -> {
                                assertThat(failure.key()).isEqualTo(key);
                                assertThat(failure.getCause()).isSameAs(all.get(key));
                            });
                });
    }

    @Test
    @Spec("DAG12")
    void spawn_taskKilledByItsHandle_isAFailure() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var waiting =
                            pool.spawn("waiting", List.of("x"), (key, in) -> in.toMap().size());
                    settle();
                    var notBegun = pool.spawn("not begun", List.of("y"), (key, in) -> 1);

                    notBegun.kill();
                    waiting.kill();

                    for (String key : List.of("waiting", "not begun")) {
                        assertThatThrownBy(() -> pool.value(key))
                                .isInstanceOf(PropagateError.class)
                                .hasCauseInstanceOf(GreenThreadExit.class);
                    }
                    assertThat(
                                    catchThrowable(() -> pool.value("waiting"))
                                            .getCause()
                                            .getStackTrace())
                            .as("where it was killed")
                            .anyMatch(frame -> frame.getMethodName().equals("toMap"));
                    assertThat(pool).hasToString("DagPool (values=2, running=0, missing=0)");
                });
    }

    @Test
    @Spec("DAG12")
    void spawn_timeoutEndsTheTask_isAFailure() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new DagPool<String, Integer>();
                        pool.spawn(
                                "a",
                                List.of("never"),
                                (key, inputs) -> {
                                    try (var timeout = new Timeout(SECOND)) {
                                        return inputs.next().getValue();
                                    }
                                });

                        assertThatThrownBy(() -> pool.value("a"))
                                .isInstanceOf(PropagateError.class)
                                .hasCauseInstanceOf(Timeout.class);
                    });
        }
    }

    @Test
    @Spec("DAG12")
    void close_hubOfTheTasks_nobodyElsewhereWaitsForThem() throws Exception {
        var pool = new DagPool<String, Integer>();
        try (var hubs = HubGroup.open(1)) {
            Evy.spawn(
                            hubs.next(),
                            () -> pool.spawn("a", List.of("x"), (key, in) -> in.toMap().size()))
                    .join();
        }

        assertThatThrownBy(() -> pool.value("a")).isInstanceOf(PropagateError.class);
    }

    /* DAG13: who throws a failure, who skips it, who gives it */

    @Test
    @Spec("DAG13")
    void reads_touchAFailedKey_throwIt() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>(Map.of("good", "1"));
                    pool.spawn("bad", List.of(), DagPoolTest::fail);

                    assertThatThrownBy(() -> pool.awaitAll()).isInstanceOf(PropagateError.class);
                    for (var both : List.of(List.of("good", "bad"), List.of("bad"))) {
                        assertThatThrownBy(() -> pool.await(both))
                                .isInstanceOf(PropagateError.class);
                        assertThatThrownBy(() -> pool.awaitEach(both).forEachRemaining(e -> {}))
                                .isInstanceOf(PropagateError.class);
                    }
                    assertThatThrownBy(() -> pool.awaitEach().toMap())
                            .isInstanceOf(PropagateError.class);
                    assertThatThrownBy(pool::items).isInstanceOf(PropagateError.class);
                    assertThatThrownBy(() -> pool.value("bad")).isInstanceOf(PropagateError.class);
                    assertThatThrownBy(() -> pool.getOrDefault("bad", ""))
                            .isInstanceOf(PropagateError.class);

                    assertThat(pool.await(List.of("good"))).hasSize(1);
                    assertThat(pool.keys()).containsExactly("good", "bad");
                });
    }

    @Test
    @Spec("DAG13")
    void await_oneFailsEarly_throwsAtOnceAndLeavesNothing() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var reader = Evy.spawn(() -> pool.await(List.of("never", "bad", "nor this")));
                    settle();

                    pool.postFailure("bad", new IOException());

                    assertThatThrownBy(reader::join).isInstanceOf(PropagateError.class);
                    assertThat(pool).hasToString("DagPool (values=1, running=0, missing=0)");
                });
    }

    @Test
    @Spec("DAG13")
    void awaitEachSuccess_skipsFailuresButWaitsForThem() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>(Map.of("a", 1));
                    pool.postFailure("b", new IOException());
                    var all =
                            Evy.spawn(
                                    () ->
                                            pool.awaitEachSuccess(List.of("b", "a", "c", "d"))
                                                    .toMap());
                    settle();
                    pool.post("d", 4);
                    settle();
                    assertThat(all.isDone()).isFalse();

                    pool.postFailure("c", new IOException());

                    assertThat(all.join()).containsExactly(entry("a", 1), entry("d", 4));
                    assertThat(pool.awaitEachSuccess().toMap()).isEqualTo(all.join());
                    assertThat(pool.awaitEachSuccess(List.of("b")).hasNext()).isFalse();
                });
    }

    @Test
    @Spec("DAG13")
    void awaitEachException_givesOnlyFailuresAndThrowsNone() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>(Map.of("a", 1));
                    pool.postFailure("b", new IOException("b"));
                    var all =
                            Evy.spawn(
                                    () ->
                                            pool.awaitEachException(List.of("b", "a", "c", "d"))
                                                    .toMap());
                    settle();
                    pool.postFailure("d", new IOException("d"));
                    settle();
                    assertThat(all.isDone()).isFalse();

                    pool.post("c", 3);

                    assertThat(all.join().keySet()).containsExactly("b", "d");
                    assertThat(all.join().get("d")).hasRootCauseMessage("d");
                    assertThat(pool.awaitEachException().toMap()).isEqualTo(all.join());
                    assertThat(pool.awaitEachException(List.of("a")).hasNext()).isFalse();
                });
    }

    /* DAG14: exceptions as values, failures posted, null, serialisation */

    @Test
    @Spec("DAG14")
    void post_exception_isAValueLikeAnyOther() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Object>();
                    var exception = new IOException("a value");

                    pool.post("a", exception);

                    assertThat(pool.value("a")).isSameAs(exception);
                    assertThat(pool.getOrDefault("a", "")).isSameAs(exception);
                    assertThat(pool.awaitEachSuccess().toMap()).containsEntry("a", exception);
                    assertThat(pool.awaitEachException().hasNext()).isFalse();
                });
    }

    @Test
    @Spec("DAG14")
    void post_propagateError_isAFailure() throws Exception {
        Evy.run(
                () -> {
                    var posted = new PropagateError("a", new IOException());
                    var returned = new PropagateError("b", new IOException());
                    var loaded = new PropagateError("c", new IOException());
                    var pool = new DagPool<String, Object>(Map.of("c", loaded));

                    pool.post("a", posted);
                    pool.spawn("b", List.of(), (key, inputs) -> returned);
                    settle();

                    assertThat(catchThrowable(() -> pool.value("a"))).isSameAs(posted);
                    assertThat(catchThrowable(() -> pool.value("b"))).isSameAs(returned);
                    assertThat(catchThrowable(() -> pool.value("c"))).isSameAs(loaded);
                    assertThat(pool.awaitEachException().toMap())
                            .isEqualTo(Map.of("a", posted, "b", returned, "c", loaded));
                });
    }

    @Test
    @Spec("DAG14")
    void postFailure_typedPool_failsTheKey() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    pool.spawn("b", List.of("a"), (key, in) -> in.next().getValue());
                    var cause = new IOException("no a");

                    pool.postFailure("a", cause);

                    var b = catchThrowable(() -> pool.value("b"));
                    assertThat(b).hasMessageContaining("'b'").hasMessageContaining("'a'");
                    assertThat(b.getCause().getCause()).isSameAs(cause);
                    pool.postOrReplace("a", 1);
                    assertThat(pool.value("a")).isEqualTo(1);
                });
    }

    @Test
    @Spec("DAG14")
    void null_isAKeyAndAValue() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, String>();
                    var reader = Evy.spawn(() -> pool.value(null));
                    pool.spawn("a", Arrays.asList("b", null), (key, in) -> in.toMap().toString());
                    settle();
                    assertThat(pool.waitingFor("a")).containsExactly("b", null);

                    pool.spawn(null, List.of(), (key, inputs) -> key);
                    pool.post("b", null);

                    assertThat(reader.join()).isNull();
                    assertThat(pool.value("a")).isIn("{b=null, null=null}", "{null=null, b=null}");
                    assertThat(pool.getOrDefault(null, "default")).isNull();
                    assertThat(pool.items()).containsEntry(null, null).containsEntry("b", null);
                    assertThat(pool.waitingFor(null)).isEmpty();
                    assertThatThrownBy(() -> pool.post(null, "")).isInstanceOf(Collision.class);
                    assertThat(pool.awaitEach(Collections.singleton(null)).next().getKey())
                            .isNull();
                    assertThat(new DagPool<>(pool.items()).keys()).contains("b", null);
                });
    }

    @Test
    @Spec("DAG14")
    void null_failedKey_isNamed() {
        var pool = new DagPool<String, String>();
        pool.postFailure(null, new IOException("why"));

        assertThatThrownBy(() -> pool.value(null))
                .isInstanceOfSatisfying(PropagateError.class, e -> assertThat(e.key()).isNull())
                .hasMessage("no value for 'null': java.io.IOException: why");
    }

    @Test
    @Spec("DAG14")
    void propagateError_serialised_survives() throws Exception {
        var key = new ArrayList<>(List.of("b", 2));
        var chain = new PropagateError(key, new PropagateError(null, new IOException("why")));

        var copy = serialised(chain);

        assertThat(copy).isNotSameAs(chain).hasMessage(chain.getMessage());
        assertThat(copy.key()).isEqualTo(key);
        assertThat(((PropagateError) copy.getCause()).key()).isNull();
        assertThat(copy).hasRootCauseInstanceOf(IOException.class).hasRootCauseMessage("why");
    }

    @Test
    @Spec("DAG14")
    void propagateError_keysNotSerialisable_survivesWithTheirNames() throws Exception {
        var inner = new PropagateError(List.of(new Unserialisable()), new IOException("why"));
        var outer = new PropagateError(new Unserialisable(), inner);

        var copy = serialised(outer);

        assertThat(copy.key()).isEqualTo("a key");
        assertThat(((PropagateError) copy.getCause()).key()).isEqualTo("[a key]");
        assertThat(copy)
                .hasMessage(
                        "no value for 'a key': no value for '[a key]': "
                                + "java.io.IOException: why");
    }

    private static final class Unserialisable {
        @Override
        public String toString() {
            return "a key";
        }
    }

    private static PropagateError serialised(PropagateError error) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (PropagateError) in.readObject();
        }
    }

    /* Torn consumers */

    @Test
    @Spec({"DAG6", "DAG9"})
    void wait_killedOrTimedOut_leavesNothingBehind() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new DagPool<String, Integer>(Map.of("there", 0));
                        var killed =
                                List.of(
                                        Evy.spawn(() -> pool.value("a")),
                                        Evy.spawn(() -> pool.await(List.of("there", "a", "b"))),
                                        Evy.spawn(() -> pool.awaitEach(List.of("c", "d")).next()));
                        var timedOut = new ArrayList<Object>();
                        for (int i = 0; i < 3; i++) {
                            int key = i;
                            Evy.spawnN(
                                    () ->
                                            timedOut.add(
                                                    Timeout.run(
                                                            SECOND,
                                                            () -> pool.value("key " + key))));
                        }
                        settle();
                        assertThat(isMissing(pool, 7)).as(pool.toString()).isTrue();

                        killed.forEach(GreenThread::kill);
                        assertThat(isMissing(pool, 3)).as(pool.toString()).isTrue();
                        Evy.sleep(SECOND.multipliedBy(2));

                        assertThat(timedOut).hasSize(3);
                        assertThat(isMissing(pool, 0)).as(pool.toString()).isTrue();
                    });
        }
    }

    @Test
    @Spec("DAG6")
    void next_timedOut_losesNothingAndGoesOn() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new DagPool<String, Integer>(Map.of("a", 1));
                        var each = pool.awaitEach(List.of("a", "b", "c", "d"));
                        assertThat(each.next().getKey()).isEqualTo("a");

                        assertThat(Timeout.run(SECOND, each::next)).isFalse();
                        pool.post("b", 2);
                        assertThat(each.next().getKey()).isEqualTo("b");
                        assertThat(Timeout.run(SECOND, each::next)).isFalse();
                        pool.post("d", 4);
                        pool.post("c", 3);

                        assertThat(each.toMap()).isEqualTo(Map.of("c", 3, "d", 4));
                    });
        }
    }

    @Test
    @Spec("DAG6")
    void next_killedInTheTurnOfThePost_valueIsNotLostToOthers() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var torn = Evy.spawn(() -> pool.value("a"));
                    var other = Evy.spawn(() -> pool.value("a"));
                    settle();

                    torn.cancel(true);
                    pool.post("a", 1);

                    assertThatThrownBy(torn::join).isInstanceOf(GreenThreadExit.class);
                    assertThat(other.join()).isEqualTo(1);
                });
    }

    @Test
    @Spec("DAG9")
    void value_threadInterrupted_endsTheWait() throws Exception {
        var pool = new DagPool<String, Integer>();
        var thrown = new AtomicReference<Throwable>();
        var thread = new Thread(() -> thrown.set(catchThrowable(() -> pool.value("a"))));
        thread.start();
        GreenPoolTest.awaitUntil("it waits", () -> isMissing(pool, 1));

        thread.interrupt();
        thread.join();

        assertThat(thrown.get())
                .isInstanceOf(GreenThreadExit.class)
                .hasMessageContaining("DagPool: values of [a]");
        assertThat(isMissing(pool, 0)).isTrue();
    }

    @Test
    @Spec("DAG6")
    void awaitEach_droppedHalfWay_isFoundByTheGarbageCollector() throws Exception {
        var pool = new DagPool<String, Integer>(Map.of("a", 1));
        breakOut(pool);
        assertThat(isMissing(pool, 2)).isTrue();

        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!isMissing(pool, 0) && System.nanoTime() - end < 0) {
            System.gc();
        }

        assertThat(pool).hasToString("DagPool (values=1, running=0, missing=0)");
    }

    private static void breakOut(DagPool<String, Integer> pool) {
        for (var arrival : pool.awaitEach(List.of("never", "a", "nor this"))) {
            assertThat(arrival.getKey()).isEqualTo("a");
            break;
        }
    }

    @Test
    @Spec("DAG12")
    void spawn_taskEnded_isNotRetained() throws Exception {
        var pool = new DagPool<String, Integer>();
        var made = new ArrayList<WeakReference<Object>>();
        Evy.run(
                () -> {
                    Object big = new Object();
                    made.add(new WeakReference<>(big));
                    pool.spawn("a", List.of("never"), (key, in) -> big.hashCode());
                    pool.value("a");
                });

        long end = System.nanoTime() + PATIENCE_NANOS;
        while (made.getFirst().get() != null && System.nanoTime() - end < 0) {
            System.gc();
        }

        assertThat(made.getFirst().get()).isNull();
        assertThat(pool.keys()).containsExactly("a");
    }

    @Test
    @Spec("DAG1")
    void next_twoThreadsAtOnce_secondIsRefusedFirstLosesNothing() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var each = pool.awaitEach(List.of("a"));
                    var first = Evy.spawn(() -> each.next().getValue());
                    settle();

                    assertThatThrownBy(each::next).isInstanceOf(IllegalStateException.class);
                    settle();
                    pool.post("a", 1);

                    assertThat(first.join()).isEqualTo(1);
                });
    }

    @Test
    @Spec("DAG1")
    void next_inAThreadOfTheTaskThatOutlivesIt_goesOn() throws Exception {
        Evy.run(
                () -> {
                    var pool = new DagPool<String, Integer>();
                    var helper = new CompletableFuture<GreenThread<Integer>>();
                    pool.spawn(
                            "sum",
                            List.of("a"),
                            (key, inputs) -> {
                                helper.complete(Evy.spawn(() -> inputs.next().getValue()));
                                Evy.yield();
                                return 0;
                            });
                    pool.value("sum");
                    settle();

                    pool.post("a", 1);

                    assertThat(helper.get().join()).isEqualTo(1);
                });
    }

    /* User code is not called under the lock, but for the keys' hashCode and equals */

    @Test
    @Spec({"DAG4", "DAG5", "DAG11"})
    void toString_ofAKeyUsesThePoolFromAnotherThread_doesNotDeadlock() {
        var pool = new DagPool<Object, Integer>();
        Object key =
                new Object() {
                    @Override
                    public String toString() {
                        var size = onPlatformThread(() -> pool.keys().size());
                        try {
                            return "one of " + size.get(20, TimeUnit.SECONDS);
                        } catch (Exception e) {
                            throw new AssertionError("the pool's lock is held", e);
                        }
                    }
                };
        pool.post(key, 1);

        assertThatThrownBy(() -> pool.post(key, 2)).hasMessageContaining("'one of 1'");
        assertThatThrownBy(() -> pool.spawn(key, List.of(), (k, in) -> 0))
                .hasMessageContaining("'one of 1'");
        assertThatThrownBy(() -> pool.kill(key)).hasMessageContaining("'one of 1'");
        pool.postFailure("b", new IOException());
        assertThatThrownBy(() -> pool.value("b")).hasMessageContaining("'b'");
    }

    /* Stress */

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec("DAG9")
    void value_postedAtThatMoment_noWakeUpIsLost(boolean green) throws Exception {
        int rounds = 2000;
        long seed = new Random().nextLong();
        var pool = new DagPool<Integer, Integer>();
        var turn = new AtomicInteger(-1);
        var poster = onPlatformThread(() -> postEach(pool, turn, rounds, new Random(seed)));

        Runnable reader =
                () -> {
                    for (int i = 0; i < rounds; i++) {
                        turn.set(i);
                        assertThat(pool.value(i)).as("seed " + seed).isEqualTo(i);
                    }
                };
        try {
            if (green) {
                Evy.spawn(reader::run).get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            } else {
                onPlatformThread(reader).get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            }
        } finally {
            turn.set(rounds); // has the poster end, whatever happened
        }

        poster.get();
        assertThat(pool.keys()).hasSize(rounds);
    }

    /** Posts each key about when its reader looks for it. */
    private static void postEach(
            DagPool<Integer, Integer> pool, AtomicInteger turn, int rounds, Random luck) {
        for (int i = 0; i < rounds; i++) {
            while (turn.get() < i) {
                Thread.yield(); // on a busy machine the reader needs this core
            }
            for (int spins = luck.nextInt(60); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            pool.post(i, i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Spec({"DAG1", "DAG6", "DAG8", "DAG12"})
    void stress_randomGraphOnManualHub_everyValueOnce(int round) throws Exception {
        long seed = new Random().nextLong();
        try (var manual = ManualHub.open(seed)) {
            var storm = new Storm(seed, 300, List.of(manual.hub()));
            manual.run(() -> storm.onOneHub());
            storm.check();
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed, t);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Spec({"DAG1", "DAG4", "DAG6", "DAG9", "DAG11", "DAG12"})
    void stress_randomGraphOnHubsAndThreads_everyValueOnce(int round) throws Exception {
        long seed = new Random().nextLong();
        try (var hubs = HubGroup.open(3)) {
            var storm = new Storm(seed, 300, hubs.hubs());
            storm.onHubsAndThreads();
            storm.check();
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed, t);
        }
    }

    /**
     * A random graph: each key depends on some smaller ones. Every tenth key is posted from outside
     * and every tenth task fails. Meanwhile tasks are killed by their keys and spawned again, or
     * killed by their handles for good; consumers of all kinds read along, are torn and go on.
     */
    private static final class Storm {
        private static final int CONSUMERS = 9;
        private static final int KILLS = 300;

        private final Random random;
        private final List<Hub> hubs;
        private final List<List<Integer>> depends = new ArrayList<>();
        private final DagPool<Integer, Long> pool = new DagPool<>();
        private final Map<Integer, GreenThread<Long>> handles =
                Collections.synchronizedMap(new HashMap<>());

        Storm(long seed, int size, List<Hub> hubs) {
            this.random = new Random(seed);
            this.hubs = hubs;
            for (int key = 0; key < size; key++) {
                var below = new HashSet<Integer>();
                for (int n = Math.min(key, random.nextInt(6)); n > 0; n--) {
                    below.add(random.nextInt(key));
                }
                depends.add(List.copyOf(below));
            }
        }

        private boolean isPosted(int key) {
            return key % 10 == 7;
        }

        private boolean fails(int key) {
            return key % 30 == 23;
        }

        private List<Integer> shuffledKeys() {
            var keys = allKeys();
            Collections.shuffle(keys, random);
            return keys;
        }

        private List<Integer> allKeys() {
            var keys = new ArrayList<Integer>();
            for (int key = 0; key < depends.size(); key++) {
                keys.add(key);
            }
            return keys;
        }

        private Long compute(Integer key, DagArrivals<Integer, Long> inputs) throws IOException {
            var left = new HashSet<>(depends.get(key));
            if (key % 3 == 0) {
                Evy.yield();
            }
            long sum = key;
            for (var input : inputs) {
                assertThat(left.remove(input.getKey())).as("input of " + key).isTrue();
                sum += input.getValue();
            }
            assertThat(left).as("inputs missing of " + key).isEmpty();
            if (fails(key)) {
                throw new IOException("failed " + key);
            }
            return sum;
        }

        private void provide(int key) {
            if (isPosted(key)) {
                pool.post(key, (long) key);
            } else {
                handles.put(key, pool.spawn(key, depends.get(key), this::compute));
            }
        }

        void onOneHub() {
            var consumers = new ArrayList<GreenThread<?>>();
            for (int i = 0; i < CONSUMERS; i++) {
                int kind = i;
                consumers.add(Evy.spawn(() -> consume(kind)));
            }
            var killer = Evy.spawn(() -> kill(new Random(random.nextLong()), KILLS));
            for (int key : shuffledKeys()) {
                provide(key);
                if (random.nextInt(4) == 0) {
                    Evy.yield();
                }
            }
            killer.join();
            consumers.forEach(GreenThread::join);
        }

        void onHubsAndThreads() throws Exception {
            var greens = new ArrayList<GreenThread<?>>();
            var threads = new ArrayList<FutureTask<Void>>();
            for (int i = 0; i < CONSUMERS; i++) {
                int kind = i;
                if (i % 3 == 0) {
                    threads.add(onPlatformThread(() -> consume(kind)));
                } else {
                    greens.add(Evy.spawn(hubs.get(i % hubs.size()), () -> consume(kind)));
                }
            }
            var keys = shuffledKeys();
            int share = keys.size() / 4;
            for (int i = 0; i < 4; i++) {
                var mine = keys.subList(i * share, i == 3 ? keys.size() : (i + 1) * share);
                var luck = new Random(random.nextLong());
                if (i == 3) {
                    threads.add(onPlatformThread(() -> mine.forEach(this::provide)));
                } else {
                    greens.add(Evy.spawn(hubs.get(i % hubs.size()), () -> provideAll(mine, luck)));
                }
            }
            var first = new Random(random.nextLong());
            var second = new Random(random.nextLong());
            greens.add(Evy.spawn(hubs.get(0), () -> kill(first, KILLS)));
            threads.add(onPlatformThread(() -> kill(second, KILLS)));
            for (var thread : threads) {
                thread.get(60, TimeUnit.SECONDS);
            }
            for (var green : greens) {
                green.get(60, TimeUnit.SECONDS);
            }
        }

        private void provideAll(List<Integer> keys, Random luck) {
            for (int key : keys) {
                provide(key);
                if (luck.nextInt(4) == 0) {
                    Evy.yield();
                }
            }
        }

        /** Kills tasks by their keys, to be spawned again, and now and then one by its handle. */
        private void kill(Random luck, int times) {
            for (int i = 0; i < times; i++) {
                int key = luck.nextInt(depends.size());
                GreenThread<Long> handle = handles.get(key);
                if (handle != null && i % 20 == 0) {
                    handle.kill();
                } else if (handle != null) {
                    killAndSpawn(key);
                } else {
                    Evy.yield();
                }
            }
        }

        private void killAndSpawn(int key) {
            try {
                pool.kill(key);
            } catch (NoSuchElementException e) {
                return; // it has ended, or the other killer was first
            }
            handles.put(key, pool.spawn(key, depends.get(key), this::compute));
        }

        private void consume(int kind) {
            switch (kind % 3) {
                case 0 -> consumeEach();
                case 1 -> consumeTorn();
                default -> consumeOneByOne();
            }
        }

        private void consumeEach() {
            var left = new HashSet<>(allKeys());
            var each = pool.awaitEach(left);
            while (each.hasNext()) {
                try {
                    assertThat(left.remove(each.next().getKey())).isTrue();
                } catch (PropagateError e) {
                    assertThat(left.remove(e.key())).as("seen once: " + e.key()).isTrue();
                }
            }
            assertThat(left).isEmpty();
        }

        private void consumeTorn() {
            var left = new HashSet<>(allKeys());
            var seen = new ArrayList<Integer>();
            var each = pool.awaitEachSuccess(left);
            boolean over = false;
            while (!over) {
                var torn = new Timeout(Duration.ofNanos(50_000));
                try (torn) {
                    while (each.hasNext()) {
                        seen.add(each.next().getKey());
                    }
                    over = true;
                } catch (Timeout t) {
                    assertThat(t).isSameAs(torn);
                }
            }
            assertThat(seen).doesNotHaveDuplicates();
            seen.forEach(left::remove);
            assertThat(pool.awaitEachException(left).toMap()).containsOnlyKeys(left);
        }

        private void consumeOneByOne() {
            for (int key = 0; key < depends.size(); key += 7) {
                int wanted = key;
                Timeout.run(Duration.ofNanos(20_000), () -> read(wanted));
                read(wanted);
            }
        }

        private void read(int key) {
            try {
                pool.value(key);
            } catch (PropagateError e) {
                assertThat(e.key()).isEqualTo(key);
            }
        }

        /** Every key has the value that follows from its inputs, or a good reason to have none. */
        void check() {
            assertThat(pool)
                    .hasToString("DagPool (values=" + depends.size() + ", running=0, missing=0)");
            var values = pool.awaitEachSuccess().toMap();
            var failures = pool.awaitEachException().toMap();
            for (int key = 0; key < depends.size(); key++) {
                if (values.containsKey(key)) {
                    long sum = key;
                    for (int input : isPosted(key) ? List.<Integer>of() : depends.get(key)) {
                        sum += values.get(input);
                    }
                    assertThat(values.get(key)).as("value of " + key).isEqualTo(sum);
                } else {
                    checkFailure(key, failures);
                }
            }
        }

        private void checkFailure(int key, Map<Integer, PropagateError> failures) {
            Throwable cause = failures.get(key).getCause();
            assertThat(failures.get(key).key()).isEqualTo(key);
            if (cause instanceof PropagateError inherited) {
                assertThat(depends.get(key)).contains((Integer) inherited.key());
                assertThat(inherited).isSameAs(failures.get(inherited.key()));
            } else if (!(cause instanceof GreenThreadExit)) {
                assertThat(cause).isInstanceOf(IOException.class).hasMessage("failed " + key);
                assertThat(fails(key)).isTrue();
            }
        }
    }
}
