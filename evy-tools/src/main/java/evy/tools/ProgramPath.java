package evy.tools;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * Where a program's classes are: the JVM's class path, and what the command names beyond it. The
 * script puts all on the class path; {@code java -jar evy.jar} cannot, as that is the jar alone.
 */
final class ProgramPath {
    private static final String PROPERTY = "java.class.path";

    private ProgramPath() {}

    /** The path that the environment names: {@code EVY_CLASSPATH}, else {@code CLASSPATH}. */
    static @Nullable String ofEnvironment() {
        var own = System.getenv("EVY_CLASSPATH");
        return own != null && !own.isEmpty() ? own : System.getenv("CLASSPATH");
    }

    /**
     * Makes a loader of what is on a path and not on the JVM's, and adds that to the property
     * {@code java.class.path}, for compilers and for programs that look.
     *
     * @param path as {@code -cp} takes it: files and folders, {@code *} for all jars of a folder
     * @return the system's loader if there is nothing to add
     */
    static ClassLoader loader(@Nullable String path) {
        var system = ClassLoader.getSystemClassLoader();
        var classPath = System.getProperty(PROPERTY, "");
        var known = new HashSet<>(elements(classPath));
        var added = path == null ? List.<String>of() : expand(path);
        added = added.stream().filter(known::add).toList();
        if (added.isEmpty()) {
            return system;
        }
        System.setProperty(
                PROPERTY, classPath + File.pathSeparator + String.join(File.pathSeparator, added));
        return new URLClassLoader("program", urls(added), system);
    }

    private static List<String> elements(String path) {
        return Arrays.stream(path.split(File.pathSeparator, -1)).filter(e -> !e.isEmpty()).toList();
    }

    private static List<String> expand(String path) {
        List<String> expanded = new ArrayList<>();
        for (var element : elements(path)) {
            if (element.equals("*") || element.endsWith(File.separator + "*")) {
                expanded.addAll(jars(element.substring(0, element.length() - 1)));
            } else {
                expanded.add(element);
            }
        }
        return expanded;
    }

    private static List<String> jars(String folder) {
        var names = Path.of(folder).toFile().list((_, name) -> isJar(name));
        return names == null
                ? List.of()
                : Arrays.stream(names).sorted().map(name -> folder + name).toList();
    }

    private static boolean isJar(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".jar");
    }

    private static URL[] urls(List<String> elements) {
        return elements.stream()
                .map(Path::of)
                .filter(Files::exists)
                .map(ProgramPath::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file without a URL: " + file, e);
        }
    }
}
