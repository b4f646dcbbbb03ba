import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Jars that examples need and that are no part of Evy. The build puts them into folders of {@code
 * examples/target}; if it has not, Maven is asked for them here. Which ones, says {@code
 * examples/pom.xml}.
 */
final class MavenJars {
    private MavenJars() {}

    /**
     * Finds the jars of a folder, or fetches them.
     *
     * @param folder also the name of what copies them in {@code examples/pom.xml}
     * @throws IOException if they are not there and Maven cannot fetch them
     */
    static List<Path> find(String folder) throws IOException {
        var examples = examples();
        var target = Files.createDirectories(examples.resolve("target").resolve(folder));
        var jars = jars(target);
        if (jars.isEmpty()) {
            fetch(folder, examples);
            jars = jars(target);
        }
        if (jars.isEmpty()) {
            throw new IOException("Maven left no jar in " + target);
        }
        return jars;
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (var found = Files.newDirectoryStream(folder, "*.jar")) {
            var jars = new ArrayList<Path>();
            found.forEach(jars::add);
            return jars;
        }
    }

    private static void fetch(String folder, Path examples) throws IOException {
        System.err.println("fetching " + folder + " with Maven (only once)");
        var maven = new ProcessBuilder("mvn", "-q", "-B", "dependency:copy@" + folder);
        int status;
        try {
            status = maven.directory(examples.toFile()).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException("interrupted while Maven ran", e);
        }
        if (status != 0) {
            throw new IOException("Maven could not fetch " + folder + ", status " + status);
        }
    }

    /** The folder this file is in, found from where the program was loaded from. */
    private static Path examples() throws IOException {
        var source = MavenJars.class.getProtectionDomain().getCodeSource().getLocation();
        var folder = Path.of(URI.create(source.toString()));
        while (folder != null && !Files.exists(folder.resolve("MavenJars.java"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IOException("MavenJars.java is in no folder above " + source);
        }
        return folder;
    }
}
