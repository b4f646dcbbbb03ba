package evy.web.websocket;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of this machine that a test talks to; ended with the test. */
final class Program implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private Program(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static Program start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new Program(builder.start());
    }

    /** The first of some programs that is on the path; without one, skips the test and says so. */
    static String find(String wanted, String... names) {
        for (String name : names) {
            for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file.toString();
                }
            }
        }
        return abort(wanted + " is not installed: none of " + List.of(names) + " on the path");
    }

    /** Runs a program to its end; all that it said, or null if it failed. */
    static String said(Map<String, String> environment, String... command) throws Exception {
        try (Program program = start(environment, List.of(command))) {
            String all = program.rest();
            return program.process.waitFor() == 0 ? all : null;
        }
    }

    /** A script that lies beside the tests. */
    static String script(String name) throws URISyntaxException {
        return Path.of(Program.class.getResource(name).toURI()).toString();
    }

    /** The next line it says that contains a text. */
    String lineWith(String text) throws IOException {
        StringBuilder before = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(text)) {
                return line;
            }
            before.append(line).append('\n');
        }
        throw new IOException("ended without a line with '" + text + "':\n" + before);
    }

    /** All that it says until its end. */
    String rest() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            all.append(line).append('\n');
        }
        return all.toString();
    }

    @Override
    public void close() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException(process + " does not end");
        }
    }
}
