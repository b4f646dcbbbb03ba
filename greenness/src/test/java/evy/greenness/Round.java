package evy.greenness;

import evy.Evy;
import evy.GreenThread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * All callers at once, and a ticker beside them on the same hub.
 *
 * @param totalMillis from the first call's start to the last one's end
 * @param gapMillis the longest time the hub's ticker was kept waiting
 * @param machineGapMillis the same of a platform thread that shares nothing with the hub
 * @param right how many got the right answer
 * @param error the first wrong answer or exception, or an empty text
 * @param circumstances what else happened meanwhile
 */
record Round(
        long totalMillis,
        long gapMillis,
        long machineGapMillis,
        int right,
        String error,
        Circumstances circumstances) {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final String BLOCKED = "the hub is blocked";

    /** What is said of a hub that has stopped. */
    static Round ofBlockedHub() {
        long millis = Control.BLOCKED.toMillis();
        return new Round(millis, millis, 0, 0, BLOCKED, new Circumstances(0, 0));
    }

    /** Makes the calls of one round. On a green thread. */
    static Round of(Row row, Duration delay, Control control) throws Exception {
        Circumstances before = Circumstances.now();
        control.takeLongestMillis();
        Ticker ticker = new Ticker();
        GreenThread<?> ticking = Evy.spawn(() -> ticker.run(() -> Evy.sleep(TICK)));
        control.watch(ticker);

        long start = System.nanoTime();
        List<GreenThread<String>> callers = new ArrayList<>();
        for (int i = 0; i < Runner.CALLERS; i++) {
            Question question = Question.of(i, delay);
            callers.add(Evy.spawn(() -> outcome(row, question)));
        }
        List<String> wrong =
                callers.stream().map(GreenThread::join).filter(Objects::nonNull).toList();
        long total = System.nanoTime() - start;

        control.unwatch();
        ticker.stop();
        ticking.join();
        return new Round(
                Duration.ofNanos(total).toMillis(),
                ticker.takeLongestMillis(),
                control.takeLongestMillis(),
                Runner.CALLERS - wrong.size(),
                wrong.isEmpty() ? "" : wrong.getFirst(),
                Circumstances.now().since(before));
    }

    /** {@return whether the round never ended} */
    boolean isBlocked() {
        return error.equals(BLOCKED);
    }

    /** {@return whether it took clearly longer than one call does} */
    boolean isTooSlow() {
        return totalMillis >= 2 * Runner.DELAY.toMillis();
    }

    /** {@return whether it could hardly be better} */
    boolean isGood() {
        return !isTooSlow() && !isGapTooLong();
    }

    /** {@return whether the hub kept its ticker waiting too long} */
    boolean isGapTooLong() {
        return gapMillis > Runner.GAP_LIMIT_MILLIS;
    }

    /** {@return whether a thread that the hub has nothing to do with had to wait as long} */
    boolean isMachineBusy() {
        return machineGapMillis > Runner.GAP_LIMIT_MILLIS;
    }

    /* Null if the answer is right, else what it was. */
    private static String outcome(Row row, Question question) {
        try {
            String answer = row.call(question);
            return question.answer().equals(answer) ? null : "answer: " + answer;
        } catch (Exception e) {
            return e.toString();
        }
    }
}
