package sample.traced;

import java.util.concurrent.CountDownLatch;

/** Small methods that tests trace by their names. */
public final class Spewed {
    private static int calls;

    private Spewed() {}

    public static int add(int a, int b) {
        int sum = a + b;
        calls += sum;
        return sum;
    }

    /** Computes in a loop while the trace is switched. */
    public static long loop(CountDownLatch stop) {
        long turns = 0;
        while (stop.getCount() > 0) {
            turns += add(1, 2);
            Thread.onSpinWait();
        }
        return turns;
    }

    /** Another class that is loaded later. */
    public static final class Later {
        private Later() {}

        public static String word() {
            return "later";
        }
    }

    /** A value whose words call traced code, and fail now and then. */
    public record Value(int number) {
        @Override
        public String toString() {
            add(number, number);
            if (number < 0) {
                throw new IllegalStateException("no words");
            }
            return "value " + number;
        }
    }

    public static int take(Value value) {
        return value.number();
    }
}
