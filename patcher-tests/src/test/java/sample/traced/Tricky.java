package sample.traced;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** What is hard on who rewrites code. */
public final class Tricky implements Callable<List<String>> {
    private final List<String> seen = new ArrayList<>();
    private static int count;
    private volatile int level = 3;

    @Override
    public List<String> call() throws Exception {
        count = 0;
        seen.add(loops(5, 2.5, 7L));
        seen.add(switches("two", 3) + " " + switches("four", 9));
        seen.add(unset(true) + unset(false));
        seen.add(new Derived(4, true).text + new Derived(-4, false).text);
        seen.add(new Pair<>(1, "x").toString());
        seen.add(argumentsThatBranch(true, 2) + argumentsThatBranch(false, -2));
        seen.add(finallies());
        seen.add(monitors());
        seen.add(lambdas());
        seen.add(String.valueOf(nested(3)));
        seen.add(String.join(",", new Inner().all()));
        seen.add(patterns(new Pair<>("a", 7L)) + patterns(5) + patterns(null));
        seen.add(wideSlots(1L, 2.0, (byte) 3, 'c', true, 4.0f, (short) 5));
        seen.add(Shape.ROUND.area() + " " + Shape.valueOf("FLAT").area());
        seen.add(traceOf(() -> Integer.parseInt("x")));
        seen.add(String.valueOf(count + level));
        return seen;
    }

    private static String loops(int n, double factor, long start) {
        long sum = start;
        outer:
        for (int i = 0; i < n; i++) {
            int j = i;
            while (true) {
                if (j-- <= 0) {
                    continue outer;
                }
                sum += (long) (j * factor);
                if (sum > 40) {
                    break outer;
                }
            }
        }
        do sum--;
        while (sum % 5 != 0);
        for (Iterator<Integer> it = List.of(1, 2).iterator(); it.hasNext(); ) sum += it.next();
        return "sum " + sum;
    }

    /* Where the ways meet, what is being made is on the stack. */
    private static String argumentsThatBranch(boolean first, int number) {
        Object made =
                new Pair<>(
                        first ? "yes" : "no",
                        new StringBuilder(
                                number > 0 ? "positive" : number < 0 ? "negative" : "zero"));
        return made.toString();
    }

    @SuppressWarnings("fallthrough")
    private static int switches(String word, int number) {
        int a =
                switch (word) {
                    case "one", "two" -> number > 2 ? 20 : 2;
                    case "three" -> {
                        int tmp = number * 2;
                        yield tmp;
                    }
                    default -> word.length();
                };
        switch (number) {
            case 1:
                a++;
            case 3:
                a += 3;
            case 1000:
                a += 1000;
                break;
            default:
                a = -a;
        }
        return a;
    }

    private static String unset(boolean which) {
        int late;
        String text;
        Object any = null;
        if (which) {
            late = 1;
            text = "yes";
        } else {
            long other = 5;
            late = (int) other;
            text = null;
            any = other;
        }
        final int early;
        {
            double scope = late * 2.0;
            early = (int) scope;
        }
        {
            String scope = text + early;
            return scope + late + any;
        }
    }

    private static class Base {
        final String text;

        Base(String text) {
            this.text = text;
            count++;
        }
    }

    private static final class Derived extends Base {
        private final int given;

        Derived(int given, boolean positive) {
            int doubled = given * 2;
            if (doubled < 0 && positive) {
                throw new IllegalArgumentException();
            }
            this.given = given;
            super(
                    positive
                            ? new StringBuilder()
                                    .append(doubled)
                                    .append(new String(new char[] {'a', 'b'}))
                                    .toString()
                            : make(doubled, given));
            count += this.given;
        }

        private static String make(int a, int b) {
            return a + "/" + b;
        }
    }

    private record Pair<A, B>(A first, B second) {
        Pair {
            if (first == null) {
                throw new NullPointerException("first");
            }
            count++;
        }

        Function<A, B> always() {
            return ignored -> second;
        }
    }

    private static String finallies() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            try (AutoCloseable c = () -> text.append("closed ")) {
                if (i == 1) {
                    continue;
                }
                if (i == 2) {
                    throw new IllegalStateException("two");
                }
                text.append(i);
            } catch (IllegalStateException | java.io.IOException e) {
                text.append(e.getMessage());
            } catch (Exception e) {
                text.append("never");
            } finally {
                text.append(" finally ");
            }
        }
        return text.toString() + returnsFromFinally();
    }

    @SuppressWarnings("finally")
    private static int returnsFromFinally() {
        try {
            throw new RuntimeException();
        } finally {
            return 8;
        }
    }

    private String monitors() {
        Object lock = new Object();
        synchronized (lock) {
            synchronized (this) {
                level++;
                if (Thread.holdsLock(lock)) {
                    return "held " + level;
                }
            }
        }
        return "not held";
    }

    private String lambdas() {
        int captured = 4;
        IntSupplier add = () -> captured + level;
        Function<Integer, Function<Integer, Integer>> curried = a -> b -> a * b + captured;
        Function<String, Tricky> made = ignored -> new Tricky();
        return add.getAsInt() + " " + curried.apply(2).apply(3) + made.apply("").level;
    }

    private static int nested(int depth) {
        return depth == 0 ? 0 : 1 + nested(depth - 1);
    }

    private final class Inner {
        private final List<String> words;

        Inner() {
            words = List.of("a", "b" + level);
        }

        List<String> all() {
            return new ArrayList<>(words) {
                private static final long serialVersionUID = 1L;

                @Override
                public String toString() {
                    return words.toString() + size();
                }
            };
        }
    }

    private static String patterns(Object value) {
        return switch (value) {
            case null -> "none";
            case Pair<?, ?>(String s, Long l) when l > 5 -> s + l;
            case Pair<?, ?> p -> p.toString();
            case Integer i when i > 4 -> {
                var twice = i * 2;
                yield "int " + twice;
            }
            default -> "other";
        };
    }

    private static String wideSlots(long a, double b, byte c, char d, boolean e, float f, short g) {
        long x = a;
        double y = b;
        {
            int i = 1;
            int j = 2;
            x += i + j;
        }
        {
            long k = 3;
            x += k;
        }
        y *= x;
        return x + " " + y + c + d + e + f + g;
    }

    private enum Shape {
        ROUND {
            @Override
            int area() {
                return 3;
            }
        },
        FLAT {
            @Override
            int area() {
                assert count >= 0 : "negative";
                return ordinal();
            }
        };

        abstract int area();
    }

    private static String traceOf(Runnable body) {
        try {
            body.run();
            return "no exception";
        } catch (NumberFormatException e) {
            StringBuilder lines = new StringBuilder();
            for (StackTraceElement frame : e.getStackTrace()) {
                if (frame.getClassName().startsWith("sample.")) {
                    lines.append(frame.getMethodName()).append(frame.getLineNumber()).append(' ');
                }
            }
            return lines.toString();
        }
    }

    @Override
    public String toString() {
        return "Tricky with " + seen.size();
    }
}
