package evy.patcher.spew;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The places of one trace by their numbers.
 *
 * <p>Numbers are never given twice: a method that still runs the code of an earlier trace has
 * numbers that this one does not know.
 */
final class Places {
    private static final AtomicInteger LAST = new AtomicInteger();

    private final ConcurrentHashMap<Integer, Place> byNumber = new ConcurrentHashMap<>();

    int add(Place place) {
        int number = LAST.incrementAndGet();
        byNumber.put(number, place);
        return number;
    }

    @Nullable Place find(int number) {
        return byNumber.get(number);
    }
}
