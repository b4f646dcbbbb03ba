package evy.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Map;

/**
 * Loads the classes of snippets, and anew the classes without a package that they may use, such as
 * {@code Arguments} of the examples: only classes of one loader are in one unnamed package.
 */
final class SnippetLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> classes;
    private final ProtectionDomain examples; // for those who ask where they come from

    SnippetLoader(Map<String, byte[]> classes) throws ClassNotFoundException {
        super(SnippetLoader.class.getClassLoader());
        this.classes = classes;
        this.examples = getParent().loadClass("Arguments").getProtectionDomain();
    }

    /** Where the examples are on the class path. */
    static Path examples() {
        try {
            var one = Class.forName("Arguments", false, SnippetLoader.class.getClassLoader());
            return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException("the examples are not on the class path", e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        var bytes = name.contains(".") ? null : bytes(name);
        if (bytes == null) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length, examples);
        }
    }

    private byte[] bytes(String name) {
        var compiled = classes.get(name);
        if (compiled != null) {
            return compiled;
        }
        try (var in = getParent().getResourceAsStream(name + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
