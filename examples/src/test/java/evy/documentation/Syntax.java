package evy.documentation;

import com.sun.source.util.JavacTask;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Asks the compiler's parser what a piece of text is. */
final class Syntax {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /* One for all: it is dear to make. */
    private static final JavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    private Syntax() {}

    /** True if it can stand in a class, and not in a method. */
    static boolean isMembersOnly(String text) {
        return !parses("class X { void x() throws Throwable {\n" + text + "\n} }")
                && parses("class X {\n" + text + "\n}");
    }

    private static boolean parses(String source) {
        var problems = new DiagnosticCollector<JavaFileObject>();
        var file = List.of(new Source(source));
        var task = (JavacTask) COMPILER.getTask(null, FILES, problems, null, null, file);
        try {
            task.parse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return problems.getDiagnostics().isEmpty();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("memory:///X.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
