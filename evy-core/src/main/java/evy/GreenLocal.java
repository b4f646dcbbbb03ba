package evy;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * A value that each green thread has its own of, made when that thread first asks for it.
 *
 * {@snippet :
 * static final GreenLocal<Random> RANDOM = new GreenLocal<>(Random::new);
 * }
 *
 * <p>It is a {@link ThreadLocal}, for a green thread is a {@link Thread}: whatever takes those
 * takes it. Values die with their thread. A function that a full {@link GreenPool} runs in place
 * runs in its caller's thread, and sees the caller's values. {@link ScopedValue}s work in green
 * threads, too; a thread that is spawned inherits neither.
 *
 * @param <T> type of the values
 * @thread any; other threads have values of their own as well
 * @source eventlet {@code corolocal.local}
 */
public final class GreenLocal<T extends @Nullable Object> extends ThreadLocal<T> {
    private final Supplier<? extends T> maker;

    /** A local whose value is null until it is set. */
    @SuppressWarnings("NullAway") // a type without null should have a supplier
    public GreenLocal() {
        this(() -> null);
    }

    /**
     * A local whose values are made on first use.
     *
     * @param maker called once by each thread that asks, and once more after a {@link #remove};
     *     what it throws surfaces from {@link #get}, and the next ask calls it again
     */
    public GreenLocal(Supplier<? extends T> maker) {
        this.maker = Objects.requireNonNull(maker, "maker");
    }

    @Override
    protected T initialValue() {
        return maker.get();
    }
}
