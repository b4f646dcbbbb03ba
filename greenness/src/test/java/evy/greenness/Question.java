package evy.greenness;

import java.time.Duration;

/**
 * What every row asks its peer: to answer a caller, but not before a delay is over.
 *
 * <p>Its {@link #text} fits where a library has room for a word: a path, a key, a queue, a file.
 *
 * @param millis how long the peer takes
 * @param caller which of the green threads asks
 */
public record Question(long millis, int caller) {
    /** {@return the question of a caller} */
    public static Question of(int caller, Duration delay) {
        return new Question(delay.toMillis(), caller);
    }

    /** {@return the question with this text} */
    public static Question parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("not of the form 'millis-caller': " + text);
        }
        return new Question(
                Long.parseLong(text.substring(0, dash)),
                Integer.parseInt(text.substring(dash + 1)));
    }

    /** {@return the question as one word} */
    public String text() {
        return millis + "-" + caller;
    }

    /** {@return the only right answer} */
    public String answer() {
        return "reply-" + caller;
    }
}
