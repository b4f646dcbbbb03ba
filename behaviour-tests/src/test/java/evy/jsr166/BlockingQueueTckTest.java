package evy.jsr166;

import static evy.jsr166.Side.PATIENCE_SECONDS;
import static evy.jsr166.Side.SHORT_MILLIS;
import static evy.jsr166.Side.millisSince;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import evy.behaviour.AnyPoller;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;

/** What a {@link BlockingQueue} with a bound promises. */
@ExtendWith(LeakCheckExtension.class)
@Timeout(Side.TEST_SECONDS)
@ParameterizedClass(name = "{0}")
@MethodSource("evy.jsr166.QueueKind#bounded")
@AnyPoller
class BlockingQueueTckTest {
    private static final int CAPACITY = 3;

    private final QueueKind kind;
    private final Side side;
    private final BlockingQueue<Integer> queue;

    BlockingQueueTckTest(QueueKind.Case parameters) {
        kind = parameters.kind();
        side = parameters.side();
        queue = kind.make(CAPACITY);
    }

    private void fill() {
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(queue.offer(i)).isTrue();
        }
    }

    /** What is left, in the order it comes out. */
    private List<Integer> rest() {
        List<Integer> rest = new ArrayList<>();
        for (Integer e = queue.poll(); e != null; e = queue.poll()) {
            rest.add(e);
        }
        return rest;
    }

    @Test
    void null_asElementOrArgument_isRefusedAndNothingChanges() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.add(7)).isTrue();

                    assertThatNullPointerException().isThrownBy(() -> queue.offer(null));
                    assertThatNullPointerException().isThrownBy(() -> queue.add(null));
                    assertThatNullPointerException().isThrownBy(() -> queue.put(null));
                    assertThatNullPointerException()
                            .isThrownBy(() -> queue.offer(null, PATIENCE_SECONDS, SECONDS));
                    assertThatNullPointerException().isThrownBy(() -> queue.addAll(null));
                    assertThatNullPointerException().isThrownBy(() -> queue.drainTo(null));
                    assertThatNullPointerException().isThrownBy(() -> queue.drainTo(null, 0));
                    assertThatNullPointerException().isThrownBy(() -> queue.removeAll(null));
                    assertThatNullPointerException().isThrownBy(() -> queue.retainAll(null));
                    assertThatNullPointerException().isThrownBy(() -> queue.removeIf(null));
                    assertThatNullPointerException().isThrownBy(() -> queue.containsAll(null));
                    assertThatNullPointerException().isThrownBy(() -> queue.forEach(null));
                    assertThatNullPointerException()
                            .isThrownBy(() -> queue.toArray((Object[]) null));
                    assertThatNullPointerException().isThrownBy(() -> queue.offer(8, 1, null));
                    assertThatNullPointerException().isThrownBy(() -> queue.poll(1, null));
                    assertThat(queue.contains(null)).isFalse();
                    assertThat(queue.remove(null)).isFalse();
                    assertThat(rest()).containsExactly(7);
                });
    }

    @Test
    void offerAddPut_upToTheBound_fillTheQueue() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.isEmpty()).isTrue();
                    assertThat(queue.remainingCapacity()).isEqualTo(CAPACITY);

                    assertThat(queue.offer(0)).isTrue();
                    assertThat(queue.add(1)).isTrue();
                    queue.put(2);

                    assertThat(queue).hasSize(CAPACITY);
                    assertThat(queue.isEmpty()).isFalse();
                    assertThat(queue.remainingCapacity()).isZero();
                    assertThat(rest()).isEqualTo(kind.outOf(List.of(0, 1, 2)));
                    assertThat(queue.remainingCapacity()).isEqualTo(CAPACITY);
                });
    }

    @Test
    void offerAdd_full_areRefusedAndNothingChanges() throws Exception {
        side.run(
                () -> {
                    fill();

                    assertThat(queue.offer(9)).isFalse();
                    assertThatIllegalStateException().isThrownBy(() -> queue.add(9));
                    assertThat(queue.offer(9, 0, SECONDS)).isFalse();
                    assertThat(queue.offer(9, -1, SECONDS)).isFalse();
                    assertThat(queue.offer(9, Long.MIN_VALUE, SECONDS)).isFalse();
                    long start = System.nanoTime();
                    assertThat(queue.offer(9, SHORT_MILLIS, MILLISECONDS)).isFalse();
                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(SHORT_MILLIS);

                    assertThat(rest()).isEqualTo(kind.outOf(List.of(0, 1, 2)));
                });
    }

    @Test
    void remainingCapacity_everyStep_isBoundMinusSize() throws Exception {
        side.run(
                () -> {
                    for (int i = 0; i < CAPACITY; i++) {
                        assertThat(queue.remainingCapacity()).isEqualTo(CAPACITY - i);
                        assertThat(queue.size()).isEqualTo(i);
                        assertThat(queue.add(i)).isTrue();
                    }
                    for (int i = 0; i < CAPACITY; i++) {
                        assertThat(queue.remainingCapacity()).isEqualTo(i);
                        assertThat(queue.size()).isEqualTo(CAPACITY - i);
                        assertThat(queue.remove()).isNotNull();
                    }
                });
    }

    @Test
    void takingAndLooking_empty_saySoInTheirWays() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.poll()).isNull();
                    assertThat(queue.peek()).isNull();
                    assertThatThrownBy(queue::element).isInstanceOf(NoSuchElementException.class);
                    assertThatThrownBy(queue::remove).isInstanceOf(NoSuchElementException.class);
                    assertThat(queue.poll(0, SECONDS)).isNull();
                    assertThat(queue.poll(-1, SECONDS)).isNull();
                    assertThat(queue.poll(Long.MIN_VALUE, SECONDS)).isNull();
                    long start = System.nanoTime();
                    assertThat(queue.poll(SHORT_MILLIS, MILLISECONDS)).isNull();
                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(SHORT_MILLIS);
                });
    }

    @Test
    void everyWayToTake_elementsThere_givesTheNextOne() throws Exception {
        side.run(
                () -> {
                    List<Integer> order = kind.outOf(List.of(0, 1, 2));
                    fill();
                    assertThat(queue.peek()).isEqualTo(order.get(0));
                    assertThat(queue.element()).isEqualTo(order.get(0));
                    assertThat(queue).hasSize(3);
                    assertThat(queue.take()).isEqualTo(order.get(0));
                    assertThat(queue.poll()).isEqualTo(order.get(1));
                    assertThat(queue.remove()).isEqualTo(order.get(2));

                    fill();
                    assertThat(queue.poll(PATIENCE_SECONDS, SECONDS)).isEqualTo(order.get(0));
                    assertThat(queue.poll(0, SECONDS)).isEqualTo(order.get(1));
                    assertThat(queue.poll(-1, SECONDS)).isEqualTo(order.get(2));
                });
    }

    @Test
    void put_full_waitsUntilThereIsRoom() throws Exception {
        side.run(
                () -> {
                    fill();
                    Side.Helper<Void> putter = side.start(() -> queue.put(7));
                    Side.Helper<Boolean> offerer =
                            side.start(() -> queue.offer(8, PATIENCE_SECONDS, SECONDS));
                    putter.blocked();
                    offerer.blocked();
                    assertThat(queue).doesNotContain(7, 8).hasSize(CAPACITY);

                    List<Integer> taken = new ArrayList<>(List.of(queue.take(), queue.take()));
                    putter.result();
                    assertThat(offerer.result()).isTrue();

                    assertThat(queue.remainingCapacity()).isZero();
                    taken.addAll(rest());
                    assertThat(taken).containsExactlyInAnyOrder(0, 1, 2, 7, 8);
                });
    }

    @Test
    void put_interruptedWhileWaiting_putsNothing() throws Exception {
        side.run(
                () -> {
                    fill();
                    var putter = side.start(() -> queue.put(7)).blocked();
                    var offerer =
                            side.start(() -> queue.offer(8, PATIENCE_SECONDS, SECONDS)).blocked();

                    assertThat(putter.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);
                    assertThat(offerer.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);

                    assertThat(rest()).isEqualTo(kind.outOf(List.of(0, 1, 2)));
                });
    }

    @Test
    void take_empty_waitsForAnElement() throws Exception {
        side.run(
                () -> {
                    var taker = side.start(queue::take).blocked();
                    queue.put(1);
                    assertThat(taker.result()).isEqualTo(1);

                    var poller = side.start(() -> queue.poll(PATIENCE_SECONDS, SECONDS)).blocked();
                    assertThat(queue.offer(2)).isTrue();
                    assertThat(poller.result()).isEqualTo(2);
                    assertThat(queue).isEmpty();
                });
    }

    @Test
    void take_interruptedWhileWaiting_losesNoElement() throws Exception {
        side.run(
                () -> {
                    var taker = side.start(queue::take).blocked();
                    var poller = side.start(() -> queue.poll(PATIENCE_SECONDS, SECONDS)).blocked();

                    assertThat(taker.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);
                    assertThat(poller.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);

                    assertThat(queue.offer(1)).isTrue();
                    assertThat(queue.poll()).isEqualTo(1);
                });
    }

    @Test
    void waiting_interruptedBefore_throwsAndClearsTheFlag() throws Exception {
        side.run(
                () -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(queue::take).isInstanceOf(InterruptedException.class);
                    assertThat(Thread.interrupted()).isFalse();
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> queue.poll(PATIENCE_SECONDS, SECONDS))
                            .isInstanceOf(InterruptedException.class);
                    assertThat(Thread.interrupted()).isFalse();

                    fill();
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> queue.put(7)).isInstanceOf(InterruptedException.class);
                    assertThat(Thread.interrupted()).isFalse();
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> queue.offer(7, PATIENCE_SECONDS, SECONDS))
                            .isInstanceOf(InterruptedException.class);
                    assertThat(Thread.interrupted()).isFalse();
                    assertThat(rest()).isEqualTo(kind.outOf(List.of(0, 1, 2)));
                });
    }

    /** A deliberate difference: the JDK's throw although they need not wait. */
    @Test
    void notWaiting_interruptedBefore_worksAndKeepsTheFlag() throws Exception {
        Assumptions.assumeTrue(kind.isOurs(), "the JDK's throw here");
        side.run(
                () -> {
                    Thread.currentThread().interrupt();

                    queue.put(1);
                    assertThat(queue.offer(2, PATIENCE_SECONDS, SECONDS)).isTrue();
                    assertThat(queue.take()).isNotNull();
                    assertThat(queue.poll(PATIENCE_SECONDS, SECONDS)).isNotNull();
                    assertThat(queue.poll(0, SECONDS)).isNull();

                    assertThat(Thread.interrupted()).isTrue();
                });
    }

    @Test
    void drainTo_all_emptiesTheQueueInOrder() throws Exception {
        side.run(
                () -> {
                    List<Integer> into = new ArrayList<>(List.of(42));
                    fill();

                    assertThat(queue.drainTo(into)).isEqualTo(3);
                    assertThat(queue.drainTo(into)).isZero();

                    List<Integer> all = new ArrayList<>(List.of(42));
                    all.addAll(kind.outOf(List.of(0, 1, 2)));
                    assertThat(into).isEqualTo(all);
                    assertThat(queue).isEmpty();
                    assertThat(queue.remainingCapacity()).isEqualTo(CAPACITY);
                });
    }

    @Test
    void drainTo_atMost_takesNoMore() throws Exception {
        side.run(
                () -> {
                    for (int most = -1; most <= CAPACITY + 2; most++) {
                        List<Integer> into = new ArrayList<>();
                        fill();
                        int expected = Math.clamp(most, 0, CAPACITY);

                        assertThat(queue.drainTo(into, most)).isEqualTo(expected);

                        assertThat(into).hasSize(expected);
                        assertThat(queue).hasSize(CAPACITY - expected);
                        into.addAll(rest());
                        assertThat(into).isEqualTo(kind.outOf(List.of(0, 1, 2)));
                    }
                });
    }

    @Test
    void drainTo_itself_isRefused() throws Exception {
        side.run(
                () -> {
                    fill();

                    assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue));
                    assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue, 1));

                    assertThat(queue).hasSize(CAPACITY);
                });
    }

    @Test
    void drainToClearRemove_putterWaits_letItIn() throws Exception {
        side.run(
                () -> {
                    fill();
                    var first = side.start(() -> queue.put(7)).blocked();
                    assertThat(queue.drainTo(new ArrayList<>(), 1)).isEqualTo(1);
                    first.result();

                    var second = side.start(() -> queue.put(8)).blocked();
                    assertThat(queue.remove(queue.peek())).isTrue();
                    second.result();
                    assertThat(queue).hasSize(CAPACITY);

                    var third = side.start(() -> queue.put(9)).blocked();
                    queue.clear();
                    third.result();
                    assertThat(rest()).containsExactly(9);

                    fill();
                    var fourth = side.start(() -> queue.put(10)).blocked();
                    assertThat(queue.removeIf(e -> e == 1)).isTrue();
                    fourth.result();
                    assertThat(rest()).containsExactlyInAnyOrder(0, 2, 10);
                });
    }

    @Test
    void addAll_moreThanFit_throwsWithWhatFitIn() throws Exception {
        side.run(
                () -> {
                    assertThatIllegalStateException()
                            .isThrownBy(() -> queue.addAll(List.of(0, 1, 2, 3, 4)));

                    assertThat(rest()).isEqualTo(kind.outOf(List.of(0, 1, 2)));
                });
    }

    @Test
    @SuppressWarnings("ModifyingCollectionWithItself") // on purpose
    void addAll_itselfOrNullElements_isRefused() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.add(1)).isTrue();
                    assertThatIllegalArgumentException().isThrownBy(() -> queue.addAll(queue));
                    assertThatNullPointerException()
                            .isThrownBy(() -> queue.addAll(Arrays.asList(2, null)));
                    assertThat(queue.remainingCapacity()).isPositive();
                });
    }

    @Test
    void addAll_nothingOrSomething_tellsWhetherTheQueueChanged() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(QueueKind.none())).isFalse();
                    assertThat(queue.addAll(List.of(0, 1))).isTrue();
                    assertThat(rest()).isEqualTo(kind.outOf(List.of(0, 1)));
                });
    }

    @Test
    void clear_anything_leavesAnEmptyUsableQueue() throws Exception {
        side.run(
                () -> {
                    fill();
                    queue.clear();
                    queue.clear();

                    assertThat(queue).isEmpty();
                    assertThat(queue.remainingCapacity()).isEqualTo(CAPACITY);
                    fill();
                    assertThat(queue.remainingCapacity()).isZero();
                });
    }

    @Test
    void removeContains_byEquality_findAndRemoveOne() throws Exception {
        side.run(
                () -> {
                    BlockingQueue<String> strings = kind.make(CAPACITY);
                    assertThat(strings.addAll(List.of("a", new String("b"), "b"))).isTrue();

                    assertThat(strings.contains(new String("a"))).isTrue();
                    assertThat(strings.contains("c")).isFalse();
                    assertThat(strings.remove("c")).isFalse();
                    assertThat(strings.remove(new String("b"))).isTrue();

                    assertThat(strings).containsExactlyInAnyOrder("a", "b");
                    assertThat(strings.remove("b")).isTrue();
                    assertThat(strings.remove("b")).isFalse();
                    assertThat(strings).containsExactly("a");
                });
    }

    @Test
    void producersAndConsumers_smallQueue_conserveEveryElement() throws Exception {
        int each = 300;
        side.run(
                () -> {
                    List<Side.Helper<List<Integer>>> consumers = new ArrayList<>();
                    List<Side.Helper<Void>> producers = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        int from = i * each;
                        consumers.add(side.start(() -> takeMany(each)));
                        producers.add(side.start(() -> putMany(from, from + each)));
                    }

                    List<Integer> all = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        producers.get(i).result();
                        all.addAll(consumers.get(i).result());
                    }

                    assertThat(all)
                            .containsExactlyInAnyOrderElementsOf(
                                    IntStream.range(0, 3 * each).boxed().toList());
                    assertThat(queue).isEmpty();
                });
    }

    private List<Integer> takeMany(int count) throws InterruptedException {
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < count) {
            taken.add(queue.take());
        }
        return taken;
    }

    private void putMany(int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            queue.put(i);
        }
    }
}
