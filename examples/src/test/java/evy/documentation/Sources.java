package evy.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The source files of the published modules. */
final class Sources {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

    private Sources() {}

    /**
     * A source file.
     *
     * @param module its module's folder
     * @param name from the project's root
     */
    record Source(Path module, String name, String text) {
        /** True if everybody may use its package. */
        boolean isExported() throws IOException {
            var info = Files.readString(module.resolve("src/main/java/module-info.java"));
            var packageName = PACKAGE.matcher(text);
            return packageName.find() && info.contains("exports " + packageName.group(1) + ";");
        }
    }

    static List<Source> ofPublishedModules() throws IOException {
        var root = Document.file("");
        var sources = new ArrayList<Source>();
        try (var modules = Files.list(root)) {
            for (var module : modules.sorted().toList()) {
                var folder = module.resolve("src/main/java");
                if (Files.exists(folder.resolve("module-info.java"))) {
                    try (var files = Files.walk(folder)) {
                        for (var file : files.sorted().toList()) {
                            if (file.toString().endsWith(".java")) {
                                var name = root.relativize(file).toString();
                                sources.add(new Source(module, name, Files.readString(file)));
                            }
                        }
                    }
                }
            }
        }
        return sources;
    }
}
