package evy.testkit.spec;

import java.util.Locale;

/** How a test ended; of two outcomes the later constant is the worse. */
enum Outcome {
    PASS,
    SKIP,
    FAIL;

    Outcome worse(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }

    static Outcome parse(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
