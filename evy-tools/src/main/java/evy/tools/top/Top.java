package evy.tools.top;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * {@code evy top}: shows a running program's hubs and green threads until it is told to stop. The
 * program may end, hang and come back meanwhile; the screen says so and goes on.
 */
public final class Top {
    private static final int FAILED = 1;
    private static final long REDRAW_MILLIS = 1_000;

    private final TopOptions options;
    private final Source source;
    private final Map<String, String> environment;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private Top(TopOptions options, Source source, Map<String, String> environment) {
        this.options = options;
        this.source = source;
        this.environment = environment;
    }

    /** What the screen waits for. */
    private sealed interface Event {
        /** A key; empty if the terminal is gone. */
        record Key(String sent) implements Event {}

        /** The program said something, or did not. */
        record News(Watcher.Heard heard) implements Event {}

        /** Another size. */
        record Resized() implements Event {}
    }

    /**
     * Runs the command.
     *
     * @param arguments see {@code evy --help}
     * @param token for the debug pages; null for none
     * @param out gets the snapshot of {@code --once}
     * @param errors gets what is wrong
     * @return the exit status
     * @throws IllegalArgumentException if the arguments make no sense; the message says why
     * @throws InterruptedException if the thread was interrupted
     */
    public static int run(
            List<String> arguments, @Nullable String token, PrintStream out, PrintStream errors)
            throws InterruptedException {
        // a program that hangs must not hang the next asking for ever
        System.setProperty("sun.rmi.transport.tcp.responseTimeout", "10000");
        var options = TopOptions.of(arguments, token);
        try (var source = options.source()) {
            var top = new Top(options, source, System.getenv());
            var why = options.once() ? null : top.whyNoScreen();
            if (why != null) {
                errors.println("evy: top: " + why + ": one snapshot only");
            }
            return options.once() || why != null ? top.once(out, errors) : top.live(errors);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it is annotated as if it could be
    private @Nullable String whyNoScreen() {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            return "this is no terminal";
        }
        var term = environment.getOrDefault("TERM", "dumb");
        return term.equals("dumb") || term.isEmpty() ? "the terminal is dumb" : null;
    }

    /* Two looks: one has no rates. */
    private int once(PrintStream out, PrintStream errors) throws InterruptedException {
        var view = new View(options.order(), options.filter(), System.nanoTime());
        var watcher = watcher(view);
        for (var looks = 0; looks < 2; looks++) {
            if (looks > 0) {
                TimeUnit.NANOSECONDS.sleep(options.interval().toNanos());
            }
            take(view, watcher.look());
            var problem = view.problem();
            if (problem != null) {
                errors.println("evy: top: " + problem);
                return FAILED;
            }
        }
        Screen.all(view, options.target()).forEach(line -> out.println(line.plain()));
        return 0;
    }

    private Watcher watcher(View view) {
        return new Watcher(
                source,
                options.interval(),
                view.question(),
                heard -> events.add(new Event.News(heard)));
    }

    private int live(PrintStream errors) throws InterruptedException {
        var view = new View(options.order(), options.filter(), System.nanoTime());
        var watcher = watcher(view);
        take(view, watcher.look());
        var problem = view.problem();
        if (problem != null) { // better said where it stays to be read
            errors.println("evy: top: " + problem);
            return FAILED;
        }
        var colours = environment.getOrDefault("NO_COLOR", "").isEmpty();
        try (var terminal =
                new Terminal(
                        colours,
                        key -> events.add(new Event.Key(key)),
                        () -> events.add(new Event.Resized()))) {
            watcher.start();
            show(view, watcher, terminal);
            return 0;
        } catch (IOException e) {
            errors.println("evy: top: " + e.getMessage());
            return FAILED;
        }
    }

    private void show(View view, Watcher watcher, Terminal terminal)
            throws IOException, InterruptedException {
        while (true) {
            var now = System.nanoTime();
            terminal.draw(Screen.of(view, options.target(), terminal.rows(), now));
            var before = view.question();
            for (var event : next()) {
                if (!handle(event, view)) {
                    return;
                }
            }
            if (!view.question().equals(before)) {
                watcher.ask(view.question());
            }
        }
    }

    /* All there is, so that a paste is not drawn letter by letter; nothing after a while. */
    private List<Event> next() throws InterruptedException {
        List<Event> all = new ArrayList<>();
        var first = events.poll(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            all.add(first);
            events.drainTo(all);
        }
        return all;
    }

    private static boolean handle(Event event, View view) {
        switch (event) {
            case Event.Key key -> {
                return !key.sent().isEmpty() && view.pressed(key.sent());
            }
            case Event.News news -> take(view, news.heard());
            case Event.Resized _ -> {
                // it is drawn anew anyway
            }
        }
        return true;
    }

    private static void take(View view, Watcher.Heard heard) {
        var now = System.nanoTime();
        switch (heard) {
            case Watcher.Heard.Answer answer -> view.heard(answer.figures(), now);
            case Watcher.Heard.Failure failure -> view.failed(failure.why(), now);
        }
    }
}
