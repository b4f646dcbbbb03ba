package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.hubs.Hub;
import evy.sync.GreenLifoQueue;
import evy.sync.GreenPriorityQueue;
import evy.sync.GreenQueue;
import evy.sync.LightQueue;
import evy.sync.QueueClosedException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Queues; what all of them share is in {@link QueueContractTest}, what they share with all that is
 * waited for in {@link QueueWaitingContractTest}.
 */
@ExtendWith(LeakCheckExtension.class)
class QueueTest {
    @Spec({"Q1", "Q2"})
    @Test
    void make_sizes_meanBoundNoneOrHandOver() {
        var unbounded = new LightQueue<Integer>();
        var negative = new GreenQueue<Integer>(-7);
        var bounded = new GreenLifoQueue<Integer>(1);
        var handOver = new GreenPriorityQueue<Integer>(0);

        for (int i = 0; i < 1000; i++) {
            assertThat(unbounded.offer(i)).isTrue();
            assertThat(negative.offer(i)).isTrue();
        }

        assertThat(unbounded.isFull()).isFalse();
        assertThat(negative.maxSize()).isEqualTo(LightQueue.UNBOUNDED);
        assertThat(bounded.offer(1)).isTrue();
        assertThat(bounded.offer(2)).isFalse();
        assertThat(bounded.isFull()).isTrue();
        assertThat(handOver.offer(1)).isFalse();
        assertThat(handOver.isFull()).isTrue();
        assertThat(handOver).isEmpty();
    }

    @Spec("Q3")
    @Test
    void put_third_waitsUntilOneIsTaken() throws Exception {
        Evy.run(
                () -> {
                    var queue = new GreenQueue<String>(2);
                    var log = new ArrayList<String>();
                    var putter =
                            Evy.spawn(
                                    () -> {
                                        for (String e : List.of("a", "b", "c")) {
                                            queue.put(e);
                                            log.add(e);
                                        }
                                    });
                    Evy.yield();
                    assertThat(log).containsExactly("a", "b");
                    assertThat(queue.putting()).isEqualTo(1);

                    assertThat(queue.take()).isEqualTo("a");
                    assertThat(log).containsExactly("a", "b");
                    Evy.yield();

                    assertThat(log).containsExactly("a", "b", "c");
                    putter.join();
                    assertThat(queue.take()).isEqualTo("b");
                    assertThat(queue.take()).isEqualTo("c");
                });
    }

    @Spec({"Q4", "Q5"})
    @Test
    void timedForms_limitOver_failAfterThatTime() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var queue = new LightQueue<String>(0);

                        assertThat(queue.offer("lost", Duration.ofHours(1))).isFalse();
                        assertThat(queue.poll(Duration.ofHours(1))).isNull();
                        assertThat(queue.offer("lost", 1, TimeUnit.HOURS)).isFalse();
                        assertThat(queue.poll(1, TimeUnit.HOURS)).isNull();
                        assertThat(queue.offerFirst("lost", 1, TimeUnit.HOURS)).isFalse();
                        assertThat(queue.pollLast(1, TimeUnit.HOURS)).isNull();

