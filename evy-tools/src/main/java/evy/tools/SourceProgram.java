package evy.tools;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles a source file, compact ones included, in memory. Classes it names are found on the class
 * path or as sources beside it; its first class is the program's.
 *
 * @source JEP 330, JEP 458 and JEP 512: the {@code java} command's source launcher
 */
final class SourceProgram {
    private static final List<String> OPTIONS =
            List.of(
                    "-proc:none",
                    "-g",
                    "-Xlint:deprecation",
                    "-Xlint:unchecked",
                    "-Xlint:-options");

    private SourceProgram() {}

    /**
     * Compiles and loads a program.
     *
     * @param file its source
     * @param libraries finds the classes it uses
     * @throws UsageException if there is no such file
     * @throws NotCompiledException if it has errors; they have been printed
     */
    static Program compile(Path file, ClassLoader libraries) throws UsageException, IOException {
        Program.requireFile(file);
        var compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new UsageException("this Java has no compiler; use a JDK");
        }

        try (var files =
                        compiler.getStandardFileManager(
                                null, Locale.getDefault(), StandardCharsets.UTF_8);
                var classes = new MemoryClasses(files)) {
            var sources = files.getJavaFileObjects(file);
            var task = (JavacTask) compiler.getTask(null, classes, null, OPTIONS, null, sources);
            var unit = parse(task);
            var name = mainClass(unit);
            if (name != null) {
                findOthers(files, file, unit);
                task.analyze();
                task.generate();
            }
            if (name == null || !classes.contains(name)) {
                throw new NotCompiledException(file + " does not compile");
            }
            return load(name, classes.loader(file, libraries));
        }
    }

    /* One file is one unit, whatever is in it. */
    private static CompilationUnitTree parse(JavacTask task) throws IOException {
        return task.parse().iterator().next();
    }

    private static @Nullable String mainClass(CompilationUnitTree unit) {
        for (Tree declared : unit.getTypeDecls()) {
            if (declared instanceof ClassTree type) {
                var name = type.getSimpleName().toString();
                var packageName = unit.getPackageName();
                return packageName == null ? name : packageName + "." + name;
            }
        }
        return null;
    }

    /** Sets the class path, and the source path to the root of the file's packages. */
    private static void findOthers(
            StandardJavaFileManager files, Path file, CompilationUnitTree unit) throws IOException {
        var classPath = System.getProperty("java.class.path", "");
        files.handleOption("--class-path", List.of(classPath).iterator());

        var root = file.toRealPath().getParent();
        var packageName = unit.getPackageName();
        if (packageName != null) {
            var folders = packageName.toString().split("\\.", -1);
            for (var i = folders.length - 1; i >= 0 && root != null; i--) {
                var last = root.getFileName();
                root = last != null && last.toString().equals(folders[i]) ? root.getParent() : null;
            }
        }
        if (root != null) {
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(root));
        } else {
            var nothing = Files.createTempDirectory("evy");
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(nothing));
            Files.delete(nothing);
        }
    }

    private static Program load(String name, ClassLoader loader) {
        try {
            return new Program(Class.forName(name, false, loader));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("compiled, but not loaded: " + name, e);
        }
    }

    /** The source has errors; the compiler has printed them. */
    static final class NotCompiledException extends IOException {
        @Serial private static final long serialVersionUID = 1L;

        NotCompiledException(String message) {
            super(message);
        }
    }
}
