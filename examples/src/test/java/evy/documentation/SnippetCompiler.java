package evy.documentation;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles many snippets at once, in memory. */
final class SnippetCompiler {
    private static final List<String> OPTIONS =
            List.of("-proc:none", "-g", "-Xlint:deprecation", "-Xlint:unchecked", "-Xlint:removal");

    private SnippetCompiler() {}

    /**
     * Compiles them against the class path of this test.
     *
     * @return for each either its classes or what is wrong with it
     */
    static Map<SnippetSource, Result> compile(Collection<SnippetSource> sources)
            throws IOException {
        var results = new HashMap<SnippetSource, Result>();
        for (boolean examples : List.of(false, true)) {
            var some = new ArrayList<>(sources);
            some.removeIf(source -> source.snippet().usesExamples() != examples);
            compile(some, classPath(examples), results);
        }
        return results;
    }

    /**
     * That of this test. The examples are in no package: those who do not want them must not see
     * them, for there is a {@code WebServer} among them.
     */
    private static String classPath(boolean withExamples) {
        var examples = SnippetLoader.examples().toString(); // a folder, or a jar
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> withExamples || !entry.equals(examples))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void compile(
            List<SnippetSource> left, String classPath, Map<SnippetSource, Result> results)
            throws IOException {
        while (!left.isEmpty()) { // with an error anywhere nothing is generated: again without it
            var problems = new DiagnosticCollector<JavaFileObject>();
            var classes = generate(left, classPath, problems);
            var messages = messages(problems);
            if (messages.isEmpty()) {
                left.forEach(source -> results.put(source, new Result(classes, List.of())));
                return;
            }
            messages.forEach((source, lines) -> results.put(source, new Result(Map.of(), lines)));
            if (!left.removeAll(messages.keySet())) {
                throw new IllegalStateException("the compiler complains of others: " + messages);
            }
        }
    }

    private static Map<String, byte[]> generate(
            List<SnippetSource> sources,
            String classPath,
            DiagnosticCollector<JavaFileObject> problems)
            throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var standard =
                        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
                var files = new MemoryFiles(standard)) {
            var options = new ArrayList<>(OPTIONS);
            options.addAll(List.of("--class-path", classPath));
            compiler.getTask(null, files, problems, options, null, sources).call();
            return files.classes();
        }
    }

    private static Map<SnippetSource, List<String>> messages(
            DiagnosticCollector<JavaFileObject> problems) {
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() != Diagnostic.Kind.NOTE)
                .collect(
                        Collectors.groupingBy(
                                problem -> sourceOf(problem),
                                Collectors.mapping(
                                        problem -> message(problem), Collectors.toList())));
    }

    private static SnippetSource sourceOf(Diagnostic<? extends JavaFileObject> problem) {
        if (problem.getSource() instanceof SnippetSource source) {
            return source;
        }
        throw new IllegalStateException("the compiler complains: " + problem);
    }

    private static String message(Diagnostic<? extends JavaFileObject> problem) {
        return sourceOf(problem).place(problem.getLineNumber())
                + ": "
                + problem.getMessage(Locale.ROOT);
    }

    /**
     * What became of a snippet.
     *
     * @param classes all classes that were compiled with it, by name
     * @param problems what is wrong, one message each, with its place
     */
    record Result(Map<String, byte[]> classes, List<String> problems) {}

    /** Keeps what the compiler writes; finds the sources of compact classes by no path. */
    private static final class MemoryFiles
            extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        MemoryFiles(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(
                    URI.create("memory:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    var bytes = new ByteArrayOutputStream();
                    written.put(className, bytes);
                    return bytes;
                }
            };
        }

        Map<String, byte[]> classes() {
            return written.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toByteArray()));
        }
    }
}
