package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.util.random.RandomGenerator;

/** The tasks that can run now, first come first served. Hub thread only. */
final class RunQueue {
    /* What the last task has behind it: so a task with null behind it is not queued. */
    private static final Task END = new Task.Call(() -> {});

    /* Null for FIFO; otherwise picks the next task, to try other orders than the usual one. */
    private final @Nullable RandomGenerator order;

    private @Nullable Task head;
    private @Nullable Task tail;
    private int size;

    RunQueue(@Nullable RandomGenerator order) {
        this.order = order;
    }

    /** Puts a task at the end; one that is queued already stays where it is. */
    void add(Task task) {
        if (task.next != null) {
            return;
        }
        task.next = END;
        Task last = tail;
        if (last == null) {
            head = task;
        } else {
            last.next = task;
        }
        tail = task;
        size++;
    }

    @Nullable Task poll() {
        if (order != null && size > 1) {
            return remove(order.nextInt(size));
        }
        Task task = head;
        if (task != null) {
            unlink(null, task);
        }
        return task;
    }

    boolean isEmpty() {
        return head == null;
    }

    int size() {
        return size;
    }

    private @Nullable Task remove(int index) {
        Task previous = null;
        Task task = head;
        for (int i = 0; i < index && task != null; i++) { // the end mark is beyond the last index
            previous = task;
            task = task.next;
        }
        if (task != null) {
            unlink(previous, task);
        }
        return task;
    }

    private void unlink(@Nullable Task previous, Task task) {
        Task following = task.next;
        boolean last = following == END;
        if (previous != null) {
            previous.next = following;
        } else {
            head = last ? null : following;
        }
        if (last) {
            tail = previous;
        }
        task.next = null;
        size--;
    }
}
