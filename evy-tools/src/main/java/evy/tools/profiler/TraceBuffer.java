package evy.tools.profiler;

import java.util.Arrays;

/** Stretches that green threads ran, until they are written; guarded by its recorder's lock. */
final class TraceBuffer {
    private static final int FIRST_SIZE = 1024;
    private static final int MOST = 1 << 18;

    long[] begins = new long[FIRST_SIZE];
    long[] ends = new long[FIRST_SIZE];
    Thread[] threads = new Thread[FIRST_SIZE];
    int size;

    /** Stretches there was no room for. */
    long lost;

    void add(long begin, long end, Thread thread) {
        if (size == MOST) {
            lost++;
            return;
        }
        if (size == begins.length) {
            int larger = size * 2;
            begins = Arrays.copyOf(begins, larger);
            ends = Arrays.copyOf(ends, larger);
            threads = Arrays.copyOf(threads, larger);
        }
        begins[size] = begin;
        ends[size] = end;
        threads[size] = thread;
        size++;
    }
}