                        assertThat(queue.poll()).isNull();
                        assertThat(queue.getting()).isZero();
                        assertThat(queue.putting()).isZero();
                    });
            assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofHours(6));
        }
    }

    @Spec("Q6")
    @Test
    void resize_negative_isUnbounded() {
        Evy.run(
                () -> {
                    var queue = new GreenQueue<Integer>(1);
                    var putters = new ArrayList<GreenThread<?>>();
                    for (int i = 0; i < 5; i++) {
                        int element = i;
                        putters.add(Evy.spawn(() -> queue.put(element)));
                    }
                    Evy.yield();

                    queue.resize(-1);

                    putters.forEach(GreenThread::join);
                    assertThat(queue.isFull()).isFalse();
                    assertThat(queue.maxSize()).isEqualTo(LightQueue.UNBOUNDED);
                    assertThat(queue.size()).isEqualTo(5);
                    queue.resize(1);
                    assertThat(queue).containsExactly(0, 1, 2, 3, 4);
                    assertThat(queue.isFull()).isTrue();
                });
    }

    @Spec("Q7")
    @Test
    void put_fourWaiting_servesThemInOrder() throws Exception {
        Evy.run(
                () -> {
                    var queue = new LightQueue<Integer>();
                    var takers = new ArrayList<GreenThread<Integer>>();
                    for (int i = 0; i < 4; i++) {
                        takers.add(Evy.spawn(() -> queue.take()));
                    }
                    Evy.yield();

                    for (int i = 0; i < 4; i++) {
                        queue.put(i);
                    }

                    for (int i = 0; i < 4; i++) {
                        assertThat(takers.get(i).join()).isEqualTo(i);
                    }
                });
    }

    @Spec({"Q8", "Q9"})
    @Test
    void put_takersDead_goesToTheLivingOrStays() throws Exception {
        Evy.run(
                () -> {
                    var queue = new GreenQueue<String>();
                    var first = Evy.spawn(() -> queue.take());
                    var second = Evy.spawn(() -> queue.poll(Duration.ofHours(1)));
                    var third = Evy.spawn(() -> queue.take());
                    Evy.yield();
                    assertThat(queue.getting()).isEqualTo(3);

                    first.raise(new GreenThreadExit());
                    queue.put("a"); // in the same turn
                    assertThat(second.join()).isEqualTo("a");
                    third.raise(new GreenThreadExit());
                    queue.put("b");

                    assertThat(queue.getting()).isZero();
                    assertThat(queue.take()).isEqualTo("b");
                    assertThatThrownBy(first::join).isInstanceOf(GreenThreadExit.class);
                    assertThatThrownBy(third::join).isInstanceOf(GreenThreadExit.class);
                });
    }

    @Spec("Q10")
    @Test
    void put_toChannel_isOverWhenTheTakerHasIt() throws Exception {
        Evy.run(
                () -> {
                    var channel = new GreenQueue<String>(0);
                    var log = new ArrayList<String>();
                    var taker =
                            Evy.spawn(
                                    () -> {
                                        log.add(channel.take());
                                        log.add(channel.take());
                                    });

                    log.add("sending");
                    channel.put("hello");
                    log.add("sent hello");
                    channel.put("world");
                    log.add("sent world");

                    taker.join();
                    assertThat(log)
                            .containsExactly(
                                    "sending", "hello", "sent hello", "world", "sent world");
                });
    }

    @Spec("Q10")
    @Test
    void take_fromChannel_runsOnBeforeTheSender() throws Exception {
        Evy.run(
                () -> {
                    var channel = new GreenQueue<String>(0);
                    var log = new ArrayList<String>();
                    var sender =
                            Evy.spawn(
                                    () -> {
                                        log.add("sending hello");
                                        channel.put("hello");
                                        log.add("sending world");
                                        channel.put("world");
                                        log.add("sent world");
                                    });

                    log.add("waiting");
                    log.add(channel.take());
                    log.add(channel.take());

                    assertThat(log)
                            .containsExactly(
                                    "waiting", "sending hello", "hello", "sending world", "world");
                    Evy.yield();
                    assertThat(log).endsWith("sent world");
                    sender.join();
                });
    }

    @Spec("Q11")
    @Test
    void nonBlockingForms_inHubCallback_work() throws Exception {
        Evy.run(
                () -> {
                    var queue = new GreenQueue<String>(1);
                    var handOver = new LightQueue<String>(0);
                    var putter = Evy.spawn(() -> handOver.put("brought"));
                    Evy.yield();

                    List<Object> results =
                            inCallback(
                                    () ->
                                            List.of(
                                                    queue.offer("a"),
                                                    queue.offer("b"),
                                                    queue.poll(),
                                                    queue.poll() == null,
                                                    handOver.poll(),
                                                    handOver.poll() == null));

                    assertThat(results).containsExactly(true, false, "a", true, "brought", true);
                    putter.join();
                    var taker = Evy.spawn(() -> handOver.take());
                    Evy.yield();
                    assertThat(inCallback(() -> handOver.offer("given"))).isTrue();
                    assertThat(taker.join()).isEqualTo("given");
                });
    }

    @Spec("Q11")
    @Test
    void blockingForms_inHubCallback_areRefusedIfTheyWouldBlock() throws Exception {
        Evy.run(
                () -> {
                    var queue = new GreenQueue<String>(1);

                    Throwable take = inCallback(() -> catchThrowable(queue::take));
                    Throwable put =
                            inCallback(
                                    () -> {
                                        queue.put("there is room");
                                        return catchThrowable(() -> queue.put("there is none"));
                                    });
                    Throwable join = inCallback(() -> catchThrowable(() -> queue.join()));

                    for (Throwable refusal : new Throwable[] {take, put, join}) {
                        assertThat(refusal)
                                .isExactlyInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("must not block")
                                .hasMessageContaining("GreenQueue");
                    }
                    assertThat(queue.getting() + queue.putting()).isZero();
                    assertThat(inCallback(() -> queue.take())).isEqualTo("there is room");
                });
    }

    private static <T> T inCallback(Callable<T> action) throws Exception {
        var result = new CompletableFuture<T>();
        Hub.current()
                .execute(
                        () -> {
                            try {
                                result.complete(action.call());
                            } catch (Throwable t) {
                                result.completeExceptionally(t);
                            }
                        });
        return result.get(20, TimeUnit.SECONDS);
    }

    @Spec("Q12")
    @Test
    void offer_handOverToDeadTaker_fails() {
        Evy.run(
                () -> {
                    var queue = new LightQueue<Integer>(0);
                    var taker = Evy.spawn(() -> queue.take());
                    Evy.yield();

                    taker.raise(new GreenThreadExit());
                    boolean given = queue.offer(1);

                    assertThat(given).isFalse();
                    assertThatThrownBy(taker::join).isInstanceOf(GreenThreadExit.class);
                });
    }

    @Spec("Q13")
    @Test
    void take_takerFailsAfterwards_failureIsItsOwn() throws Exception {
        Evy.run(
                () -> {
                    for (int maxSize : new int[] {0, 1, -1}) {
                        var queue = new GreenQueue<Integer>(maxSize);
                        var failure = new StackOverflowError("thrown by the taker");
                        var taker =
                                Evy.spawn(
                                        () -> {
                                            int unused = queue.take();
                                            throw failure;
                                        });
                        Evy.yield();

                        queue.put(1);

                        assertThat(catchThrowable(taker::join)).isSameAs(failure);
                        assertThat(queue.unfinished()).isEqualTo(1);
                        queue.taskDone();
                        queue.join();
                    }
                });
    }

    @Spec("Q14")
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void join_untilAllTasksAreDone(int maxSize) throws Exception {
        Evy.run(
                () -> {
                    var queue = new GreenQueue<Integer>(maxSize);
                    var log = new ArrayList<String>();
                    var worker =
                            Evy.spawn(
                                    () -> {
                                        try {
                                            while (true) {
                                                int task = queue.take();
                                                Evy.yield();
                                                log.add("done " + task);
                                                queue.taskDone();
                                            }
                                        } catch (QueueClosedException end) {
                                            log.add("closed");
                                        }
                                    });
                    for (int i = 0; i < 3; i++) {
                        queue.put(i);
                    }

                    queue.join();
                    log.add("joined");

                    assertThat(log).containsExactly("done 0", "done 1", "done 2", "joined");
                    assertThat(queue.unfinished()).isZero();
                    queue.close();
                    worker.join();
                });
    }

    @Spec("Q14")
    @Test
    void taskDone_tooOften_throws() throws Exception {
        var queue = new GreenQueue<Integer>();
        queue.put(1);
        queue.taskDone();

        assertThatIllegalStateException()
                .isThrownBy(queue::taskDone)
                .withMessageContaining("taskDone");

        assertThat(queue.unfinished()).isZero();
    }

    @Spec("Q14")
    @Test
    void join_elementsThrownAway_countsThemAsDone() throws Exception {
        var queue = new GreenQueue<Integer>();
        queue.addAll(List.of(1, 2, 3, 4));

        assertThat(queue.remove((Object) 1)).isTrue();
        assertThat(queue.removeIf(e -> e == 2)).isTrue();
        assertThat(queue.unfinished()).isEqualTo(2);
        queue.clear();

        assertThat(queue.join(Duration.ZERO)).isTrue();
    }

    @Spec("Q14")
    @Test
    void taskDone_beforeTakingAndThenCleared_doesNotGoBelowZero() throws Exception {
        var queue = new GreenQueue<Integer>();
        queue.add(1);
        queue.taskDone();

        queue.clear();
        assertThat(queue.unfinished()).isZero();
        queue.add(2);

        assertThat(queue.join(Duration.ZERO)).isFalse();
    }

    @Spec("Q15")
    @Test
    void join_neverUsed_returnsAtOnce() throws Exception {
        for (var queue :
                List.of(
                        new GreenQueue<Integer>(),
                        new GreenQueue<Integer>(0),
                        new GreenQueue<Integer>(3))) {
            queue.join();
            assertThat(queue.join(Duration.ZERO)).isTrue();
        }
        new GreenLifoQueue<Integer>().join();
        new GreenPriorityQueue<Integer>().join();
    }

    @Spec("Q16")
    @Test
    void priority_equalOnes_comeOutAsTheyWerePut() throws Exception {
        var queue = new GreenPriorityQueue<Job>(Comparator.comparingInt(Job::priority));
        for (int i = 0; i < 100; i++) {
            queue.put(new Job(i % 3, i));
        }

        var taken = new ArrayList<Job>();
        queue.drainTo(taken);

        var expected = new ArrayList<>(taken);
        expected.sort(Comparator.comparingInt(Job::priority).thenComparingInt(Job::number));
        assertThat(taken).hasSize(100).isEqualTo(expected);
    }

    @Spec("Q16")
    @Test
    void priority_notComparable_isRefusedWhenPut() {
        var queue = new GreenPriorityQueue<Object>();

        assertThatThrownBy(() -> queue.put(new Object())).isInstanceOf(ClassCastException.class);
        assertThat(queue).isEmpty();
        assertThat(queue.unfinished()).isZero();
        queue.add(1);
        assertThatThrownBy(() -> queue.put("not a number")).isInstanceOf(ClassCastException.class);

        assertThat(queue).containsExactly(1);
        assertThat(queue.unfinished()).isEqualTo(1);
    }

    @Spec({"Q13", "Q16"})
    @Test
    void priority_waitingPutterBringsTheIncomparable_takersAreNotDisturbed() throws Exception {
        Evy.run(
                () -> {
                    var queue = new GreenPriorityQueue<Object>(2);
                    queue.put(1);
                    queue.put(2);
                    var wrong = Evy.spawn(() -> queue.put("not a number"));
                    var right = Evy.spawn(() -> queue.put(3));
                    Evy.yield();

                    var taken = new ArrayList<Object>();
                    for (int i = 0; i < 3; i++) {
                        taken.add(queue.poll(Duration.ofMillis(20)));
                    }

                    assertThat(taken).as("elements taken").containsExactly(1, 2, 3);
                    right.join();
                    assertThatThrownBy(wrong::join).isInstanceOf(ClassCastException.class);
                });
    }

    @Spec("Q17")
    @Test
    void putOfTake_betweenTwo_starvesNobody() {
        Evy.run(
                () -> {
                    for (int maxSize : new int[] {-1, 1, 0}) {
                        var queue = new GreenQueue<String>(maxSize);
                        var third = new AtomicBoolean();
                        var timer = new AtomicBoolean();
                        var rounds = new int[2];
                        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                        var pair = new ArrayList<GreenThread<?>>();
                        for (int i = 0; i < 2; i++) {
                            int number = i;
                            pair.add(
                                    Evy.spawn(
                                            () -> {
                                                while (!(third.get() && timer.get())
                                                        && System.nanoTime() < end) {
                                                    queue.put(queue.take());
                                                    rounds[number]++;
                                                }
                                                queue.close();
                                            }));
                        }
                        Evy.yield(); // both wait
                        var fed = Evy.spawn(() -> queue.put("element"));
                        Evy.spawnN(() -> third.set(true));
                        Hub.current().schedule(Duration.ofMillis(1), () -> timer.set(true));

                        for (var thread : pair) {
                            Throwable thrown = catchThrowable(thread::join);
                            assertThat(thrown)
                                    .satisfiesAnyOf(
                                            t -> assertThat(t).isNull(),
                                            t ->
                                                    assertThat(t)
                                                            .isInstanceOf(
                                                                    QueueClosedException.class));
                        }
                        fed.join();

                        assertThat(third).as("another green thread, size " + maxSize).isTrue();
                        assertThat(timer).as("a timer, size " + maxSize).isTrue();
                    }
                });
    }

    @Spec("Q17")
    @Test
    void putOfTake_elementThereFromTheStart_starvesNobody() throws Exception {
        try (var hub = Hub.open()) { // one of its own: it may be starved
            var queue = new GreenQueue<String>();
            queue.put("element");
            var third = new AtomicBoolean();
            var timer = new AtomicBoolean();
            var stop = new AtomicBoolean();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);

            var main =
                    Evy.spawn(
                            hub,
                            () -> {
                                for (int i = 0; i < 2; i++) {
                                    Evy.spawnN(
                                            () -> {
                                                while (!(third.get() && timer.get())
                                                        && !stop.get()
                                                        && System.nanoTime() < end) {
                                                    queue.put(queue.take());
                                                }
                                                stop.set(true);
                                            });
                                }
                                Evy.spawnN(() -> third.set(!stop.get()));
                                Hub.current()
                                        .schedule(
                                                Duration.ofMillis(1), () -> timer.set(!stop.get()));
                            });
            main.join();
            while (!stop.get()) {
                Thread.onSpinWait();
            }

            assertThat(third).as("another green thread").isTrue();
            assertThat(timer).as("a timer").isTrue();
        }
    }

    @Spec("Q18")
    @Test
    void refusals_areThoseOfCollections() {
        var queue = new LightQueue<String>(1);
        Queue<String> any = queue;
        BlockingQueue<String> blocking = queue;

        assertThatThrownBy(any::remove).isExactlyInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(any::element).isExactlyInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(queue::removeLast).isExactlyInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(queue::getFirst).isExactlyInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(queue::getLast).isExactlyInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(queue::pop).isExactlyInstanceOf(NoSuchElementException.class);
        assertThat(blocking.add("a")).isTrue();
        assertThatThrownBy(() -> blocking.add("b"))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessageContaining("full");
        assertThatThrownBy(() -> queue.addFirst("b"))
                .isExactlyInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.push("b")).isExactlyInstanceOf(IllegalStateException.class);
        queue.close();
        assertThatThrownBy(() -> queue.addLast("b")).isInstanceOf(IllegalStateException.class);
    }

    @Spec("Q3")
    @Test
    void putFirst_waitingForRoom_goesToTheFront() throws Exception {
        Evy.run(
                () -> {
                    var queue = new LightQueue<String>(2);
                    queue.addAll(List.of("a", "b"));
                    var first = Evy.spawn(() -> queue.putFirst("first"));
                    Evy.yield();
                    var last = Evy.spawn(() -> queue.putLast("last"));
                    Evy.yield();

                    assertThat(queue.takeLast()).isEqualTo("b");
                    first.join();
                    assertThat(queue).containsExactly("first", "a");
                    assertThat(queue.takeLast()).isEqualTo("a");
                    last.join();

                    assertThat(queue).containsExactly("first", "last");
                    assertThat(queue.takeFirst()).isEqualTo("first");
                    assertThat(queue.takeLast()).isEqualTo("last");
                });
    }

    @Spec("Q1")
    @Test
    void putFirst_handOver_bringsTheElementItself() throws Exception {
        Evy.run(
                () -> {
                    var queue = new LightQueue<String>(0);
                    var first = Evy.spawn(() -> queue.putFirst("first"));
                    var last = Evy.spawn(() -> queue.putLast("last"));
                    Evy.yield();

                    assertThat(queue.pollLast()).isEqualTo("first");
                    assertThat(queue.takeFirst()).isEqualTo("last");
                    first.join();
                    last.join();
                });
    }

    @Spec("Q3")
    @Test
    void bothEnds_asDeque_keepOrder() throws Exception {
        var queue = new LightQueue<String>();

        queue.put("b");
        queue.push("a");
        assertThat(queue.offerLast("c")).isTrue();
        queue.add("b");

        assertThat(queue).containsExactly("a", "b", "c", "b");
        assertThat(queue.descendingIterator()).toIterable().containsExactly("b", "c", "b", "a");
        assertThat(queue.removeLastOccurrence("b")).isTrue();
        assertThat(queue).containsExactly("a", "b", "c");
        assertThat(queue.removeFirstOccurrence("x")).isFalse();
        assertThat(queue.peekFirst()).isEqualTo("a");
        assertThat(queue.peekLast()).isEqualTo("c");
        assertThat(queue.pollLast()).isEqualTo("c");
        assertThat(queue.pop()).isEqualTo("a");
        assertThat(queue.removeLast()).isEqualTo("b");
    }

    @Spec("Q18")
    @Test
    void iterator_whileChanged_seesOneMoment() throws Exception {
        var queue = new LightQueue<Integer>();
        queue.addAll(List.of(1, 2, 3));
        var elements = queue.iterator();
        assertThatIllegalStateException().isThrownBy(elements::remove);
        assertThat(elements.next()).isEqualTo(1);

        queue.clear();
        queue.put(4);

        assertThat(elements.next()).isEqualTo(2);
        elements.remove(); // is gone already
        assertThat(elements.next()).isEqualTo(3);
        assertThatThrownBy(elements::next).isInstanceOf(NoSuchElementException.class);
        assertThat(queue).containsExactly(4);
        assertThat(queue.toArray(new Integer[] {9, 9, 9})).containsExactly(4, null, 9);
    }

    /** Something with a rank that is not all of it. */
    private record Job(int priority, int number) {}
}
