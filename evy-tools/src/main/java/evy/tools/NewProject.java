package evy.tools;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import javax.lang.model.SourceVersion;

/**
 * {@code evy init}: writes a small Maven project whose commands work at once, with the flags that
 * Evy needs. Writes into a new or empty folder only, so it cannot overwrite anything.
 */
final class NewProject {
    private static final String USAGE = "use evy init [--package NAME] FOLDER";

    /* What Maven takes as artifactId, without the forms that are hard to type. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

    private static final Set<String> TAKEN = Set.of("evy", "java", "javax", "jdk", "sun");

    private final Path folder;
    private final String name;
    private final String packageName;

    private NewProject(Path folder, String name, String packageName) {
        this.folder = folder;
        this.name = name;
        this.packageName = packageName;
    }

    /**
     * Reads the arguments.
     *
     * @throws UsageException if a name cannot be one; says why
     */
    static NewProject of(String... args) throws UsageException {
        String packageName = null;
        Path folder = null;
        var words = new ArrayDeque<>(Arrays.asList(args));
        while (!words.isEmpty()) {
            var word = words.pop();
            if (word.equals("--package") && !words.isEmpty()) {
                packageName = words.pop();
            } else if (word.startsWith("--package=")) {
                packageName = word.substring("--package=".length());
            } else if (word.startsWith("-") || word.isEmpty() || folder != null) {
                throw new UsageException("init does not understand '" + word + "'; " + USAGE);
            } else {
                folder = Path.of(word).toAbsolutePath().normalize();
            }
        }
        if (folder == null || folder.getFileName() == null) {
            throw new UsageException("init needs the name of a folder; " + USAGE);
        }
        var name = checkName(folder.getFileName().toString());
        return new NewProject(folder, name, checkPackage(packageName, name));
    }

    private static String checkName(String name) throws UsageException {
        if (!NAME.matcher(name).matches()) {
            throw new UsageException(
                    "'"
                            + name
                            + "' cannot name a project; use a letter, then letters, digits,"
                            + " '-', '_' and '.'");
        }
        return name;
    }

    private static String checkPackage(@Nullable String given, String name) throws UsageException {
        var made = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        var packageName = given == null ? made : given;
        var advice = given == null ? "; choose one by --package" : "";
        if (!SourceVersion.isName(packageName)) {
            throw new UsageException("'" + packageName + "' cannot name a Java package" + advice);
        }
        if (TAKEN.contains(packageName.split("\\.", -1)[0])) {
            throw new UsageException(
                    "package '" + packageName + "' belongs to Evy or to Java" + advice);
        }
        return packageName;
    }

    /**
     * Writes the project.
     *
     * @param out where to say what to do next
     * @throws UsageException if the folder is not empty or cannot be written
     */
    void create(PrintStream out) throws UsageException, IOException {
        try {
            requireEmpty();
            for (var file : files().entrySet()) {
                var target = folder.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.writeString(target, filled(file.getValue()), StandardOpenOption.CREATE_NEW);
            }
        } catch (FileSystemException e) {
            var reason = e instanceof AccessDeniedException ? "permission denied" : e.getReason();
            throw new UsageException(
                    "cannot write "
                            + e.getFile()
                            + ": "
                            + (reason == null ? e.getClass().getSimpleName() : reason));
        }
        sayWhatIsNext(out);
    }

    private void requireEmpty() throws UsageException, IOException {
        if (Files.isDirectory(folder)) {
            try (var content = Files.list(folder)) {
                if (content.findAny().isPresent()) {
                    throw new UsageException(folder + " is not empty; nothing was written");
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        } else if (Files.exists(folder)) {
            throw new UsageException(folder + " is there and no folder; nothing was written");
        }
    }

    /** Each file of the project, and the template it is made of. */
    private Map<String, String> files() {
        var sources = packageName.replace('.', '/');
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", "pom.xml");
        files.put("src/main/java/" + sources + "/Main.java", "Main.java.txt");
        files.put("src/test/java/" + sources + "/MainTest.java", "MainTest.java.txt");
        files.put("README.md", "README.md");
        files.put("Containerfile", "Containerfile");
        files.put(".gitignore", "gitignore");
        return files;
    }

    private String filled(String template) throws IOException {
        try (var in = NewProject.class.getResourceAsStream("init/" + template)) {
            var text =
                    new String(
                            Objects.requireNonNull(in, template).readAllBytes(),
                            StandardCharsets.UTF_8);
            return text.replace("{{name}}", name).replace("{{package}}", packageName);
        }
    }

    private void sayWhatIsNext(PrintStream out) {
        out.println("made " + folder + ", package " + packageName);
        out.println();
        out.println("  cd " + folder);
        var java = System.getProperty("java.home");
        if (!isFound(Path.of(java))) {
            out.println("  export JAVA_HOME=" + java + " PATH=" + java + "/bin:$PATH");
        }
        out.println("  mvn package                  # compile, test, make target/" + name + ".jar");
        out.println("  java -jar target/" + name + ".jar");
    }

    /** Whether this JDK is the one that a shell and Maven would use. */
    private static boolean isFound(Path jdk) {
        var path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
        var onPath =
                Arrays.stream(path)
                        .filter(element -> !element.isEmpty())
                        .map(element -> Path.of(element, "java"))
                        .filter(Files::isExecutable)
                        .findFirst();
        var chosen = System.getenv("JAVA_HOME");
        return onPath.isPresent()
                && isSame(onPath.get(), jdk.resolve("bin/java"))
                && (chosen == null || isSame(Path.of(chosen), jdk));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // one of them is not there
        }
    }
}
