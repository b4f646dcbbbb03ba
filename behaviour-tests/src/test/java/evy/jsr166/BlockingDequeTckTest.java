package evy.jsr166;

import static evy.jsr166.Side.PATIENCE_SECONDS;
import static evy.jsr166.Side.SHORT_MILLIS;
import static evy.jsr166.Side.millisSince;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import evy.behaviour.AnyPoller;
import evy.sync.LightQueue;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.stream.Stream;

/** What a {@link BlockingDeque} promises beyond a queue. */
@ExtendWith(LeakCheckExtension.class)
@Timeout(Side.TEST_SECONDS)
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("kinds")
@AnyPoller
class BlockingDequeTckTest {
    private final Side side;
    private final BlockingDeque<Integer> deque;

    BlockingDequeTckTest(String type, Side side) {
        this.side = side;
        this.deque = type.equals("LightQueue") ? new LightQueue<>(3) : new LinkedBlockingDeque<>(3);
    }

    static Stream<Arguments> kinds() {
        return Stream.of("LightQueue", "LinkedBlockingDeque")
                .flatMap(t -> Stream.of(Side.values()).map(s -> Arguments.of(t, s)));
    }

    private void fill() {
        deque.clear();
        assertThat(deque.addAll(List.of(1, 2, 3))).isTrue();
    }

    @Test
    void puttingAtEitherEnd_room_putsThere() throws Exception {
        side.run(
                () -> {
                    deque.addFirst(2);
                    deque.addLast(3);
                    deque.push(1);
                    assertThat(deque).containsExactly(1, 2, 3);
                    deque.clear();

                    assertThat(deque.offerLast(2)).isTrue();
                    assertThat(deque.offerFirst(1)).isTrue();
                    assertThat(deque.offerLast(3, PATIENCE_SECONDS, SECONDS)).isTrue();
                    assertThat(deque).containsExactly(1, 2, 3);
                    deque.clear();

                    deque.putLast(3);
                    deque.putFirst(2);
                    assertThat(deque.offerFirst(1, PATIENCE_SECONDS, SECONDS)).isTrue();
                    assertThat(deque).containsExactly(1, 2, 3);
                });
    }

    @Test
    void puttingAtEitherEnd_full_isRefusedAndNothingChanges() throws Exception {
        side.run(
                () -> {
                    fill();

                    assertThat(deque.offerFirst(9)).isFalse();
                    assertThat(deque.offerLast(9)).isFalse();
                    assertThat(deque.offerFirst(9, 0, SECONDS)).isFalse();
                    assertThat(deque.offerLast(9, -1, SECONDS)).isFalse();
                    assertThatIllegalStateException().isThrownBy(() -> deque.addFirst(9));
                    assertThatIllegalStateException().isThrownBy(() -> deque.addLast(9));
                    assertThatIllegalStateException().isThrownBy(() -> deque.push(9));
                    long start = System.nanoTime();
                    assertThat(deque.offerFirst(9, SHORT_MILLIS, MILLISECONDS)).isFalse();
                    assertThat(deque.offerLast(9, SHORT_MILLIS, MILLISECONDS)).isFalse();
                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(2 * SHORT_MILLIS);

                    assertThat(deque).containsExactly(1, 2, 3);
                });
    }

    @Test
    void null_asElement_isRefused() throws Exception {
        side.run(
                () -> {
                    assertThatNullPointerException().isThrownBy(() -> deque.addFirst(null));
                    assertThatNullPointerException().isThrownBy(() -> deque.addLast(null));
                    assertThatNullPointerException().isThrownBy(() -> deque.offerFirst(null));
                    assertThatNullPointerException().isThrownBy(() -> deque.offerLast(null));
                    assertThatNullPointerException().isThrownBy(() -> deque.putFirst(null));
                    assertThatNullPointerException().isThrownBy(() -> deque.putLast(null));
                    assertThatNullPointerException().isThrownBy(() -> deque.push(null));
                    assertThatNullPointerException()
                            .isThrownBy(() -> deque.offerFirst(null, 1, SECONDS));
                    assertThatNullPointerException()
                            .isThrownBy(() -> deque.offerLast(null, 1, SECONDS));
                    assertThat(deque.removeFirstOccurrence(null)).isFalse();
                    assertThat(deque.removeLastOccurrence(null)).isFalse();
                    assertThat(deque).isEmpty();
                });
    }

    @Test
    void takingFromEitherEnd_elements_takesFromThere() throws Exception {
        side.run(
                () -> {
                    fill();
                    assertThat(deque.peekFirst()).isEqualTo(1);
                    assertThat(deque.getFirst()).isEqualTo(1);
                    assertThat(deque.peekLast()).isEqualTo(3);
                    assertThat(deque.getLast()).isEqualTo(3);
                    assertThat(deque.pollFirst()).isEqualTo(1);
                    assertThat(deque.pollLast()).isEqualTo(3);
                    assertThat(deque.pop()).isEqualTo(2);

                    fill();
                    assertThat(deque.removeLast()).isEqualTo(3);
                    assertThat(deque.removeFirst()).isEqualTo(1);
                    assertThat(deque.takeLast()).isEqualTo(2);

                    fill();
                    assertThat(deque.takeFirst()).isEqualTo(1);
                    assertThat(deque.pollLast(PATIENCE_SECONDS, SECONDS)).isEqualTo(3);
                    assertThat(deque.pollFirst(PATIENCE_SECONDS, SECONDS)).isEqualTo(2);
                    assertThat(deque.remainingCapacity()).isEqualTo(3);
                });
    }

