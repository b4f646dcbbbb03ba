package evy.patcher.spew;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Finds the text of lines: in the folders and jars that were named, in the source file that a class
 * was compiled from as it was run, in the folders where Maven and Gradle have the sources of a
 * folder of classes, and in {@code x-sources.jar} beside {@code x.jar}.
 *
 * @thread one
 */
final class Sources {
    /* More would be a whole program's. */
    private static final long LARGEST = 4 << 20;

    private final List<Path> roots;
    private final Map<TracedClass, List<String>> texts = new HashMap<>();

    Sources(List<Path> roots) {
        this.roots = roots;
    }

    /** A line without the blanks around it; null if it cannot be found. */
    @Nullable String line(TracedClass type, int number) {
        List<String> lines = texts.computeIfAbsent(type, this::find);
        return number < 1 || number > lines.size() ? null : lines.get(number - 1).strip();
    }

    private List<String> find(TracedClass type) {
        String path = type.sourcePath();
        if (path == null || path.contains("..")) {
            return List.of();
        }
        for (Path place : places(type, path)) {
            try {
                List<String> lines = read(place, path);
                if (lines != null) {
                    return lines;
                }
            } catch (IOException e) {
                // as if it were not there: the trace says that the text is unknown
            }
        }
        return List.of();
    }

    private List<Path> places(TracedClass type, String path) {
        List<Path> places = new ArrayList<>(roots);
        Path location = path(type.location());
        if (location == null) {
            return places;
        }
        String name = String.valueOf(location.getFileName());
        if (name.endsWith(".java")) {
            if (name.equals(type.sourceFile())) {
                places.add(location);
            }
            Path root = location;
            for (int depth = path.split("/", -1).length; depth > 0 && root != null; depth--) {
                root = root.getParent(); // where the packages begin
            }
            places.add(root == null ? location : root);
        } else if (name.endsWith(".jar")) {
            String stem = name.substring(0, name.length() - 4);
            places.add(location.resolveSibling(stem + "-sources.jar"));
            places.add(location.resolveSibling(stem + "-src.jar"));
            places.add(location);
        } else {
            places.add(location);
            places.add(location.resolve("../../src/main/java"));
            places.add(location.resolve("../../src/test/java"));
            places.add(location.resolve("../../../../src/main/java"));
            places.add(location.resolve("../../../../src/test/java"));
        }
        return places;
    }

    private static @Nullable Path path(@Nullable URI location) {
        try {
            return location == null ? null : Path.of(location);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return null; // not a file
        }
    }

    /** Reads a source in a folder, in a jar, or the very file; null if it is not there. */
    private static @Nullable List<String> read(Path place, String path) throws IOException {
        if (Files.isDirectory(place)) {
            Path file = place.resolve(path);
            return Files.isRegularFile(file) ? read(file) : null;
        }
        if (!Files.isRegularFile(place)) {
            return null;
        }
        if (place.toString().endsWith(".java")) {
            return read(place);
        }
        try (ZipFile jar = new ZipFile(place.toFile())) {
            ZipEntry entry = jar.getEntry(path);
            if (entry == null || entry.getSize() > LARGEST) {
                return null;
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return lines(in.readAllBytes());
            }
        }
    }

    private static @Nullable List<String> read(Path file) throws IOException {
        return Files.size(file) > LARGEST ? null : lines(Files.readAllBytes(file));
    }

    private static List<String> lines(byte... bytes) {
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
}
