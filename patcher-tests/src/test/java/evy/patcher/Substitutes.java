package evy.patcher;

import java.util.Random;

/** Classes that tests inject in place of the JDK's. */
public final class Substitutes {
    private Substitutes() {}

    /** For {@link System}. */
    public static final class Time {
        private Time() {}

        public static long nanoTime() {
            return 42;
        }
    }

    /** For {@link Random}. */
    public static class Fixed extends Random {
        private static final long serialVersionUID = 1L;

        public Fixed() {}

        public Fixed(long seed) {
            super(seed);
        }

        @Override
        public int nextInt() {
            return 4;
        }
    }

    /** For {@link StringBuilder}. */
    public static final class Builders {
        private Builders() {}

        public static StringBuilder reverse(StringBuilder text) {
            return text.append('!');
        }
    }

    /** For {@link java.io.File}. */
    public static final class Paths {
        private Paths() {}

        public static String separator() {
            return ":";
        }
    }

    /** For {@link Random}, but lacks a constructor. */
    public static class Incomplete extends Random {
        private static final long serialVersionUID = 1L;
    }

    /** For {@link Random}, but nobody can extend it. */
    public static final class Last extends Random {
        private static final long serialVersionUID = 1L;

        public Last() {}

        public Last(long seed) {
            super(seed);
        }
    }

    /** For {@link java.net.Socket}, but makes only one kind. */
    public static final class OneSocket {
        private OneSocket() {}

        public static java.net.Socket construct() {
            throw new AssertionError("not called");
        }
    }
}
