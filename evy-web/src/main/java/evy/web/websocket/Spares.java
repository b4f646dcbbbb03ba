package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A few things that are dear to make, kept for whoever needs one next.
 *
 * @param <T> the things
 * @thread any
 */
final class Spares<T> {
    private final AtomicReferenceArray<@Nullable T> kept;

    Spares(int most) {
        kept = new AtomicReferenceArray<>(most);
    }

    /** One of them, the caller's from now on; null if there is none. */
    @Nullable T take() {
        for (int i = 0; i < kept.length(); i++) {
            T one = kept.getPlain(i);
            if (one != null && kept.compareAndSet(i, one, null)) {
                return one;
            }
        }
        return null;
    }

    /**
     * Keeps one that its owner does not use any more.
     *
     * @return false if there are enough
     */
    boolean keep(T one) {
        for (int i = 0; i < kept.length(); i++) {
            if (kept.getPlain(i) == null && kept.compareAndSet(i, null, one)) {
                return true;
            }
        }
        return false;
    }
}
