import evy.Evy;
import evy.GreenThread;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Shows how far a program has come: on a terminal in one line that changes, else a line now and
 * then.
 */
final class Progress implements AutoCloseable {
    private final GreenThread<Void> thread;

    /** Begins to show what {@code text} gives. */
    Progress(Supplier<String> text) {
        thread = Evy.spawn(() -> show(text));
    }

    @Override
    public void close() {
        thread.kill();
    }

    private static void show(Supplier<String> text) {
        var console = System.console();
        boolean terminal = console != null && console.isTerminal();
        try {
            while (true) {
                Evy.sleep(Duration.ofMillis(terminal ? 100 : 2_000));
                System.out.print(terminal ? "\r" + text.get() : text.get() + "\n");
                System.out.flush();
            }
        } finally {
            System.out.print(terminal ? "\n" : ""); // killed, that is closed
        }
    }
}
