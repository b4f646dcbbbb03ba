package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program that others wrote, running; what it says goes to a file. */
final class Tool implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 50;

    private final Process process;
    private final Path output;

    private Tool(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts one, or skips the test if this machine has none of the names. */
    static Tool start(Path directory, List<String> names, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(find(names));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = Files.createTempFile(directory, names.get(0), ".log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        return new Tool(process, output);
    }

    /** Runs one to its good end; all that it said. */
    static String run(Path directory, List<String> names, Object... arguments) throws Exception {
        try (Tool tool = start(directory, names, arguments)) {
            if (!tool.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new TimeoutException(names + " still runs: " + tool.output());
            }
            assertThat(tool.process.exitValue()).as(tool.output()).isZero();
            return tool.output();
        }
    }

    private static String find(List<String> names) {
        for (String name : names) {
            for (String folder : (System.getenv("PATH") + ":/usr/sbin").split(File.pathSeparator)) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file.toString();
                }
            }
        }
        return abort("not installed: " + String.join(", ", names));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
