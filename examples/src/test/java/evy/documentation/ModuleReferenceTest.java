package evy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The manual's module reference lists every published package, and none that is not there. */
class ModuleReferenceTest {
    private static final String REFERENCE = "docs/manual/module-reference.md";
    private static final Pattern EXPORTED = Pattern.compile("exports\\s+([\\w.]+)\\s*;");
    private static final Pattern ROW =
            Pattern.compile("\\| `(evy[\\w.]*)` \\|[^|]*\\|([^|]*)\\|.*");
    private static final Pattern TYPE = Pattern.compile("`(\\w+)`");

    @Test
    void packages_ofAllModules_areThoseListed() throws IOException {
        var exported = new TreeSet<String>();
        for (var module : modules()) {
            var declaration = Files.readString(module.resolve("module-info.java"));
            EXPORTED.matcher(declaration).results().forEach(match -> exported.add(match.group(1)));
        }

        assertThat(listed().keySet()).as("packages in " + REFERENCE).isEqualTo(exported);
    }

    @Test
    void types_ofEachPackage_areThere() throws IOException {
        var missing = new ArrayList<String>();
        for (var entry : listed().entrySet()) {
            var folder = entry.getKey().replace('.', '/');
            for (var type : entry.getValue()) {
                var file = folder + "/" + type + ".java";
                if (modules().stream().noneMatch(module -> Files.exists(module.resolve(file)))) {
                    missing.add(entry.getKey() + "." + type);
                }
            }
        }

        assertThat(missing).as("types in " + REFERENCE + " that no module has").isEmpty();
    }

    /** The packages of the tables, with the types named in their row. */
    private static Map<String, List<String>> listed() throws IOException {
        var listed = new TreeMap<String, List<String>>();
        for (var line : Document.read(REFERENCE).lines()) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                var types = TYPE.matcher(row.group(2)).results().map(match -> match.group(1));
                listed.put(row.group(1), types.toList());
            }
        }
        return listed;
    }

    /** The source folders of the published modules. */
    private static List<Path> modules() throws IOException {
        try (var folders = Files.newDirectoryStream(Document.file(""), "evy-*")) {
            var sources = new ArrayList<Path>();
            for (var folder : folders) {
                var source = folder.resolve("src/main/java");
                if (Files.exists(source.resolve("module-info.java"))) {
                    sources.add(source);
                }
            }
            return sources;
        }
    }
}
