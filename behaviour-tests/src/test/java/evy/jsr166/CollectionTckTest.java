package evy.jsr166;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.behaviour.AnyPoller;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;

/** What every {@link java.util.Collection} promises, and a concurrent one in particular. */
@ExtendWith(LeakCheckExtension.class)
@Timeout(Side.TEST_SECONDS)
@ParameterizedClass(name = "{0}")
@MethodSource("evy.jsr166.QueueKind#unbounded")
@AnyPoller
class CollectionTckTest {
    private final QueueKind kind;
    private final Side side;
    private final BlockingQueue<Integer> queue;

    CollectionTckTest(QueueKind.Case parameters) {
        kind = parameters.kind();
        side = parameters.side();
        queue = kind.make(QueueKind.UNBOUNDED);
    }

    /** Equal to others, but not the same; in order of its number. */
    private record Twin(int number, String name) implements Comparable<Twin> {
        @Override
        public int compareTo(Twin other) {
            return Integer.compare(number, other.number);
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Twin;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    private static List<Object> iterated(Iterable<?> all) {
        List<Object> elements = new ArrayList<>();
        for (Object e : all) {
            elements.add(e);
        }
        return elements;
    }

    @Test
    void remainingCapacity_noBound_isMaxValue() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.remainingCapacity()).isEqualTo(Integer.MAX_VALUE);
                    assertThat(queue.addAll(List.of(1, 2))).isTrue();
                    if (kind != QueueKind.JDK_LINKED) { // whose bound is just large
                        assertThat(queue.remainingCapacity()).isEqualTo(Integer.MAX_VALUE);
                    }
                });
    }

    @Test
    void everything_empty_saysSo() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.isEmpty()).isTrue();
                    assertThat(queue.size()).isZero();
                    assertThat(queue.toString()).isEqualTo("[]");
                    assertThat(queue.toArray()).isEmpty();
                    assertThat(queue.toArray().getClass()).isEqualTo(Object[].class);
                    Integer[] none = {};
                    assertThat(queue.toArray(none)).isSameAs(none);
                    assertThat(queue.toArray(Integer[]::new)).isEmpty();
                    assertThat(queue.stream().count()).isZero();
                    assertThat(queue.parallelStream().count()).isZero();
                    assertThat(queue.spliterator().tryAdvance(e -> {})).isFalse();
                    assertThat(queue.contains(1)).isFalse();
                    assertThat(queue.containsAll(QueueKind.none())).isTrue();
                    assertThat(queue.remove(1)).isFalse();
                    assertThat(queue.removeIf(e -> true)).isFalse();
                    assertThat(queue.removeAll(List.of(1))).isFalse();
                    assertThat(queue.retainAll(List.of(1))).isFalse();
                    Iterator<Integer> it = queue.iterator();
                    assertThat(it.hasNext()).isFalse();
                    assertThatThrownBy(it::next).isInstanceOf(NoSuchElementException.class);
                    assertThatIllegalStateException().isThrownBy(it::remove);
                });
    }

    @Test
    void everyTraversal_sameMoment_seesTheSameElementsInTheSameOrder() throws Exception {
        side.run(
                () -> {
                    List<Integer> all = IntStream.range(0, 20).boxed().toList();
                    assertThat(queue.addAll(all)).isTrue();
                    List<Object> order = iterated(queue);
                    if (kind.isPriority()) {
                        assertThat(order).containsExactlyInAnyOrderElementsOf(all);
                    } else {
                        assertThat(order).isEqualTo(kind.outOf(all));
                    }

                    List<Object> byForEach = new ArrayList<>();
                    queue.forEach(byForEach::add);
                    List<Object> byRemaining = new ArrayList<>();
                    Iterator<Integer> it = queue.iterator();
                    byRemaining.add(it.next());
                    it.forEachRemaining(byRemaining::add);
                    List<Object> bySplitting = new ArrayList<>();
                    Spliterator<Integer> second = queue.spliterator();
                    Spliterator<Integer> first = second.trySplit();
                    if (first != null) {
                        first.forEachRemaining(bySplitting::add);
                    }
                    while (second.tryAdvance(bySplitting::add)) {
                        assertThat(bySplitting.size()).isLessThanOrEqualTo(20);
                    }

                    assertThat(byForEach).isEqualTo(order);
                    assertThat(byRemaining).isEqualTo(order);
                    assertThat(bySplitting).isEqualTo(order);
                    assertThat(Arrays.asList(queue.toArray())).isEqualTo(order);
                    assertThat(queue.stream().<Object>map(e -> e).toList()).isEqualTo(order);
                    assertThat(queue.toString()).isEqualTo(order.toString());
                    assertThat(queue.parallelStream().mapToInt(e -> e).sum()).isEqualTo(190);
                    assertThat(queue.containsAll(all)).isTrue();
                    assertThat(queue.containsAll(List.of(1, 99))).isFalse();
                });
    }

    @Test
    void spliterator_any_reportsNoNullsAndOrderIfThereIsOne() throws Exception {
        side.run(
                () -> {
                    Spliterator<Integer> spliterator = queue.spliterator();

                    assertThat(spliterator.hasCharacteristics(Spliterator.NONNULL)).isTrue();
                    assertThat(spliterator.hasCharacteristics(Spliterator.ORDERED))
                            .isEqualTo(!kind.isPriority());
                    assertThat(spliterator.hasCharacteristics(Spliterator.DISTINCT)).isFalse();
                    assertThat(spliterator.hasCharacteristics(Spliterator.SORTED)).isFalse();
                });
    }

    @Test
    @SuppressWarnings("CollectionToArraySafeParameter") // on purpose
    void toArray_givenArray_isUsedIfItIsLargeEnough() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(1, 2, 3))).isTrue();
                    List<Object> order = iterated(queue);
                    Integer[] exact = new Integer[3];
                    Integer[] large = {9, 9, 9, 9, 9};
                    Number[] small = new Number[1];

                    assertThat(queue.toArray(exact)).isSameAs(exact);
                    assertThat(queue.toArray(large)).isSameAs(large);
                    Number[] grown = queue.toArray(small);

                    assertThat(Arrays.<Object>asList((Object[]) exact)).isEqualTo(order);
                    assertThat(List.<Object>copyOf(Arrays.asList(large).subList(0, 3)))
                            .isEqualTo(order);
                    assertThat(large[3]).isNull();
                    assertThat(large[4]).isEqualTo(9);
                    assertThat(grown.getClass()).isEqualTo(Number[].class);
                    assertThat(Arrays.<Object>asList((Object[]) grown)).isEqualTo(order);
                    assertThat(small).containsOnlyNulls();
                    assertThatThrownBy(() -> queue.toArray(new String[3]))
                            .isInstanceOf(ArrayStoreException.class);
                    assertThatThrownBy(() -> queue.toArray(new String[0]))
                            .isInstanceOf(ArrayStoreException.class);
                });
    }

    @Test
    void toArray_changed_doesNotChangeTheQueue() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(1, 2))).isTrue();

                    Arrays.fill(queue.toArray(), 9);

                    assertThat(queue).containsExactlyInAnyOrder(1, 2);
                });
    }

    @Test
    void iteratorRemove_oneOfEqualElements_removesThatOne() throws Exception {
        side.run(
                () -> {
                    for (int victim = 0; victim < 4; victim++) {
                        BlockingQueue<Twin> twins = kind.make(QueueKind.UNBOUNDED);
                        for (int i = 0; i < 4; i++) {
                            assertThat(twins.add(new Twin(i, "twin " + i))).isTrue();
                        }
                        List<String> left = new ArrayList<>();
                        Iterator<Twin> it = twins.iterator();
                        while (it.hasNext()) {
                            Twin twin = it.next();
                            if (twin.number() == victim) {
                                it.remove();
                            } else {
                                left.add(twin.name());
                            }
                        }

                        assertThat(twins.stream().map(Twin::name).toList())
                                .containsExactlyInAnyOrderElementsOf(left);
                        assertThat(left).hasSize(3).doesNotContain("twin " + victim);
                    }
                });
    }

    @Test
    void iteratorRemove_sameObjectSeveralTimes_removesTheOneItIsAt() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(1, 2, 1, 3, 1))).isTrue();
                    List<Object> expected = iterated(queue);
                    int at = expected.lastIndexOf(1);
                    expected.remove(at);

                    Iterator<Integer> it = queue.iterator();
                    for (int i = 0; i <= at; i++) {
                        assertThat(it.next()).isNotNull();
                    }
                    it.remove();

                    if (kind.isPriority()) {
                        assertThat(queue).containsExactlyInAnyOrder(1, 1, 2, 3);
                    } else {
                        assertThat(iterated(queue)).isEqualTo(expected);
                    }
                });
    }

    @Test
    void iteratorRemove_elementTakenMeanwhile_leavesTheSameObjectPutBeforeAlone() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(1, 1))).isTrue();
                    Iterator<Integer> it = queue.iterator();
                    Integer unused = it.next();
                    assertThat(queue.poll()).isEqualTo(1);

                    it.remove();

                    if (!kind.isPriority()) { // where the two cannot be told apart
                        assertThat(queue).containsExactly(1);
                    }
                });
    }

    @Test
    void iteratorRemove_withoutNextOrTwice_isRefused() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(1, 2, 3))).isTrue();
                    Iterator<Integer> it = queue.iterator();
                    assertThatIllegalStateException().isThrownBy(it::remove);
                    Integer gone = it.next();
                    it.remove();

                    assertThatIllegalStateException().isThrownBy(it::remove);

                    assertThat(queue).hasSize(2).doesNotContain(gone);
                    it.forEachRemaining(e -> assertThat(e).isNotEqualTo(gone));
                });
    }

    @Test
    void iterator_removeEverything_leavesAnEmptyQueue() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(3, 1, 2, 1))).isTrue();
                    for (Iterator<Integer> it = queue.iterator(); it.hasNext(); ) {
                        assertThat(it.next()).isNotNull();
                        it.remove();
                    }
                    assertThat(queue).isEmpty();
                });
    }

    @Test
    void iterator_changesMeanwhile_failsNeverAndSeesWhatStays() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(1, 2, 3, 4))).isTrue();
                    List<Integer> seen = new ArrayList<>();
                    for (Integer e : queue) {
                        seen.add(e);
                        if (seen.size() == 1) {
                            assertThat(queue.remove(4)).isTrue();
                            assertThat(queue.add(5)).isTrue();
                        }
                    }
                    assertThat(seen).contains(1, 2, 3).doesNotHaveDuplicates();
                    assertThat(queue).containsExactlyInAnyOrder(1, 2, 3, 5);
                });
    }

    @Test
    void bulkRemoval_some_removesExactlyThose() throws Exception {
        side.run(
                () -> {
                    List<Integer> all = IntStream.range(0, 10).boxed().toList();
                    assertThat(queue.addAll(all)).isTrue();

                    assertThat(queue.removeIf(e -> e % 5 == 0)).isTrue();
                    assertThat(queue.removeIf(e -> e % 5 == 0)).isFalse();
                    assertThat(queue.removeAll(Set.of(1, 2, 99))).isTrue();
                    assertThat(queue.removeAll(Set.of(1, 2, 99))).isFalse();
                    assertThat(queue.retainAll(Set.of(3, 4, 6, 99))).isTrue();
                    assertThat(queue.retainAll(Set.of(3, 4, 6, 99))).isFalse();

                    List<Integer> left = new ArrayList<>();
                    assertThat(queue.drainTo(left)).isEqualTo(3);
                    assertThat(left).isEqualTo(kind.outOf(List.of(3, 4, 6)));
                });
    }

    @Test
    void bulkRemoval_duplicates_removesAllOfThem() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(1, 2, 1, 3, 1))).isTrue();
                    assertThat(queue.removeAll(List.of(1))).isTrue();
                    assertThat(queue).containsExactlyInAnyOrder(2, 3);
                });
    }

    @Test
    void removeIf_predicateThrows_propagatesAndLosesNothingUnasked() throws Exception {
        side.run(
                () -> {
                    assertThat(queue.addAll(List.of(1, 2, 3))).isTrue();

                    assertThatThrownBy(
                                    () ->
                                            queue.removeIf(
                                                    e -> {
                                                        throw new ArithmeticException("intended");
                                                    }))
                            .isInstanceOf(ArithmeticException.class);

                    assertThat(queue).containsExactlyInAnyOrder(1, 2, 3);
                    assertThat(queue.add(4)).isTrue(); // no lock is left behind
                });
    }

    @Test
    void equals_sameElements_isIdentity() throws Exception {
        side.run(
                () -> {
                    BlockingQueue<Integer> other = kind.make(QueueKind.UNBOUNDED);
                    assertThat(queue.addAll(List.of(1))).isTrue();
                    assertThat(other.addAll(List.of(1))).isTrue();
                    assertThat(queue.equals(other)).isFalse();
                    assertThat(queue.equals(queue)).isTrue();
                });
    }
}
