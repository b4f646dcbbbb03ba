package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** Waits, spinning, for what the other thread of a proof makes first. */
public final class Published {
    private Published() {}

    public static <T> T get(Supplier<@Nullable T> field) {
        T value = field.get();
        while (value == null) {
            Thread.onSpinWait();
            value = field.get();
        }
        return value;
    }
}
