package evy.patcher.library;

import java.io.File;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/** Uses classes that tests replace. */
public final class Injected {
    private Injected() {}

    /** In every way that a replacement knows. */
    public static List<Object> use() {
        Supplier<Random> maker = Random::new;
        Function<StringBuilder, StringBuilder> reverse = StringBuilder::reverse;
        return List.of(
                System.nanoTime(),
                new Random().nextInt(),
                maker.get().nextInt(),
                new Dice().nextInt(),
                new StringBuilder("ab").reverse().toString(),
                reverse.apply(new StringBuilder("ab")).toString(),
                File.separator,
                LocalDate.of(2001, 1, 1).plusDays(1).getYear());
    }

    /** A subclass. */
    private static final class Dice extends Random {
        private static final long serialVersionUID = 1L;
    }
}
