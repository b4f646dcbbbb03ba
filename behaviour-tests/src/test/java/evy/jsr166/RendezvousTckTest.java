package evy.jsr166;

import static evy.jsr166.Side.PATIENCE_SECONDS;
import static evy.jsr166.Side.SHORT_MILLIS;
import static evy.jsr166.Side.millisSince;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import evy.behaviour.AnyPoller;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;

/** A queue of size 0 promises what {@link java.util.concurrent.SynchronousQueue} does. */
@ExtendWith(LeakCheckExtension.class)
@Timeout(Side.TEST_SECONDS)
@ParameterizedClass(name = "{0}")
@MethodSource("evy.jsr166.QueueKind#rendezvous")
@AnyPoller
class RendezvousTckTest {
    private final Side side;
    private final BlockingQueue<Integer> queue;

    RendezvousTckTest(QueueKind.Case parameters) {
        side = parameters.side();
        queue = parameters.kind().make(0);
    }

    @Test
    void collection_putterWaits_isEmptyAndFull() throws Exception {
        side.run(
                () -> {
                    var putter = side.start(() -> queue.put(1)).blocked();

                    assertThat(queue.isEmpty()).isTrue();
                    assertThat(queue.size()).isZero();
                    assertThat(queue.remainingCapacity()).isZero();
                    assertThat(queue.peek()).isNull();
                    assertThatThrownBy(queue::element).isInstanceOf(NoSuchElementException.class);
                    assertThat(queue.contains(1)).isFalse();
                    assertThat(queue.remove(1)).isFalse();
                    assertThat(queue.iterator().hasNext()).isFalse();
                    assertThat(queue.toArray()).isEmpty();
                    assertThat(queue.toArray(new Integer[] {5})).containsExactly((Integer) null);
                    queue.clear();
                    assertThat(putter.isDone()).isFalse();

                    assertThat(queue.poll()).isEqualTo(1);
                    putter.result();
                });
    }

    @Test
    void offerAdd_nobodyTakes_areRefused() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.offer(1)).isFalse();
                    assertThatIllegalStateException().isThrownBy(() -> queue.add(1));
                    assertThatIllegalStateException().isThrownBy(() -> queue.addAll(List.of(1)));
                    long start = System.nanoTime();
                    assertThat(queue.offer(1, SHORT_MILLIS, MILLISECONDS)).isFalse();
                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(SHORT_MILLIS);
                    assertThat(queue.poll()).isNull();
                    assertThat(queue.poll(SHORT_MILLIS, MILLISECONDS)).isNull();
                });
    }

    @Test
    void offer_takerWaits_handsOver() throws Exception {
        side.run(
                () -> {
                    var taker = side.start(queue::take).blocked();
                    assertThat(queue.offer(1)).isTrue();
                    assertThat(taker.result()).isEqualTo(1);

                    var poller = side.start(() -> queue.poll(PATIENCE_SECONDS, SECONDS)).blocked();
                    queue.put(2);
                    assertThat(poller.result()).isEqualTo(2);
                });
    }

    @Test
    void put_interruptedWhileWaiting_isNeverTaken() throws Exception {
        side.run(
                () -> {
                    var putter = side.start(() -> queue.put(1)).blocked();

                    assertThat(putter.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);

                    assertThat(queue.poll()).isNull();
                });
    }

    @Test
    void puttersAndTakers_any_areServedInOrder() throws Exception {
        side.run(
                () -> {
                    var first = side.start(() -> queue.put(2)).blocked();
                    var second = side.start(() -> queue.put(1)).blocked();

                    assertThat(queue.take()).isEqualTo(2);
                    assertThat(queue.take()).isEqualTo(1);

                    first.result();
                    second.result();
                });
    }

    @Test
    void drainTo_puttersWait_takesFromTheirHands() throws Exception {
        side.run(
                () -> {
                    List<Integer> into = new ArrayList<>();
                    assertThat(queue.drainTo(into)).isZero();
                    var first = side.start(() -> queue.put(1)).blocked();
                    var second = side.start(() -> queue.put(2)).blocked();

                    assertThat(queue.drainTo(into, 1)).isEqualTo(1);
                    first.result();
                    assertThat(second.isDone()).isFalse();
                    assertThat(queue.drainTo(into)).isEqualTo(1);

                    second.result();
                    assertThat(into).containsExactly(1, 2);
                });
    }
}
