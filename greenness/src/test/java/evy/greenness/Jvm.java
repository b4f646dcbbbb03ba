package evy.greenness;

import evy.hubs.HubOptions;
import evy.testkit.internal.ChildCoverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of this module, each in a JVM of its own. */
final class Jvm {
    /** The agent's jar, as the build made it. */
    static final Path AGENT = Path.of(System.getProperty("evy.agent", "evy.jar"));

    private static final long PATIENCE_SECONDS = 60;

    private Jvm() {}

    /** {@return a process that is to run a program with these flags} */
    static ProcessBuilder builder(List<String> flags, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildCoverage.flags());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return builder;
    }

    /** {@return the flags of a program that uses green threads} */
    static List<String> flags() {
        return flags("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }

    /** {@return the flags of one that uses them under the agent} */
    static List<String> agentFlags() {
        return flags("-javaagent:" + AGENT);
    }

    private static List<String> flags(String first) {
        List<String> flags = new ArrayList<>();
        flags.add(first);
        flags.add("--enable-native-access=ALL-UNNAMED");
        flags.add("-XX:TieredStopAtLevel=1"); // so short a run is to measure us, not the compiler
        flags.add("--sun-misc-unsafe-memory-access=allow"); // Netty's: no warning
        String kind = System.getProperty(HubOptions.KIND_PROPERTY);
        if (kind != null) {
            flags.add("-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        }
        return flags;
    }

    /**
     * Runs a program to its end.
     *
     * @return what it has printed
     */
    static String run(List<String> flags, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("evy-greenness", ".out");
        try {
            ProcessBuilder builder = builder(flags, program, arguments);
            builder.redirectErrorStream(true).redirectOutput(out.toFile());
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String printed = Files.readString(out);
            if (!ended || process.waitFor() != 0) {
                String how = ended ? "exit status " + process.exitValue() : "does not end";
                throw new IllegalStateException(
                        program.getSimpleName()
                                + List.of(arguments)
                                + ": "
                                + how
                                + ":\n"
                                + printed);
            }
            return printed;
        } finally {
            Files.delete(out);
        }
    }
}
