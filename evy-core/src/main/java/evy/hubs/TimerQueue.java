package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The pending timers by deadline, ties by sequence. Hub thread only. */
/*
 * A heap with four children a node: half the levels of a binary one, and the children's deadlines
 * stand side by side in one array, so that looking for the least of them touches one cache line.
 * Each timer knows its position, so a cancelled one leaves at once: most timers of a network
 * program are cancelled, and a late deadline near the bottom moves few others on its way out.
 */
final class TimerQueue {
    private static final int ARITY = 4;
    private static final int INITIAL_CAPACITY = 64;

    private @Nullable Timer[] timers = new Timer[INITIAL_CAPACITY];
    private long[] deadlines = new long[INITIAL_CAPACITY];
    private int size;
    private long nextSequence;

    int size() {
        return size;
    }

    void add(Timer timer, long deadlineNanos) {
        if (size == timers.length) {
            timers = Arrays.copyOf(timers, size * 2);
            deadlines = Arrays.copyOf(deadlines, size * 2);
        }
        timer.deadlineNanos = deadlineNanos;
        timer.sequence = nextSequence++;
        siftUp(size++, timer);
    }

    void remove(Timer timer) {
        int position = timer.position;
        if (position == Timer.NOT_QUEUED) {
            return;
        }
        timer.position = Timer.NOT_QUEUED;
        Timer last = at(--size);
        timers[size] = null;
        if (last != timer) {
            siftDown(position, last);
            if (last.position == position) {
                siftUp(position, last);
            }
        }
    }

    /** Whether there is a timer due at {@code now}. */
    boolean isDue(long now) {
        return size > 0 && deadlines[0] - now <= 0;
    }

    /** Deadline of the first timer; only if there is one. */
    long firstDeadline() {
        return deadlines[0];
    }

    /** Takes the first timer out; only if there is one. */
    Timer removeFirst() {
        Timer first = at(0);
        remove(first);
        return first;
    }

    /** The pending timers in no order. */
    List<Timer> list() {
        List<Timer> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(at(i));
        }
        return all;
    }

    private void siftUp(int from, Timer timer) {
        int position = from;
        while (position > 0) {
            int parent = (position - 1) / ARITY;
            if (!before(timer.deadlineNanos, timer, parent)) {
                break;
            }
            set(position, at(parent));
            position = parent;
        }
        set(position, timer);
    }

    private void siftDown(int from, Timer timer) {
        int position = from;
        while (true) {
            int least = leastChild(position);
            if (least < 0 || before(timer.deadlineNanos, timer, least)) {
                break;
            }
            set(position, at(least));
            position = least;
        }
        set(position, timer);
    }

    private int leastChild(int position) {
        int first = position * ARITY + 1;
        if (first >= size) {
            return -1;
        }
        int least = first;
        int end = Math.min(first + ARITY, size);
        for (int child = first + 1; child < end; child++) {
            if (before(deadlines[child], at(child), least)) {
                least = child;
            }
        }
        return least;
    }

    private boolean before(long deadline, Timer timer, int other) {
        long difference = deadline - deadlines[other];
        return difference < 0 || (difference == 0 && timer.sequence < at(other).sequence);
    }

    private void set(int position, Timer timer) {
        timers[position] = timer;
        deadlines[position] = timer.deadlineNanos;
        timer.position = position;
    }

    private Timer at(int position) {
        Timer timer = timers[position];
        assert timer != null : position;
        return timer;
    }
}
