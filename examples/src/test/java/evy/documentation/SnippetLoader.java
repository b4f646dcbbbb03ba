package evy.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
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
