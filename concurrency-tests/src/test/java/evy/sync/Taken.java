package evy.sync;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** What comes out of a queue of numbers, as a number. */
final class Taken {
    private Taken() {}

    /** What a taking comes to; 0 for nothing. */
    static int orZero(Callable<@Nullable Integer> taking) {
        try {
            Integer taken = taking.call();
            return taken == null ? 0 : taken;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            return -1;
        }
    }

    /** What is left in a queue, which polling empties, one decimal digit each; 0 for nothing. */
    static int rest(Supplier<@Nullable Integer> polling) {
        int digits = 0;
        for (Integer e = polling.get(); e != null; e = polling.get()) {
            digits = digits * 10 + e;
        }
        return digits;
    }
}
