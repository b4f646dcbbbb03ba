package evy.documentation;

import evy.documentation.Document.Section;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the Javadoc of a source file as if it were a document: its snippets are fences. */
final class Javadoc {
    private static final String SNIPPET = "{@snippet :";

    private Javadoc() {}

    /** The source files of all published modules that have snippets. */
    static List<Document> withSnippets() throws IOException {
        return Sources.ofPublishedModules().stream()
                .filter(source -> source.text().contains(SNIPPET))
                .map(
                        source ->
                                Document.of(
                                        source.name(), asMarkdown(source.text().lines().toList())))
                .toList();
    }

    /** Keeps the number of each line. */
    static List<String> asMarkdown(List<String> source) {
        var lines = new ArrayList<String>();
        boolean inComment = false;
        int depth = 0; // of braces in a snippet; 0 if in none
        for (var line : source) {
            inComment |= line.strip().startsWith("/**");
            var text = inComment ? line.replaceFirst("^\\s*(/\\*)?\\*+ ?", "") : "";
            if (depth == 0 && text.startsWith(SNIPPET)) {
                depth = 1;
                text = "```java";
            } else if (depth > 0) {
                depth += count(text, '{') - count(text, '}');
                text = depth == 0 ? "```" : text;
            }
            lines.add(text);
            inComment &= !line.contains("*/");
        }
        return lines;
    }

    private static int count(String text, char wanted) {
        return (int) text.chars().filter(c -> c == wanted).count();
    }

    /** What a reader of this file's Javadoc need not be told: where he is, and what he has. */
    static Section givenTo(Document file) {
        var type = file.name().replaceFirst(".*/src/main/java/", "").replaceFirst("\\.java$", "");
        var name = type.replace('/', '.');
        var packageName = name.substring(0, name.lastIndexOf('.'));
        var imports = new ArrayList<String>();
        imports.add("import static evy.documentation.JavadocNames.*;");
        imports.add("import evy.documentation.JavadocNames.*;");
        imports.add("import " + packageName + ".*;");
        if (packageName.indexOf('.') > 0) {
            imports.add("import " + packageName.substring(0, packageName.lastIndexOf('.')) + ".*;");
        }
        if (!name.endsWith("-info")) {
            imports.add("import " + name + ";");
        }
        return new Section(0, "shared", "", imports);
    }
}
