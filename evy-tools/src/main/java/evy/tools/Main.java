package evy.tools;

import evy.hubs.Hub;
import evy.tools.top.Top;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the {@code evy} script starts, once it has found a JDK and set the flags, and what {@code
 * java -jar evy.jar} starts, where the jar's manifest does the same.
 */
public final class Main {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final String DEBUG_TOKEN_VARIABLE = "EVY_DEBUG_TOKEN";

    private Main() {}

    /**
     * Runs a program, or one of the command's own services.
     *
     * @param args what to run and its arguments; see {@code evy --help}
     * @throws Throwable what the program's main threw
     */
    public static void main(String... args) throws Throwable {
        try {
            dispatch(args);
        } catch (UsageException e) {
            System.err.println("evy: " + e.getMessage());
            System.exit(MISUSED);
        } catch (SourceProgram.NotCompiledException e) {
            System.err.println("evy: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    /** The same, with what is wrong left to the caller. */
    static void dispatch(String... args) throws Throwable {
        var line = CommandLine.parse(args);
        var what = line.what();
        if (what == null) {
            throw new UsageException("nothing to run; see evy --help");
        }
        var arguments = line.arguments().toArray(String[]::new);
        if (line.patched()) {
            Patches.requireAgent(line.agent());
            runToTheEnd(load(line.classPath(), what), arguments);
            return;
        }
        switch (what) {
            case "--help", "-h" -> System.out.print(usage());
            case "--version" -> System.out.println(version());
            case "doctor" -> {
                if (!new Doctor(System.out, Patches.report()).examine()) {
                    System.exit(FAILED);
                }
            }
            case "init" -> NewProject.of(arguments).create(System.out);
            case "backdoor" -> System.exit(BackdoorClient.run(arguments));
            case "profile" -> profile(arguments);
            case "top" -> System.exit(top(arguments));
            default -> load(line.classPath(), what).run(arguments);
        }
    }

    private static int top(String... args) throws UsageException, InterruptedException {
        var arguments = new ArrayList<>(List.of(args));
        var token = Tokens.get(arguments.remove("--token"), DEBUG_TOKEN_VARIABLE);
        try {
            return Top.run(arguments, token, System.out, System.err);
        } catch (IllegalArgumentException e) {
            throw new UsageException("top: " + e.getMessage());
        } catch (NoClassDefFoundError e) {
            throw new UsageException("top: no Gson on the class path (" + e.getMessage() + ")");
        }
    }

    private static void profile(String... args) throws Throwable {
        var command = ProfileCommand.parse(args);
        if (command == null) {
            System.out.print(ProfileCommand.HELP);
            return;
        }
        var agent = command.agent();
        if (agent != null) {
            Patches.requireAgent(agent);
        }
        var program = load(command.classPath(), command.program());
        command.run(
                arguments -> {
                    if (agent == null) {
                        program.run(arguments);
                    } else {
                        runToTheEnd(program, arguments);
                    }
                });
    }

    private static void runToTheEnd(Program program, String... arguments) throws Throwable {
        try {
            program.run(arguments);
        } finally {
            Hub.current().letAllRun(); // threads that main has left behind begin, and keep us here
        }
    }

    private static Program load(@Nullable String classPath, String what)
            throws UsageException, IOException {
        if (what.startsWith("-")) {
            throw new UsageException("unknown option '" + what + "'; see evy --help");
        }
        var path = classPath == null ? ProgramPath.ofEnvironment() : classPath;
        if (what.endsWith(".jar")) {
            return Program.ofJar(Path.of(what));
        }
        var loader = ProgramPath.loader(path);
        if (!what.endsWith(".java")) {
            return Program.ofClass(what, loader);
        }
        if (ModuleLayer.boot().findModule("jdk.compiler").isEmpty()) {
            throw new UsageException("this Java has no compiler for " + what + "; use a JDK");
        }
        return SourceProgram.compile(Path.of(what), loader);
    }

    private static String usage() throws IOException {
        try (var text = Main.class.getResourceAsStream("usage.txt")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String version() {
        var version = Main.class.getPackage().getImplementationVersion();
        return "evy %s (Java %s, %s %s)"
                .formatted(
                        version == null ? "unreleased" : version,
                        Runtime.version(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
    }
}
