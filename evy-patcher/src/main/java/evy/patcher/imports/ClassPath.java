package evy.patcher.imports;

import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * The jars and folders of a library, with those that their manifests name as their {@code
 * Class-Path}. Evy's own are left out: there is only one Evy.
 */
public final class ClassPath implements Closeable {
    private final List<ClassSource> sources = new ArrayList<>();

    /**
     * Opens a class path.
     *
     * @param entries jars and folders
     * @throws IOException if one is neither; the message names it
     */
    public ClassPath(Collection<Path> entries) throws IOException {
        Deque<Path> wanted = new ArrayDeque<>(entries);
        Set<Path> seen = new HashSet<>(evysOwn());
        boolean complete = false;
        try {
            for (Path entry = wanted.poll(); entry != null; entry = wanted.poll()) {
                if (seen.add(entry.toAbsolutePath().normalize())) {
                    ClassSource source = ClassSource.open(entry);
                    sources.add(source);
                    wanted.addAll(named(source));
                }
            }
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private static Set<Path> evysOwn() {
        Set<Path> own = new HashSet<>();
        for (Class<?> type : List.of(Hub.class, ClassPath.class)) {
            Path location = locationOf(type);
            if (location != null) {
                own.add(location);
            }
        }
        return own;
    }

    /**
     * The jar or folder that a class was loaded from.
     *
     * @param type a class
     * @return null if it is part of the JDK, or from no file
     */
    public static @Nullable Path locationOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL url = source == null ? null : source.getLocation();
        if (url == null || !url.getProtocol().equals("file")) {
            return null;
        }
        try {
            return Path.of(url.toURI()).toAbsolutePath().normalize();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static List<Path> named(ClassSource source) {
        Manifest manifest = source.manifest();
        String list =
                manifest == null
                        ? null
                        : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        List<Path> paths = new ArrayList<>();
        if (list != null) {
            URI base = source.location().toUri();
            for (String name : list.strip().split("\\s+", -1)) {
                try {
                    Path path = Path.of(base.resolve(name));
                    if (path.toFile().exists()) { // as the JVM, which passes over others
                        paths.add(path);
                    }
                } catch (IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
                    // no path to a file: passed over, too
                }
            }
        }
        return paths;
    }

    /**
     * Looks for a class file.
     *
     * @param path as {@code com/lib/Main.class}
     * @return where it is; null if nowhere
     * @throws IOException if it cannot be read
     */
    public @Nullable Match find(String path) throws IOException {
        for (ClassSource source : sources) {
            ClassSource.Found found = source.find(path);
            if (found != null) {
                return new Match(source, found);
            }
        }
        return null;
    }

    /**
     * A class file and the entry it is in.
     *
     * @param source the entry
     * @param found the class file
     */
    public record Match(ClassSource source, ClassSource.Found found) {}

    /** {@return where the entries lie, for a loader of resources} */
    public URL[] urls() {
        return sources.stream().map(ClassPath::url).toArray(URL[]::new);
    }

    private static URL url(ClassSource source) {
        try {
            return source.location().toUri().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException("no URL for " + source.location(), e);
        }
    }

    /**
     * The main class that the first jar's manifest names.
     *
     * @return null if it names none
     */
    public @Nullable String mainClass() {
        Manifest manifest = sources.isEmpty() ? null : sources.getFirst().manifest();
        String name =
                manifest == null
                        ? null
                        : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        return name == null ? null : name.strip();
    }

    @Override
    public void close() throws IOException {
        IOException problem = null;
        for (ClassSource source : sources) {
            try {
                source.close();
            } catch (IOException e) {
                problem = e;
            }
        }
        if (problem != null) {
            throw problem;
        }
    }

    @Override
    public String toString() {
        return sources.stream().map(ClassSource::location).toList().toString();
    }
}
