package evy.patcher.imports;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A jar; of one for several releases of Java, the classes for this one. */
final class Jar implements ClassSource {
    private final Path location;
    private final URL url;
    private final JarFile jar;
    private final @Nullable Manifest manifest;

    Jar(Path location) throws IOException {
        if (!Files.isRegularFile(location)) {
            throw new IOException("no such jar or folder: " + location);
        }
        this.location = location;
        url = location.toUri().toURL();
        try {
            jar = new JarFile(location.toFile(), true, ZipFile.OPEN_READ, JarFile.runtimeVersion());
        } catch (ZipException e) {
            throw new IOException(location + " is no jar: " + e.getMessage(), e);
        }
        try {
            manifest = jar.getManifest();
        } catch (IOException | RuntimeException e) {
            jar.close();
            throw e;
        }
    }

    @Override
    public @Nullable Found find(String path) throws IOException {
        JarEntry entry = jar.getJarEntry(path);
        if (entry == null) {
            return null;
        }
        byte[] bytes;
        try (InputStream in = jar.getInputStream(entry)) {
            bytes = in.readAllBytes(); // to its end: only then it is known who has signed it
        }
        return new Found(bytes, new CodeSource(url, entry.getCodeSigners()));
    }

    @Override
    public @Nullable Manifest manifest() {
        return manifest;
    }

    @Override
    public Path location() {
        return location;
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
