import java.io.IOException;
import java.nio.file.Path;

/** A jar with a real documentation site: the Javadoc of AssertJ, which this project's tests use. */
final class DocumentationJar {
    private DocumentationJar() {}

    /**
     * Finds it, or fetches it.
     *
     * @throws IOException if it is not there and Maven cannot fetch it
     */
    static Path find() throws IOException {
        return MavenJars.find("site").getFirst();
    }
}
