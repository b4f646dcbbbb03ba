import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A jar with a real documentation site: the Javadoc of AssertJ, which the tests of this project
 * use. The build puts it into {@code examples/target/site}; if it has not, Maven is asked for it
 * here.
 */
final class DocumentationJar {
    private static final String ARTIFACT = "org.assertj:assertj-core:3.27.7:jar:javadoc";
    private static final String COPY =
            "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy";

    private DocumentationJar() {}

    /**
     * Finds it, or fetches it.
     *
     * @throws IOException if it is not there and Maven cannot fetch it
     */
    static Path find() throws IOException {
        var site = Files.createDirectories(examples().resolve("target/site"));
        var jar = firstJar(site);
        if (jar == null) {
            fetch(site);
            jar = firstJar(site);
        }
        if (jar == null) {
            throw new IOException("Maven left no jar of " + ARTIFACT + " in " + site);
        }
        return jar;
    }

    private static Path firstJar(Path folder) throws IOException {
        try (var jars = Files.newDirectoryStream(folder, "*.jar")) {
            var i = jars.iterator();
            return i.hasNext() ? i.next() : null;
        }
    }

    private static void fetch(Path site) throws IOException {
        System.err.println("fetching " + ARTIFACT + " with Maven (only once)");
        var maven =
                new ProcessBuilder(
                        "mvn", "-q", "-B", COPY, "-Dartifact=" + ARTIFACT, "-DoutputDirectory=.");
        int status;
        try {
            status = maven.directory(site.toFile()).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException("interrupted while Maven ran", e);
        }
        if (status != 0) {
            throw new IOException("Maven could not fetch " + ARTIFACT + ", status " + status);
        }
    }

    /** The folder this file is in, found from where the program was loaded from. */
    private static Path examples() throws IOException {
        var source = DocumentationJar.class.getProtectionDomain().getCodeSource().getLocation();
        var folder = Path.of(URI.create(source.toString()));
        while (folder != null && !Files.exists(folder.resolve("DocumentationJar.java"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IOException("DocumentationJar.java is in no folder above " + source);
        }
        return folder;
    }
}
