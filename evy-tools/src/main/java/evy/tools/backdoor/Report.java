package evy.tools.backdoor;

import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.MethodSnippet;
import jdk.jshell.PersistentSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.VarSnippet;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says what came of a snippet, in the words of the {@code jshell} tool. */
final class Report {
    private static final int MAX_VALUE = 20_000;
    private static final String BAR = "|  ";

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    /** False if it failed. */
    boolean event(JShell shell, SnippetEvent event) {
        if (event.causeSnippet() != null) {
            return true; // another snippet's matter, brought up to date
        }
        var snippet = event.snippet();
        if (event.status() == Snippet.Status.REJECTED) {
            shell.diagnostics(snippet).forEach(problem -> problem(problem, snippet.source()));
            return false;
        }
        var thrown = event.exception();
        if (thrown != null) {
            exception(shell, thrown);
            return false;
        }
        switch (snippet.kind()) {
            case VAR, EXPRESSION -> value(snippet, event.value());
            case METHOD, TYPE_DECL -> declared(shell, event, (DeclarationSnippet) snippet);
            case IMPORT, STATEMENT, ERRONEOUS -> {}
        }
        return true;
    }

    private void value(Snippet snippet, @Nullable String value) {
        if (value != null && snippet instanceof PersistentSnippet named) {
            out.println(named.name() + " ==> " + shortened(value));
        } else if (value != null && snippet instanceof jdk.jshell.ExpressionSnippet expression) {
            out.println(expression.name() + " ==> " + shortened(value));
        }
    }

    private static String shortened(String value) {
        return value.length() <= MAX_VALUE
                ? value
                : value.substring(0, MAX_VALUE)
                        + " ... and %d more characters".formatted(value.length() - MAX_VALUE);
    }

    private void declared(JShell shell, SnippetEvent event, DeclarationSnippet snippet) {
        var what =
                switch (snippet) {
                    case MethodSnippet method ->
                            "method " + method.name() + "(" + method.parameterTypes() + ")";
                    case TypeDeclSnippet type -> kind(type) + " " + type.name();
                    default -> snippet.name();
                };
        var verb = event.previousStatus().isActive() ? "replaced " : "created ";
        out.println(BAR + verb + what + restriction(shell, event, snippet));
    }

    private static String kind(TypeDeclSnippet type) {
        return switch (type.subKind()) {
            case INTERFACE_SUBKIND -> "interface";
            case ENUM_SUBKIND -> "enum";
            case RECORD_SUBKIND -> "record";
            case ANNOTATION_TYPE_SUBKIND -> "annotation interface";
            default -> "class";
        };
    }

    private static String restriction(
            JShell shell, SnippetEvent event, DeclarationSnippet snippet) {
        if (event.status() == Snippet.Status.VALID) {
            return "";
        }
        return ", which cannot be used until these are declared: "
                + shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
    }

    private void exception(JShell shell, JShellException thrown) {
        switch (thrown) {
            case UnresolvedReferenceException unresolved -> {
                var snippet = unresolved.getSnippet();
                var missing =
                        shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
                out.println(BAR + snippet.name() + " cannot be used until declared: " + missing);
            }
            case EvalException evaluated -> thrown(evaluated, "Exception ");
            default -> out.println(BAR + thrown);
        }
    }

    private void thrown(EvalException thrown, String prefix) {
        var message = thrown.getMessage();
        var name = thrown.getExceptionClassName();
        out.println(BAR + prefix + name + (message == null ? "" : ": " + message));
        for (var frame : thrown.getStackTrace()) {
            if (isOurs(frame)) {
                break;
            }
            out.println(BAR + "      at " + place(frame));
        }
        if (thrown.getCause() instanceof EvalException cause) {
            thrown(cause, "Caused by: ");
        }
    }

    /** What lies below a snippet is how it came to be run. */
    private static boolean isOurs(StackTraceElement frame) {
        var name = frame.getClassName();
        return name.startsWith("jdk.internal.reflect.")
                || name.startsWith("jdk.jshell.")
                || name.startsWith(Report.class.getPackageName() + ".Snippet");
    }

    private static String place(StackTraceElement frame) {
        var file = frame.getFileName();
        if (file != null && file.startsWith("#")) {
            var method = frame.getMethodName();
            var line = "(%s:%d)".formatted(file, frame.getLineNumber());
            return method.isEmpty() || method.startsWith("do_it$") ? line : method + " " + line;
        }
        return frame.toString();
    }

    private void problem(Diag problem, String source) {
        out.println(BAR + (problem.isError() ? "Error:" : "Warning:"));
        problem.getMessage(Locale.getDefault())
                .lines()
                .filter(line -> !line.strip().startsWith("location:"))
                .forEach(line -> out.println(BAR + line));
        if (problem.getStartPosition() != Diag.NOPOS) {
            mark(problem, source);
        }
    }

    private void mark(Diag problem, String source) {
        var from = (int) Math.min(problem.getStartPosition(), source.length());
        var begin = source.lastIndexOf('\n', from - 1) + 1;
        var newline = source.indexOf('\n', from);
        var end = newline < 0 ? source.length() : newline;
        var to = (int) Math.clamp(problem.getEndPosition(), from + 1L, Math.max(end, from + 1L));
        if (end - begin > 200) {
            return; // nobody sees a mark below a line like that
        }
        out.println(BAR + source.substring(begin, end));
        out.println(
                BAR
                        + " ".repeat(from - begin)
                        + "^"
                        + "-".repeat(Math.max(0, to - from - 2))
                        + (to - from > 1 ? "^" : ""));
    }

    void stopped() {
        out.println(BAR + "stopped");
    }

    void variable(JShell shell, VarSnippet variable) {
        var value = shell.varValue(variable);
        out.println(
                BAR
                        + "%s %s = %s"
                                .formatted(variable.typeName(), variable.name(), shortened(value)));
    }

    void method(MethodSnippet method) {
        out.println(BAR + method.name() + method.signature());
    }

    void type(TypeDeclSnippet type) {
        out.println(BAR + kind(type) + " " + type.name());
    }

    void source(Snippet snippet) {
        out.println(BAR + snippet.id() + ": " + snippet.source().strip());
    }
}
