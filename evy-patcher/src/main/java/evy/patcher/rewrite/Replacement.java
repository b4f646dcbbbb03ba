package evy.patcher.rewrite;

import java.util.Objects;

/**
 * A class that rewritten code uses in place of another.
 *
 * <p>Types in signatures stay what they are; what changes is which code runs. The substitute may
 *
 * <ul>
 *   <li>extend the original: then {@code new} makes the substitute, and subclasses of the original
 *       become subclasses of the substitute. It must have all constructors of the original;
 *   <li>have public static methods: one named {@code construct} takes the place of {@code new} with
 *       the same arguments; if there is one, there must be one for each public constructor. One
 *       with the name and parameters of a static method takes the place of that; one whose first
 *       parameter is the original takes the place of the instance method with its other parameters;
 *       one without parameters that is named like a public static field takes the place of reading
 *       that. With one more parameter, a {@code Class}, it is told whose code calls.
 * </ul>
 *
 * @param original the class that the code was compiled against
 * @param substitute the class that it uses
 * @param onlyGreen whether static methods are called on green threads only, and the original's on
 *     all others; method references always take the substitute's
 */
public record Replacement(Class<?> original, Class<?> substitute, boolean onlyGreen) {
    /** Checks that neither class is missing. */
    public Replacement {
        Objects.requireNonNull(original, "original");
        Objects.requireNonNull(substitute, "substitute");
    }

    /**
     * Makes a replacement that decides itself what it does on which thread.
     *
     * @param original the class that the code was compiled against
     * @param substitute the class that it uses
     */
    public Replacement(Class<?> original, Class<?> substitute) {
        this(original, substitute, false);
    }

    @Override
    public String toString() {
        return substitute.getName() + " for " + original.getName();
    }
}
