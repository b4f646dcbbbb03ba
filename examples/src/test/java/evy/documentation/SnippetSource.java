package evy.documentation;

import evy.documentation.Document.Section;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import javax.tools.SimpleJavaFileObject;

/**
 * The source file that is made of a snippet: a compact one, with the methods {@code codeBlock} and
 * {@code codeMeanwhile} for {@link SnippetRun} to call. Knows for each of its lines where that
 * stands in the document.
 */
final class SnippetSource extends SimpleJavaFileObject {
    /** How the snippet's own text becomes part of a source file. */
    enum Shape {
        PROGRAM,
        STATEMENTS,
        MEMBERS
    }

    private static final Pattern MAIN =
            Pattern.compile("(?m)^(?:public |static )*void main\\(([^)]*)\\)");
    private static final Pattern IMPORT = Pattern.compile("\\s*import .*;.*");
    private static final String GIVEN =
            "evy.*; evy.debug.*; evy.hubs.*; evy.io.*; evy.io.dns.*; evy.io.tls.*; evy.pools.*;"
                    + " evy.sync.*; evy.tpool.*;";
    private static final String HIDDEN =
            "import static evy.documentation.Peer.*;"
                    + " import static org.assertj.core.api.Assertions.*;";

    private final Snippet snippet;
    private final Shape shape;
    private final Replacements replacements;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> documentLines = new ArrayList<>(); // 0: none

    SnippetSource(Snippet snippet) {
        super(
                URI.create("memory:///" + snippet.className() + ".java"),
                Kind.SOURCE); // a compact source's class has the file's name
        this.snippet = snippet;
        this.replacements = Replacements.of(snippet);
        this.shape = shape(snippet);
        write();
        replacements.requireAllUsed();
    }

    private static Shape shape(Snippet snippet) {
        var visible = String.join("\n", snippet.fence().text());
        if (MAIN.matcher(visible).find()) {
            return Shape.PROGRAM;
        }
        var withoutImports =
                snippet.fence().text().stream().filter(line -> !isImport(line)).toList();
        return Syntax.isMembersOnly(String.join("\n", withoutImports))
                ? Shape.MEMBERS
                : Shape.STATEMENTS;
    }

    private void write() {
        add(HIDDEN);
        if (shape != Shape.PROGRAM) {
            add("import " + GIVEN.replace("; evy", "; import evy"));
            snippet.shared().forEach(section -> addAll(section, true));
        }
        snippet.own().forEach(section -> addAll(section, true));
        addText(snippet.fence().line(), snippet.fence().text(), true);

        if (shape != Shape.PROGRAM) {
            add("void main() {}"); // no compact source without it
            snippet.shared().forEach(section -> addAll(section, false));
        }
        snippet.sections("members").forEach(section -> addAll(section, false));
        if (shape != Shape.STATEMENTS) {
            addFence();
        }

        add("void codeBlock() throws Exception {");
        snippet.sections("before").forEach(section -> addAll(section, false));
        switch (shape) {
            case STATEMENTS -> addFence();
            case PROGRAM -> add("main(" + (takesArguments() ? "args" : "") + ");");
            case MEMBERS -> {}
        }
        snippet.sections("after").forEach(section -> addAll(section, false));
        add("}");

        add("void codeMeanwhile() throws Exception {");
        snippet.sections("meanwhile").forEach(section -> addAll(section, false));
        add("}");
        if (shape == Shape.PROGRAM) {
            add("private static final String[] args = {};"); // unless a section has others
        }
    }

    private boolean takesArguments() {
        var main = MAIN.matcher(String.join("\n", snippet.fence().text()));
        return main.find() && !main.group(1).isBlank();
    }

    private void addFence() {
        addText(snippet.fence().line(), snippet.fence().text(), false);
    }

    private void addAll(Section section, boolean imports) {
        addText(section.line(), section.text(), imports);
    }

    /** Adds the imports of a text, which have to come first, or all but them. */
    private void addText(int lineBefore, List<String> lines, boolean imports) {
        for (int i = 0; i < lines.size(); i++) {
            if (isImport(lines.get(i)) == imports) {
                text.append(replacements.apply(lines.get(i))).append('\n');
                documentLines.add(lineBefore + 1 + i);
            }
        }
    }

    private static boolean isImport(String line) {
        return IMPORT.matcher(line).matches();
    }

    private void add(String line) {
        text.append(line).append('\n');
        documentLines.add(0);
    }

    Snippet snippet() {
        return snippet;
    }

    Shape shape() {
        return shape;
    }

    Replacements replacements() {
        return replacements;
    }

    /** True if there is something to call. */
    boolean doesSomething() {
        return shape != Shape.MEMBERS || !snippet.sections("after").isEmpty();
    }

    /** Where a line of this source stands in the document; that of the fence for what is added. */
    String place(long line) {
        boolean known = line >= 1 && line <= documentLines.size();
        int documentLine = known ? documentLines.get((int) line - 1) : 0;
        return snippet.document().at(documentLine == 0 ? snippet.fence().line() : documentLine);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }
}
