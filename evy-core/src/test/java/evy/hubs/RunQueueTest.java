package evy.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

class RunQueueTest {
    private static Task task() {
        return new Task.Call(() -> {});
    }

    private static List<Task> fill(RunQueue queue, int count) {
        var added = new ArrayList<Task>();
        for (int i = 0; i < count; i++) {
            Task task = task();
            added.add(task);
            queue.add(task);
        }
        return added;
    }

    private static List<Task> drain(RunQueue queue) {
        var order = new ArrayList<Task>();
        for (Task task = queue.poll(); task != null; task = queue.poll()) {
            assertThat(task.next).isNull();
            order.add(task);
        }
        return order;
    }

    @Test
    void poll_empty_isNull() {
        var queue = new RunQueue(null);

        assertThat(queue.poll()).isNull();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.size()).isZero();
    }

    @Test
    void poll_noOrder_firstComeFirstServed() {
        var queue = new RunQueue(null);
        List<Task> added = fill(queue, 100);

        assertThat(queue.size()).isEqualTo(100);
        assertThat(drain(queue)).containsExactlyElementsOf(added);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void add_polledTask_goesToTheEnd() {
        var queue = new RunQueue(null);
        List<Task> added = fill(queue, 3);

        Task first = queue.poll();
        queue.add(first);

        assertThat(drain(queue)).containsExactly(added.get(1), added.get(2), first);
    }

    @Test
    void anyOperations_noOrder_likeDeque() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var queue = new RunQueue(null);
        var model = new ArrayDeque<Task>();

        for (int i = 0; i < 10_000; i++) {
            if (random.nextInt(5) < 2) {
                Task task = task();
                queue.add(task);
                model.add(task);
            } else {
                assertThat(queue.poll()).as("seed " + seed).isSameAs(model.poll());
            }
            assertThat(queue.size()).as("seed " + seed).isEqualTo(model.size());
            assertThat(queue.isEmpty()).as("seed " + seed).isEqualTo(model.isEmpty());
        }
    }

    @Test
    void poll_order_givesEachTaskOnce() {
        for (int round = 0; round < 20; round++) {
            long seed = new Random().nextLong();
            var queue = new RunQueue(new Random(seed));
            List<Task> added = fill(queue, 50);

            // some while it is not empty: the links of first, middle and last ones must hold
            List<Task> seen = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                seen.add(queue.poll());
            }
            added.addAll(fill(queue, 25));
            seen.addAll(drain(queue));

            assertThat(seen).as("seed " + seed).containsExactlyInAnyOrderElementsOf(added);
            assertThat(queue.isEmpty()).isTrue();
            assertThat(queue.size()).isZero();
        }
    }

    @Test
    void poll_sameSeed_sameOrder() {
        assertThat(orderOf(7)).isEqualTo(orderOf(7));
    }

    @Test
    void poll_differentSeeds_differentOrders() {
        var orders = new HashSet<List<Integer>>();
        for (int seed = 0; seed < 20; seed++) {
            orders.add(orderOf(seed));
        }

        assertThat(orders).hasSizeGreaterThan(10);
    }

    private static List<Integer> orderOf(long seed) {
        var queue = new RunQueue(new Random(seed));
        List<Task> added = fill(queue, 10);
        return drain(queue).stream().map(added::indexOf).toList();
    }

    @Test
    void add_taskThatIsQueued_staysWhereItIs() {
        var queue = new RunQueue(null);
        List<Task> added = fill(queue, 3);

        added.forEach(queue::add);

        assertThat(queue.size()).isEqualTo(3);
        assertThat(drain(queue)).containsExactlyElementsOf(added);
    }

    @Test
    void add_onlyTaskTwice_isThereOnce() {
        var queue = new RunQueue(null);
        Task only = task();

        queue.add(only);
        queue.add(only);

        assertThat(drain(queue)).containsExactly(only);
        assertThat(queue.isEmpty()).isTrue();
    }
}
