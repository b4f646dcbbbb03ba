package evy.tools.backdoor;

import evy.hubs.Hub;

import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The Java of a session: takes lines, evaluates what is complete, prints what comes of it.
 *
 * <p>JShell is started by the first line, as it takes a second and megabytes.
 *
 * @thread a native thread, one at a time; {@link #stop} any
 */
final class Shell {
    private static final int MAX_SNIPPET = 262_144;
    private static final List<String> IMPORTS =
            List.of(
                    "import java.util.*;",
                    "import java.util.concurrent.*;",
                    "import java.util.function.*;",
                    "import java.util.stream.*;",
                    "import java.time.*;",
                    "import evy.*;",
                    "import evy.hubs.*;",
                    "import static java.lang.IO.*;");

    private final Map<String, ?> bindings;
    private final SnippetLoader loader;
    private final Brake brake;
    private final SnippetControl control;
    private final SharedCompiler compiler;
    private final PrintStream out;
    private final Report report;

    private @Nullable JShell jshell;
    private String pending = "";

    /**
     * Makes the shell of a session.
     *
     * @param hub where snippets run
     * @param compiler of all sessions
     */
    Shell(Hub hub, Map<String, ?> bindings, SessionOutput output, SharedCompiler compiler) {
        this.bindings = bindings;
        this.brake = new Brake(hub);
        this.loader = new SnippetLoader(compiler.program(), brake, bindings);
        this.control = new SnippetControl(hub, loader, output, compiler);
        this.compiler = compiler;
        this.out = output.stream();
        this.report = new Report(out);
    }

    /**
     * From now on {@link #stop} stops the next line, whether a thread has taken it up or not.
     *
     * @thread the session's
     */
    void begin() {
        brake.begin();
    }

    /** True if what was typed so far is not complete. */
    boolean isPending() {
        return !pending.isEmpty();
    }

    /** Forgets what was typed and is not complete. */
    void forget() {
        pending = "";
    }

    /**
     * Takes a line: evaluates what is complete with it.
     *
     * @return false if the session cannot go on
     */
    boolean accept(String line) {
        var source = isPending() ? pending + "\n" + line : line;
        pending = "";
        if (source.length() > MAX_SNIPPET) {
            out.println("|  The input exceeds " + MAX_SNIPPET + " characters; it was dropped");
            return true;
        }
        return inTurn(
                () -> {
                    var shell = started();
                    evaluateComplete(shell, source, line.isBlank());
                });
    }

    private void evaluateComplete(JShell shell, String input, boolean decided) {
        var source = input;
        while (!source.isBlank()) {
            var found = shell.sourceCodeAnalysis().analyzeCompletion(source);
            switch (found.completeness()) {
                case EMPTY -> {
                    return;
                }
                case DEFINITELY_INCOMPLETE -> {
                    pending = source;
                    return;
                }
                case CONSIDERED_INCOMPLETE -> {
                    if (decided) { // an empty line says that nothing is to follow
                        var _ = evaluate(shell, found.source());
                    } else {
                        pending = source;
                    }
                    return; // what remains is said to be all of it
                }
                case COMPLETE, COMPLETE_WITH_SEMI, UNKNOWN -> {}
            }
            if (!evaluate(shell, found.source())) {
                return;
            }
            source = found.remaining();
        }
    }

    private boolean evaluate(JShell shell, String source) {
        var good = true;
        for (var event : shell.eval(source)) {
            if (brake.isPulled()) {
                return false;
            }
            good &= report.event(shell, event);
        }
        return good;
    }

    /**
     * Executes a command, such as {@code /vars}.
     *
     * @return false if the session cannot go on
     */
    boolean command(String line) {
        return inTurn(() -> list(started(), line.strip()));
    }

    private void list(JShell shell, String command) {
        switch (command) {
            case "/vars" -> shell.variables().forEach(v -> report.variable(shell, v));
            case "/methods" -> shell.methods().forEach(report::method);
            case "/types" -> shell.types().forEach(report::type);
            case "/imports" ->
                    shell.imports().forEach(i -> out.println("|  " + i.source().strip()));
            case "/list" -> shell.snippets().filter(s -> !isStartup(s)).forEach(report::source);
            default -> out.println("|  No such command: " + command + "; see /help");
        }
    }

    private static boolean isStartup(Snippet snippet) {
        return snippet.id().startsWith("s");
    }

    /* What JShell and the compiler throw is their failure, or for want of memory or stack: not the server's. */
    private boolean inTurn(Runnable work) {
        compiler.acquire();
        try {
            if (!brake.isPulled()) {
                work.run();
            }
            if (brake.isPulled()) {
                report.stopped();
            }
            return true;
        } catch (IllegalStateException e) {
            out.println("|  The session is over: " + e.getMessage());
            return false;
        } catch (RuntimeException | Error e) {
            out.println("|  JShell failed: " + e);
            return true;
        } finally {
            brake.end();
            compiler.release();
        }
    }

    private JShell started() {
        var shell = jshell;
        if (shell == null) {
            shell = start();
            jshell = brake.isPulled() ? null : shell; // some of its variables may be missing then
        }
        return shell;
    }

    private JShell start() {
        var startup = new AtomicBoolean(true);
        var numbers = new AtomicInteger();
        var shell =
                JShell.builder()
                        .executionEngine(new Engine(control), Map.of())
                        .compilerOptions(ProgramClasses.compilerOptions())
                        .fileManager(compiler::files)
                        .idGenerator(
                                (_, id) ->
                                        startup.get() ? "s" + id : "" + numbers.incrementAndGet())
                        .build();
        for (var one : IMPORTS) {
            var _ = shell.eval(one); // that of a package that is not there is refused
        }
        for (var binding : bindings.entrySet()) {
            bind(shell, binding.getKey(), binding.getValue());
        }
        startup.set(false);
        return shell;
    }

    private void bind(JShell shell, String name, @Nullable Object value) {
        for (var declaration : Bindings.declarations(name, value, loader)) {
            var event = shell.eval(declaration).getFirst();
            if (event.status() == Snippet.Status.VALID && event.exception() == null) {
                return;
            }
            var _ = shell.drop(event.snippet());
        }
    }

    /**
     * Stops what is being evaluated.
     *
     * @thread any on a hub but the one where snippets run
     */
    void stop() {
        brake.pull();
    }

    /** Ends it. */
    void close() {
        var shell = jshell;
        if (shell != null) {
            shell.close();
        }
    }

    /** Hands our control to JShell. */
    private record Engine(SnippetControl control) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "evy";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
            return control;
        }
    }
}