    @Test
    void takingFromEitherEnd_empty_saysSoInItsWay() throws Exception {
        side.run(
                () -> {
                    assertThat(deque.peekFirst()).isNull();
                    assertThat(deque.peekLast()).isNull();
                    assertThat(deque.pollFirst()).isNull();
                    assertThat(deque.pollLast()).isNull();
                    assertThat(deque.pollLast(0, SECONDS)).isNull();
                    assertThat(deque.pollFirst(-1, SECONDS)).isNull();
                    assertThatThrownBy(deque::getFirst).isInstanceOf(NoSuchElementException.class);
                    assertThatThrownBy(deque::getLast).isInstanceOf(NoSuchElementException.class);
                    assertThatThrownBy(deque::removeFirst)
                            .isInstanceOf(NoSuchElementException.class);
                    assertThatThrownBy(deque::removeLast)
                            .isInstanceOf(NoSuchElementException.class);
                    assertThatThrownBy(deque::pop).isInstanceOf(NoSuchElementException.class);
                    long start = System.nanoTime();
                    assertThat(deque.pollFirst(SHORT_MILLIS, MILLISECONDS)).isNull();
                    assertThat(deque.pollLast(SHORT_MILLIS, MILLISECONDS)).isNull();
                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(2 * SHORT_MILLIS);
                });
    }

    @Test
    void taking_empty_waits() throws Exception {
        side.run(
                () -> {
                    var first = side.start(deque::takeFirst).blocked();
                    deque.putLast(1);
                    assertThat(first.result()).isEqualTo(1);

                    var last = side.start(deque::takeLast).blocked();
                    deque.putFirst(2);
                    assertThat(last.result()).isEqualTo(2);

                    var poller =
                            side.start(() -> deque.pollLast(PATIENCE_SECONDS, SECONDS)).blocked();
                    deque.push(3);
                    assertThat(poller.result()).isEqualTo(3);
                    assertThat(deque).isEmpty();
                });
    }

    @Test
    void putting_full_waitsAndThenPutsAtItsEnd() throws Exception {
        side.run(
                () -> {
                    fill();
                    var first = side.start(() -> deque.putFirst(0)).blocked();
                    assertThat(deque.takeLast()).isEqualTo(3);
                    first.result();
                    assertThat(deque).containsExactly(0, 1, 2);

                    var last = side.start(() -> deque.putLast(3)).blocked();
                    assertThat(deque.takeFirst()).isZero();
                    last.result();
                    assertThat(deque).containsExactly(1, 2, 3);

                    var offerer =
                            side.start(() -> deque.offerFirst(0, PATIENCE_SECONDS, SECONDS))
                                    .blocked();
                    assertThat(deque.pollLast()).isEqualTo(3);
                    assertThat(offerer.result()).isTrue();
                    assertThat(deque).containsExactly(0, 1, 2);
                });
    }

    @Test
    void waitingAtEitherEnd_interrupted_changesNothing() throws Exception {
        side.run(
                () -> {
                    var taker = side.start(deque::takeLast).blocked();
                    assertThat(taker.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);
                    fill();

                    var putter = side.start(() -> deque.putFirst(9)).blocked();
                    assertThat(putter.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);

                    assertThat(deque).containsExactly(1, 2, 3);
                });
    }

    @Test
    void removeOccurrence_duplicates_removesTheFirstOrTheLast() throws Exception {
        side.run(
                () -> {
                    assertThat(deque.addAll(List.of(1, 2, 1))).isTrue();
                    assertThat(deque.removeLastOccurrence(1)).isTrue();
                    assertThat(deque).containsExactly(1, 2);
                    assertThat(deque.add(1)).isTrue();
                    assertThat(deque.removeFirstOccurrence(1)).isTrue();
                    assertThat(deque).containsExactly(2, 1);
                    assertThat(deque.removeFirstOccurrence(9)).isFalse();
                    assertThat(deque.removeLastOccurrence(9)).isFalse();
                });
    }

    @Test
    void descendingIterator_elements_goesFromTheBackAndRemoves() throws Exception {
        side.run(
                () -> {
                    fill();
                    Iterator<Integer> it = deque.descendingIterator();

                    assertThat(it.next()).isEqualTo(3);
                    assertThat(it.next()).isEqualTo(2);
                    it.remove();
                    assertThat(it.next()).isEqualTo(1);

                    assertThat(it.hasNext()).isFalse();
                    assertThatThrownBy(it::next).isInstanceOf(NoSuchElementException.class);
                    assertThat(deque).containsExactly(1, 3);
                });
    }

    @Test
    void descendingIteratorRemove_sameObjectTwice_removesTheOneItIsAt() throws Exception {
        side.run(
                () -> {
                    assertThat(deque.addAll(List.of(1, 2, 1))).isTrue();
                    Iterator<Integer> it = deque.descendingIterator();
                    Integer unused = it.next();

                    it.remove();

                    assertThat(deque).containsExactly(1, 2);
                });
    }

    @Test
    void reversed_anything_isTheOtherWayRound() throws Exception {
        side.run(
                () -> {
                    fill();
                    assertThat(deque.reversed()).containsExactly(3, 2, 1);
                    assertThat(deque.reversed().pollFirst()).isEqualTo(3);
                    assertThat(deque).containsExactly(1, 2);
                });
    }
}
