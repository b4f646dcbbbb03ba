package evy.all;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs commands in a folder, as somebody at a terminal, and keeps what they say.
 *
 * <p>Coverage is not counted there: the classes of the jar for all are not those of the modules.
 */
final class Command {
    private static final Path JDK = Path.of(System.getProperty("java.home"));

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    Command(Path folder) {
        this.folder = folder;
        environment.put("JAVA_HOME", JDK.toString());
    }

    /** Sets an environment variable for the commands that follow. */
    Command with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs java with a quick start. */
    Result java(String... arguments) throws Exception {
        return run(javaCommand().getFirst(), withQuickStart(arguments));
    }

    /** Runs a command to its end. */
    Result run(String command, String... arguments) throws Exception {
        var out = Files.createTempFile(folder, "out", "");
        var err = Files.createTempFile(folder, "err", "");
        var process = start(out, err, command, arguments);
        try {
            assertThat(process.waitFor(240, SECONDS)).as(command + " ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Starts a command that the caller ends. */
    Process start(Path out, Path err, String command, String... arguments) throws IOException {
        var words = new ArrayList<>(List.of(command));
        words.addAll(List.of(arguments));
        var builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("EVY_"));
        builder.environment().keySet().removeAll(List.of("CLASSPATH", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        builder.redirectInput(Path.of("/dev/null").toFile());
        return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    /** The java of this JVM. */
    static List<String> javaCommand() {
        return List.of(JDK.resolve("bin/java").toString());
    }

    private static String[] withQuickStart(String... arguments) {
        var words = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        words.addAll(Arrays.asList(arguments));
        return words.toArray(String[]::new);
    }

    /** What a command said. */
    record Result(int exit, String out, String err) {
        /** The output, if all went well. */
        String ok() {
            assertThat(exit).as(out + err).isZero();
            return out;
        }
    }
}
