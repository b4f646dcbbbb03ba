package evy.tools;

import evy.hubs.Hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** What the {@code evy} script starts, once it has found a JDK and set the flags. */
public final class Main {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

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

    private static void dispatch(String... args) throws Throwable {
        var what = args.length == 0 ? "" : args[0];
        switch (what) {
            case "" -> throw new UsageException("nothing to run; see evy --help");
            case "--version" -> System.out.println(version());
            case "doctor" -> {
                if (!new Doctor(System.out).examine()) {
                    System.exit(FAILED);
                }
            }
            case "backdoor" ->
                    System.exit(BackdoorClient.run(Arrays.copyOfRange(args, 1, args.length)));
            case "run" -> runPatched(Arrays.copyOfRange(args, 1, args.length));
            default -> {
                var program = load(what);
                program.run(Arrays.copyOfRange(args, 1, args.length));
            }
        }
    }

    private static void runPatched(String... args) throws Throwable {
        if (args.length == 0) {
            throw new UsageException("nothing to run; see evy --help");
        }
        Patches.requireAgent();
        var program = load(args[0]);
        try {
            program.run(Arrays.copyOfRange(args, 1, args.length));
        } finally {
            Hub.current().letAllRun(); // threads that main has left behind begin, and keep us here
        }
    }

    private static Program load(String what) throws UsageException, IOException {
        if (what.startsWith("-")) {
            throw new UsageException("unknown option '" + what + "'; see evy --help");
        }
        if (what.endsWith(".java")) {
            return SourceProgram.compile(Path.of(what));
        }
        if (what.endsWith(".jar")) {
            return Program.ofJar(Path.of(what));
        }
        return Program.ofClass(what);
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
