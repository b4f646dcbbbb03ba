package evy.tools.top;

import org.jspecify.annotations.Nullable;

/** What there is to be shown, and how. Confined to the thread that shows it. */
final class View {
    private static final int SPARE_ROWS = 200;

    private Question.Order order;
    private String filter;
    private @Nullable String typed;
    private boolean paused;
    private boolean help;

    private @Nullable Reading latest;
    private @Nullable String problem;
    private long heardNanos;

    /**
     * Makes one.
     *
     * @param now on {@link System#nanoTime}
     */
    View(Question.Order order, String filter, long now) {
        this.order = order;
        this.filter = filter;
        this.heardNanos = now;
    }

    /** What to ask the program for. */
    Question question() {
        return new Question(SPARE_ROWS, order, filter);
    }

    /** Takes in what the program said. While paused only that it said something. */
    void heard(Figures figures, long now) {
        heardNanos = now;
        problem = null;
        if (!paused) {
            latest = Reading.of(figures, now, latest);
        }
    }

    /** Takes in why it said nothing. */
    void failed(String why, long now) {
        heardNanos = now;
        problem = why;
    }

    /**
     * A key, or what a key sends.
     *
     * @return false to quit
     */
    boolean pressed(String key) {
        if (typed != null) {
            type(typed, key);
            return true;
        }
        if (help && !key.equals("q")) {
            help = false;
            return true;
        }
        switch (key) {
            case "q", "Q", "\3", "\4" -> {
                return false;
            }
            case "h", "?" -> help = true;
            case " ", "p" -> paused = !paused;
            case "w" -> order = Question.Order.WAITING;
            case "b" -> order = Question.Order.BUSY;
            case "n" -> order = Question.Order.NEWEST;
            case "/", "f" -> typed = filter;
            case "\033" -> filter = "";
            default -> {
                // no key of ours
            }
        }
        return true;
    }

    private void type(String before, String key) {
        switch (key) {
            case "\r", "\n" -> {
                filter = before;
                typed = null;
            }
            case "\033", "\3" -> typed = null;
            case "\177", "\b" ->
                    typed = before.isEmpty() ? "" : before.substring(0, before.length() - 1);
            case "\25" -> typed = "";
            default -> typed = key.chars().allMatch(c -> c >= ' ') ? before + key : before;
        }
    }

    Question.Order order() {
        return order;
    }

    String filter() {
        return filter;
    }

    /** The filter that is being typed; null if none is. */
    @Nullable String typed() {
        return typed;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isHelp() {
        return help;
    }

    @Nullable Reading latest() {
        return latest;
    }

    /** Why there is nothing newer; null if all is well. */
    @Nullable String problem() {
        return problem;
    }

    /** How long ago the program, or whoever stands between, said something. */
    double silentMillis(long now) {
        return (now - heardNanos) / 1e6;
    }
}
