package evy.tools;

import evy.tools.profiler.Output;
import evy.tools.profiler.Profiler;
import evy.tools.profiler.ProfilerOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The service {@code evy profile}: runs a program and profiles it. */
final class ProfileCommand {
    static final String HELP =
            """
            Usage: evy profile [OPTION...] [-cp PATH] PROGRAM [ARGUMENT...]

              --html=FILE             write a page with a flame graph
              --collapsed=FILE        write collapsed stacks, in microseconds
              -s FILE, --summary=FILE write the summary; without any output it goes to standard error
              -t FILE, --trace=FILE   write each stretch of each green thread, for ui.perfetto.dev
              -b, --time-blocking     count the time that green threads wait, too
              -p, --percentages       print percentages in the summary, too
              --threads               keep the stacks of each thread apart
              --period=MS             CPU time between two samples of a thread; 10 unless told otherwise
              --duration=SECONDS      profile no longer than that
              --patch[=GROUPS]        run the program as evy run does
            """;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private ProfilerOptions options = ProfilerOptions.DEFAULT.withPercentages(false);
    private Duration duration = Duration.ZERO;
    private @Nullable String agent;
    private @Nullable String classPath;
    private final List<String> files = new ArrayList<>();
    private String program = "";
    private String[] arguments = {};

    private ProfileCommand() {}

    /** What the program is started by. */
    interface Runner {
        void run(String... arguments) throws Throwable;
    }

    /**
     * Reads the arguments.
     *
     * @return null if help is asked for
     * @throws UsageException if there is no such option, or its value makes no sense
     */
    static @Nullable ProfileCommand parse(String... args) throws UsageException {
        var command = new ProfileCommand();
        var at = 0;
        while (at < args.length && args[at].startsWith("-")) {
            if (args[at].equals("--help")) {
                return null;
            }
            var option = args[at];
            var isPath = CommandLine.isClassPath(option);
            var needsFile = option.equals("-s") || option.equals("-t");
            if ((needsFile || isPath) && at + 1 == args.length) {
                throw new UsageException(option + " needs a " + (isPath ? "path" : "file"));
            }
            try {
                if (isPath) {
                    command.classPath = args[++at];
                } else {
                    command.take(needsFile ? option + "=" + args[++at] : option);
                }
            } catch (IllegalArgumentException e) {
                throw new UsageException("profile " + args[at] + ": " + e.getMessage());
            }
            at++;
        }
        if (at == args.length) {
            throw new UsageException("nothing to run; see evy profile --help");
        }
        command.program = args[at];
        command.arguments = Arrays.copyOfRange(args, at + 1, args.length);
        return command;
    }

    private void take(String option) throws UsageException {
        var equals = option.indexOf('=');
        var name = equals < 0 ? option : option.substring(0, equals);
        var value = equals < 0 ? "" : option.substring(equals + 1);
        options =
                switch (name) {
                    case "--html" -> options.withHtml(file(value));
                    case "--collapsed" -> options.withCollapsed(file(value));
                    case "-s", "--summary" -> options.withSummary(file(value));
                    case "-t", "--trace" -> options.withTrace(file(value));
                    case "-b", "--time-blocking" -> options.withTimeBlocking(true);
                    case "-p", "--percentages" -> options.withPercentages(true);
                    case "--threads" -> options.withThreads(true);
                    case "--period" -> options.withPeriod(time(value, NANOS_PER_MILLI));
                    case "--duration" -> {
                        duration = time(value, NANOS_PER_SECOND);
                        yield options;
                    }
                    case "--patch" -> {
                        agent = value;
                        yield options;
                    }
                    default ->
                            throw new UsageException(
                                    "unknown option '" + option + "'; see evy profile --help");
                };
    }

    private Output file(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a file is missing");
        }
        files.add(value);
        return Output.to(Path.of(value));
    }

    private static Duration time(String value, double unitNanos) {
        try {
            var amount = Double.parseDouble(value);
            if (amount > 0 && amount < Integer.MAX_VALUE) {
                return Duration.ofNanos((long) (amount * unitNanos));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + value + "' is no number", e);
        }
        throw new IllegalArgumentException("'" + value + "' must be > 0");
    }

    /** {@return what to run} */
    String program() {
        return program;
    }

    /** {@return the agent's argument, if the program is to run as {@code evy run} does} */
    @Nullable String agent() {
        return agent;
    }

    /** {@return the program's class path, if one is given} */
    @Nullable String classPath() {
        return classPath;
    }

    /**
     * Runs the program, and says at the end where its profile is. If the program ends the JVM
     * itself, the profiler does that.
     *
     * @throws UsageException if an output cannot be written, before the program begins
     * @throws Throwable what the program throws
     */
    void run(Runner runner) throws Throwable {
        if (files.isEmpty()) {
            options = options.withSummary(Output.to(System.err));
        }
        try {
            Profiler.attach(options, duration);
        } catch (IOException e) {
            throw new UsageException("profile: " + e.getMessage());
        }
        try {
            runner.run(arguments);
        } finally {
            finish();
        }
    }

    private void finish() {
        if (!Profiler.isAttached()) {
            return; // by its duration, or by the program
        }
        try {
            var profile = Profiler.detach();
            System.err.printf(
                    "evy: profiled %.1f s, %d samples%s%n",
                    profile.elapsed().toNanos() / NANOS_PER_SECOND,
                    profile.samples(),
                    files.isEmpty() ? "" : "; wrote " + String.join(", ", files));
        } catch (IOException e) {
            System.err.println("evy: " + e.getMessage());
        }
    }
}
