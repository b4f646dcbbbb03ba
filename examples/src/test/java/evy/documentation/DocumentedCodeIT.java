package evy.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Compiles and runs every Java fence of the documents. How a document says what a fence needs and
 * prints stands in CONTRIBUTING.md.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // of all together; each has its own limit
class DocumentedCodeIT {
    /** Documents whose name begins so; all unless told otherwise. */
    private static final String ONLY = System.getProperty("evy.docs", "");

    @TestFactory
    Stream<DynamicNode> everyFence() throws Exception {
        var nodes = new ArrayList<DynamicNode>();
        var sources = new ArrayList<SnippetSource>();
        for (var document : Document.written()) {
            if (document.name().startsWith(ONLY)) {
                try {
                    Snippet.in(document).forEach(s -> sources.add(new SnippetSource(s)));
                } catch (IllegalArgumentException e) {
                    nodes.add(failure(document.name(), e.getMessage()));
                }
            }
        }
        var compiled = SnippetCompiler.compile(sources);
        for (var source : sources) {
            nodes.add(
                    dynamicTest(
                            source.snippet().place(), () -> check(source, compiled.get(source))));
        }
        return nodes.stream();
    }

    @TestFactory
    Stream<DynamicNode> everySnippetOfTheJavadoc() throws Exception {
        var sources = new ArrayList<SnippetSource>();
        for (var file : Javadoc.withSnippets()) {
            if (file.name().startsWith(ONLY)) {
                Snippet.in(file, List.of(Javadoc.givenTo(file)))
                        .forEach(snippet -> sources.add(new SnippetSource(snippet)));
            }
        }
        var compiled = SnippetCompiler.compile(sources);
        return sources.stream()
                .map(
                        source ->
                                dynamicTest(
                                        source.snippet().place(),
                                        () -> checkCompiles(source, compiled.get(source))));
    }

    private static DynamicTest failure(String name, String message) {
        return dynamicTest(
                name,
                () -> {
                    throw new AssertionError(message);
                });
    }

    private static void checkCompiles(SnippetSource source, SnippetCompiler.Result compiled) {
        assertThat(compiled.problems()).as(source.snippet().place()).isEmpty();
    }

    static void check(SnippetSource source, SnippetCompiler.Result compiled) throws Exception {
        try (var _ = source.replacements()) {
            checkCompiles(source, compiled);
            if (source.snippet().isOnlyCompiled()) {
                return;
            }
            assertThat(source.doesSomething())
                    .as(source.snippet().place() + ": nobody calls this; <!-- code: after --> may")
                    .isTrue();
            var printed = new SnippetExecution(source, compiled).run();
            var missing =
                    PrintedLines.firstMissing(PrintedLines.promisedBy(source.snippet()), printed);
            assertThat(missing)
                    .as(
                            source.snippet().place()
                                    + ": a line it should print, but printed\n"
                                    + printed)
                    .isNull();
            if (!source.snippet().output().isEmpty()) {
                assertThat(PrintedLines.matches(source.snippet().output(), printed))
                        .as(
                                "%s: prints\n%s\nnot\n%s",
                                source.snippet().place(),
                                printed,
                                String.join("\n", source.snippet().output()))
                        .isTrue();
            }
        }
    }
}
