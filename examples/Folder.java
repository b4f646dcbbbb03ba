import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of the examples, wherever they are run from. */
final class Folder {
    private Folder() {}

    /**
     * Finds it from where the program was loaded from.
     *
     * @throws IOException if it was loaded from elsewhere
     */
    static Path find() throws IOException {
        var source = Folder.class.getProtectionDomain().getCodeSource().getLocation();
        var folder = Path.of(URI.create(source.toString()));
        while (folder != null && !Files.exists(folder.resolve("Folder.java"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IOException("Folder.java is in no folder above " + source);
        }
        return folder;
    }
}
