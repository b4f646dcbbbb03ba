package evy.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;

class TimerQueueTest {
    private static Timer timer() {
        return new Timer.Callback(null, () -> {});
    }

    private static List<Timer> drain(TimerQueue queue) {
        var order = new ArrayList<Timer>();
        while (queue.size() > 0) {
            order.add(queue.removeFirst());
        }
        return order;
    }

    @Test
    void removeFirst_differentDeadlines_earliestFirst() {
        var queue = new TimerQueue();
        Timer late = timer();
        Timer early = timer();
        Timer middle = timer();
        queue.add(late, 30);
        queue.add(early, -10);
        queue.add(middle, 20);

        assertThat(queue.firstDeadline()).isEqualTo(-10);
        assertThat(drain(queue)).containsExactly(early, middle, late);
    }

    @Test
    void removeFirst_sameDeadline_orderOfScheduling() {
        var queue = new TimerQueue();
        var added = new ArrayList<Timer>();
        for (int i = 0; i < 200; i++) {
            Timer timer = timer();
            added.add(timer);
            queue.add(timer, 5);
        }

        assertThat(drain(queue)).containsExactlyElementsOf(added);
    }

    @Test
    void removeFirst_tiesWithCancelledOnesBetween_orderOfScheduling() {
        var queue = new TimerQueue();
        var kept = new ArrayList<Timer>();
        var cancelled = new ArrayList<Timer>();
        for (int i = 0; i < 300; i++) {
            Timer timer = timer();
            (i % 3 == 0 ? kept : cancelled).add(timer);
            queue.add(timer, 5);
        }

        cancelled.forEach(queue::remove);

        assertThat(drain(queue)).containsExactlyElementsOf(kept);
    }

    @Test
    void remove_notQueued_changesNothing() {
        var queue = new TimerQueue();
        Timer queued = timer();
        Timer removed = timer();
        queue.add(queued, 1);
        queue.add(removed, 2);
        queue.remove(removed);

        queue.remove(removed);
        queue.remove(timer());

        assertThat(queue.size()).isEqualTo(1);
        assertThat(removed.position).isEqualTo(Timer.NOT_QUEUED);
        assertThat(queue.removeFirst()).isSameAs(queued);
        assertThat(queued.position).isEqualTo(Timer.NOT_QUEUED);
    }

    @Test
    void add_removedBefore_isQueuedAgainAsTheLatest() {
        var queue = new TimerQueue();
        Timer again = timer();
        Timer other = timer();
        queue.add(again, 7);
        queue.add(other, 7);

        queue.remove(again);
        queue.add(again, 7);

        assertThat(drain(queue)).containsExactly(other, again);
    }

    @Test
    void isDue_aroundTheDeadline_fromItOn() {
        var queue = new TimerQueue();
        assertThat(queue.isDue(Long.MAX_VALUE)).isFalse();
        queue.add(timer(), 100);

        assertThat(queue.isDue(99)).isFalse();
        assertThat(queue.isDue(100)).isTrue();
        assertThat(queue.isDue(101)).isTrue();
    }

    @Test
    void isDue_clockWrapsAround_comparesByDifference() {
        var queue = new TimerQueue();
        Timer before = timer();
        Timer after = timer();
        queue.add(after, Long.MAX_VALUE + 10);
        queue.add(before, Long.MAX_VALUE - 10);

        assertThat(queue.isDue(Long.MAX_VALUE - 11)).isFalse();
        assertThat(queue.isDue(Long.MAX_VALUE - 10)).isTrue();
        assertThat(queue.removeFirst()).isSameAs(before);
        assertThat(queue.isDue(Long.MAX_VALUE)).isFalse();
        assertThat(queue.isDue(Long.MAX_VALUE + 10)).isTrue();
    }

    @Test
    void list_someRemoved_holdsTheRest() {
        var queue = new TimerQueue();
        Timer first = timer();
        Timer second = timer();
        Timer third = timer();
        queue.add(first, 1);
        queue.add(second, 2);
        queue.add(third, 3);

        queue.remove(second);

        assertThat(queue.list()).containsExactlyInAnyOrder(first, third);
    }

    @Test
    void anyOperations_likeSortedModel() {
        for (int round = 0; round < 60; round++) {
            long seed = new Random().nextLong();
            var random = new Random(seed);
            try {
                // few different deadlines make ties, many make depth; some near the overflow
                int range = random.nextBoolean() ? 5 : 1_000_000;
                long base = random.nextBoolean() ? 0 : Long.MAX_VALUE - range / 2;
                compareWithModel(random, base, range, 2_000);
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed, t);
            }
        }
    }

    private record Entry(long offset, long sequence, Timer timer) {}

    private static void compareWithModel(Random random, long base, int range, int operations) {
        var order = Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::sequence);
        var queue = new TimerQueue();
        var model = new TreeSet<>(order);
        var pending = new ArrayList<Entry>();
        double growth = 0.3 + random.nextDouble() * 0.4;
        for (int i = 0; i < operations; i++) {
            if (random.nextDouble() < growth || model.isEmpty()) {
                var entry = new Entry(random.nextInt(range), i, timer());
                queue.add(entry.timer, base + entry.offset);
                model.add(entry);
                pending.add(entry);
            } else if (random.nextBoolean()) {
                Entry cancelled = pending.get(random.nextInt(pending.size()));
                queue.remove(cancelled.timer);
                model.remove(cancelled);
                pending.remove(cancelled);
            } else {
                Entry first = model.pollFirst();
                pending.remove(first);
                assertThat(queue.removeFirst()).isSameAs(first.timer);
            }
            assertThat(queue.size()).isEqualTo(model.size());
            if (!model.isEmpty()) {
                long deadline = base + model.first().offset;
                assertThat(queue.firstDeadline()).isEqualTo(deadline);
                assertThat(queue.isDue(deadline)).isTrue();
                assertThat(queue.isDue(deadline - 1)).isFalse();
            }
        }
        var rest = new PriorityQueue<>(order);
        rest.addAll(model);
        while (!rest.isEmpty()) {
            assertThat(queue.removeFirst()).isSameAs(rest.poll().timer);
        }
        assertThat(queue.size()).isZero();
        assertThat(queue.list()).isEmpty();
    }
}
