package evy.tools.top;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the command was told.
 *
 * @param target as given
 * @param interval between two looks
 * @param once true for one look, in plain text
 * @param token for the debug pages; null for none
 * @param order who comes first
 * @param filter only green threads with that text in their line
 */
record TopOptions(
        String target,
        Duration interval,
        boolean once,
        @Nullable String token,
        Question.Order order,
        String filter) {
    static final String USAGE =
            "use evy top [--once] [--interval=SECONDS] [--order=waiting|busy|newest]"
                    + " [--filter=TEXT] [--token] PID|HOST:PORT|URL|FILE";

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Reads arguments.
     *
     * @param token for the debug pages; null for none
     * @throws IllegalArgumentException if they make no sense; the message says why
     */
    static TopOptions of(List<String> arguments, @Nullable String token) {
        String target = null;
        var interval = Duration.ofSeconds(1);
        var once = false;
        var order = Question.Order.WAITING;
        var filter = "";
        for (var argument : arguments) {
            var equals = argument.indexOf('=');
            var value = argument.substring(equals + 1);
            if (!argument.startsWith("-") && target == null) {
                target = argument;
            } else if (argument.equals("--once")) {
                once = true;
            } else if (argument.startsWith("--interval=")) {
                interval = interval(value);
            } else if (argument.startsWith("--order=")) {
                order = order(value);
            } else if (argument.startsWith("--filter=")) {
                filter = value;
            } else {
                throw new IllegalArgumentException("what is '" + argument + "'? " + USAGE);
            }
        }
        if (target == null) {
            throw new IllegalArgumentException(USAGE);
        }
        return new TopOptions(target, interval, once, token, order, filter);
    }

    private static Duration interval(String seconds) {
        try {
            var interval = Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1_000));
            if (interval.compareTo(SHORTEST) >= 0 && interval.compareTo(LONGEST) <= 0) {
                return interval;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--interval is no number: '" + seconds + "'", e);
        }
        throw new IllegalArgumentException("--interval must be in 0.1 to 3600 s: " + seconds);
    }

    private static Question.Order order(String name) {
        try {
            return Question.Order.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--order must be waiting, busy or newest: '" + name + "'", e);
        }
    }

    /** The source that the target names: see {@link #USAGE}. */
    Source source() {
        if (target.matches("\\d+")) {
            return new JvmSource(pid());
        }
        if (target.contains("://")) {
            return new HttpSource(uri(target), token);
        }
        if (target.contains("/")) {
            return new UnixSource(Path.of(target), token);
        }
        if (target.indexOf(':') >= 0) {
            return new HttpSource(uri("http://" + target + "/debug/"), token);
        }
        throw new IllegalArgumentException(
                "'" + target + "' is no process, place or file (./" + target + "?); " + USAGE);
    }

    private long pid() {
        try {
            return Long.parseLong(target);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("there is no process " + target, e);
        }
    }

    private static URI uri(String text) {
        URI uri;
        try {
            uri = URI.create(text.endsWith("/") ? text : text + "/");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no URL: " + e.getMessage(), e);
        }
        var scheme = uri.getScheme();
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("'" + text + "' is no http or https URL");
        }
        return uri;
    }
}
