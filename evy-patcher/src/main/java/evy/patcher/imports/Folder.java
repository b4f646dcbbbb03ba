package evy.patcher.imports;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.jar.Manifest;

/** A folder of class files. */
final class Folder implements ClassSource {
    private final Path location;
    private final CodeSource origin;

    Folder(Path location) throws IOException {
        this.location = location;
        origin = new CodeSource(location.toUri().toURL(), (Certificate[]) null);
    }

    @Override
    public @Nullable Found find(String path) throws IOException {
        Path file = location.resolve(path);
        try {
            return Files.isRegularFile(file) ? new Found(Files.readAllBytes(file), origin) : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public @Nullable Manifest manifest() {
        return null;
    }

    @Override
    public Path location() {
        return location;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
