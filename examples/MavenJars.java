import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        var examples = Folder.find();
        var jars = examples.resolve("target", folder);
        if (!Files.exists(jars)) {
            fetch(folder, examples, jars);
        }
        try (var found = Files.list(jars)) {
            return found.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    /** Into a folder of another name first: what is there under its own name is complete. */
    private static void fetch(String folder, Path examples, Path jars) throws IOException {
        System.err.println("fetching " + folder + " with Maven (only once)");
        Files.createDirectories(jars.getParent());
        var fetched = Files.createTempDirectory(jars.getParent(), "fetching-");
        var maven =
                new ProcessBuilder(
                                "mvn",
                                "-q",
                                "-B",
                                "dependency:copy@" + folder,
                                "-Dexamples.jars=" + fetched)
                        .directory(examples.toFile())
                        .inheritIO()
                        .start();
        try {
            if (maven.waitFor() != 0) {
                throw new IOException(
                        "Maven could not fetch " + folder + ", status " + maven.exitValue());
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while Maven ran", e);
        } finally {
            maven.destroy();
        }
        Files.move(fetched.resolve(folder), jars);
        Files.delete(fetched);
    }
}
