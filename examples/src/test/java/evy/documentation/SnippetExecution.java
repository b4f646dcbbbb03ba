package evy.documentation;

import evy.hubs.HubOptions;
import evy.testkit.LeakCheck;
import evy.testkit.internal.ChildCoverage;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Has a compiled snippet run, here or in a JVM of its own, and hears what it prints. */
final class SnippetExecution {
    private static final long PATIENCE_SECONDS = 60;
    private static final Pattern FRAME = Pattern.compile("\\(\\w+\\.java:(\\d+)\\)");

    private final SnippetSource source;
    private final SnippetCompiler.Result compiled;

    SnippetExecution(SnippetSource source, SnippetCompiler.Result compiled) {
        this.source = source;
        this.compiled = compiled;
    }

    /**
     * Runs it.
     *
     * @return what it has printed
     * @throws AssertionError if it fails, does not end, or leaves something behind
     */
    String run() throws Exception {
        var flags = source.snippet().sections("jvm");
        return flags.isEmpty() ? runHere() : runInJvm(flags.getFirst().argument());
    }

    private String runHere() throws Exception {
        var loader = new SnippetLoader(compiled.classes());
        var type = loader.loadClass(source.snippet().className());
        var leaks = LeakCheck.begin();
        var out = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            SnippetRun.run(type, source.snippet().hasPeer());
        } catch (Throwable failure) {
            throw new AssertionError(place(failure) + ": " + failure, failure);
        } finally {
            System.setOut(out);
        }
        leaks.check();
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** The line of the document that an exception comes from. */
    private String place(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(source.snippet().className()))
                .findFirst()
                .map(frame -> source.place(frame.getLineNumber()))
                .orElse(source.snippet().place());
    }

    private String runInJvm(String flags) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("evy-docs-classes");
        var process = start(folder, flags);
        try (var _ = process.getOutputStream();
                var out = process.getInputStream()) {
            var printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(source.snippet().place() + ": " + placed(printed));
            }
            return printed;
        } finally {
            process.destroyForcibly();
            Folders.delete(folder);
        }
    }

    private Process start(Path folder, String flags) throws IOException {
        for (var entry : compiled.classes().entrySet()) {
            if (entry.getKey().startsWith(source.snippet().className())) {
                Files.write(folder.resolve(entry.getKey() + ".class"), entry.getValue());
            }
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(ChildCoverage.flags());
        command.addAll(
                List.of(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-Xlog:cds=off"));
        var kind = System.getProperty(HubOptions.KIND_PROPERTY);
        if (kind != null) {
            command.add("-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        }
        if (!flags.isEmpty()) {
            command.addAll(List.of(flags.split(" ")));
        }
        var classPath = folder + File.pathSeparator + System.getProperty("java.class.path");
        command.addAll(List.of("-cp", classPath, SnippetRun.class.getName()));
        command.add(source.snippet().className());
        command.add(Boolean.toString(source.snippet().hasPeer()));
        return new ProcessBuilder(command)
                .directory(Document.file("").toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Names the document's lines in a stack trace. */
    private String placed(String trace) {
        return FRAME.matcher(trace)
                .replaceAll(
                        frame ->
                                frame.group().startsWith("(" + source.snippet().className())
                                        ? source.place(Long.parseLong(frame.group(1)))
                                        : "\\" + frame.group());
    }
}
