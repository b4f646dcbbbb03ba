package evy.tools.backdoor;

import evy.Evy;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.sync.Event;
import evy.sync.LightQueue;
import evy.tools.backdoor.TelnetInput.Said;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * A client's dialogue. Three green threads on the sessions' hub: one reads, so that an interrupt or
 * the client's leaving is noticed whatever runs; one sends; and this one takes line after line and
 * has each evaluated in a native thread.
 */
final class Session {
    private static final String PROMPT = ">>> ";
    private static final String CONTINUATION = "... ";
    private static final int MAX_TYPED_AHEAD = 1 << 20;
    private static final Set<String> EXITS =
            Set.of("exit", "exit()", "exit();", "quit", "quit()", "quit();", "/exit", "/quit");
    private static final Pattern COMMAND = Pattern.compile("/[a-z!?-].*");
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /* Web pages can make browsers send to local ports. */
    private static final Pattern HTTP = Pattern.compile("\\S+ \\S+ HTTP/\\d.*");

    private static final String HELP =
            """
            |  Type Java: expressions, statements, declarations; an empty line ends what could go on.
            |  It runs in a green thread of the hub that serves, so what it computes holds up the rest.
            |  /vars /methods /types /imports   what there is
            |  /list                            what was typed
            |  Ctrl-C                           stops what runs, drops what is not complete
            |  exit                             ends the session
            """;

    private final TelnetInput input;
    private final SessionOutput output;
    private final PrintStream out;
    private final Shell shell;
    private final Executor natives;
    private final BackdoorOptions options;
    private final LightQueue<Said> said = new LightQueue<>();

    private int typedAhead;
    private boolean first = true;
    private boolean evaluating;

    Session(
            TelnetInput input,
            SessionOutput output,
            Shell shell,
            Executor natives,
            BackdoorOptions options) {
        this.input = input;
        this.output = output;
        this.out = output.stream();
        this.shell = shell;
        this.natives = natives;
        this.options = options;
    }

    /** Holds the dialogue until the client leaves or has enough. */
    void run(OutputStream client) throws InterruptedException {
        var sender = Evy.spawn(() -> send(client));
        var reader = Evy.spawn(this::read);
        try {
            out.print(banner());
            do {
                prompt();
            } while (next());
            output.close();
            Timeout.run(LAST_WORDS, sender::join);
        } finally {
            output.close();
            reader.raise(new GreenThreadExit());
            sender.raise(new GreenThreadExit());
            if (evaluating) {
                shell.stop();
            }
            natives.execute(shell::close);
        }
    }

    private static String banner() {
        return """
        Evy backdoor: Java %s (%s), %s %s
        Type Java, /help for help, exit to leave
        (JShell)
        """
                .formatted(
                        Runtime.version(),
                        System.getProperty("java.vendor"),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
    }

    private void prompt() {
        if (!output.isAtLineStart()) {
            out.println();
        }
        out.print(shell.isPending() ? CONTINUATION : PROMPT);
        output.setAtLineStart();
    }

    /** False if that was the end. */
    private boolean next() throws InterruptedException {
        return switch (said.take()) {
            case Said.Line line -> {
                typedAhead -= line.text().length();
                yield line(line.text());
            }
            case Said.TooLong tooLong -> {
                out.println("|  The line exceeds " + options.maxLine() + " bytes; it was dropped");
                yield true;
            }
            case Said.Interrupt interrupt -> {
                shell.forget();
                out.println();
                yield true;
            }
            case Said.End end -> false;
        };
    }

    private boolean line(String text) throws InterruptedException {
        var stripped = text.strip();
        var isFirst = first;
        first = false;
        if (shell.isPending()) {
            return evaluate(() -> shell.accept(text));
        }
        if (EXITS.contains(stripped) || (isFirst && HTTP.matcher(text).matches())) {
            return false;
        }
        if (stripped.isEmpty()) {
            return true;
        }
        if (stripped.equals("/help") || stripped.equals("/?")) {
            out.print(HELP);
            return true;
        }
        return COMMAND.matcher(stripped).matches()
                ? evaluate(() -> shell.command(stripped))
                : evaluate(() -> shell.accept(text));
    }

    /** False if the session cannot go on. */
    private boolean evaluate(BooleanSupplier work) throws InterruptedException {
        var done = new Event<Boolean>();
        evaluating = true;
        shell.begin();
        natives.execute(() -> done.send(work.getAsBoolean()));
        var goOn = done.await(); // if this is killed, it is for the end to stop the work
        evaluating = false;
        return goOn;
    }

    private void send(OutputStream client) {
        try {
            output.sendTo(client);
        } catch (IOException e) {
            leave();
        }
    }

    private void read() {
        try {
            while (true) {
                var next = input.next();
                if (input.isTelnet()) {
                    output.setTelnet();
                }
                if (!hear(next)) {
                    break;
                }
            }
            Evy.sleep(options.drainTimeout());
        } catch (IOException e) {
            // the connection is broken: there is nobody to go on for
        }
        leave();
    }

    /** False if nothing is to follow. */
    private boolean hear(Said next) {
        switch (next) {
            case Said.Interrupt interrupt -> {
                forgetTyped();
                if (!evaluating) {
                    said.add(interrupt);
                }
                shell.stop();
                return true;
            }
            case Said.Line line -> {
                typedAhead += line.text().length();
                said.add(line);
                if (typedAhead <= MAX_TYPED_AHEAD) {
                    return true;
                }
                out.println("|  More than " + MAX_TYPED_AHEAD + " characters are waiting; goodbye");
                forgetTyped();
                said.add(new Said.End());
                return false;
            }
            case Said.TooLong tooLong -> {
                said.add(tooLong);
                return true;
            }
            case Said.End end -> {
                said.add(end);
                return false;
            }
        }
    }

    private void forgetTyped() {
        said.clear();
        typedAhead = 0;
    }

    /** The client is gone: what runs is stopped, what waits is forgotten. */
    private void leave() {
        forgetTyped();
        said.add(new Said.End());
        if (evaluating) {
            shell.stop();
        }
    }
}
