package evy.patcher;

import evy.patcher.imports.ClassPath;
import evy.patcher.imports.ClassSource;
import evy.patcher.replacements.Current;
import evy.patcher.rewrite.Rewriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.SecureClassLoader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * A library in a copy of its own, rewritten as it is loaded, so that it is green on green threads.
 *
 * <p>What the library loads at run time is its own copy, too: by {@code Class.forName}, as a
 * service, by the context class loader, at any time. What is not found in it comes from the parent,
 * and is what the rest of the program uses.
 *
 * <p>Not covered: classes that the library generates while it runs; reflective calls of what is
 * replaced; jars in jars. On the module path or not, the copy is in this loader's unnamed module.
 */
public final class PatchedLoader extends SecureClassLoader implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("evy.patcher");
    private static final String CLASS_FILE = ".class";

    static {
        registerAsParallelCapable();
    }

    private final ClassPath classPath;
    private final URLClassLoader resources;
    private final ImportOptions options;
    private final Rewriter.OfLoader rewriter;

    /** Makes a loader; takes over the class path. */
    @SuppressWarnings("this-escape") // complete by then
    PatchedLoader(ClassPath classPath, ImportOptions options, ClassLoader parent) {
        super("evy-patched", parent);
        this.classPath = classPath;
        this.options = options;
        resources = new URLClassLoader("evy-patched-resources", classPath.urls(), null);
        rewriter = new Rewriter(options.replacements()).of(this);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(Current.class.getPackageName() + ".")) {
            return Class.forName(name, false, Current.class.getClassLoader());
        }
        if (name.startsWith("java.") || !options.covers(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null) {
                type = define(name);
            }
            return type != null ? type : super.loadClass(name, resolve);
        }
    }

    private @Nullable Class<?> define(String name) throws ClassNotFoundException {
        ClassPath.Match match;
        try {
            match = classPath.find(name.replace('.', '/') + CLASS_FILE);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        if (match == null) {
            return null;
        }
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            definePackage(name.substring(0, dot), match.source());
        }
        byte[] bytes = rewritten(name, match.found().bytes());
        return defineClass(name, bytes, 0, bytes.length, match.found().origin());
    }

    private byte[] rewritten(String name, byte[] bytes) {
        try {
            byte[] changed = rewriter.rewrite(bytes, true);
            return changed == null ? bytes : changed;
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, name + " is not patched: " + e.getMessage(), e);
            return bytes;
        }
    }

    private void definePackage(String name, ClassSource source) {
        Package known = getDefinedPackage(name);
        Manifest manifest = source.manifest();
        URL location = url(source.location());
        if (known == null) {
            try {
                definePackage(name, manifest, location);
                return;
            } catch (IllegalArgumentException e) {
                known = getDefinedPackage(name); // another thread was quicker
            }
        }
        boolean mismatch =
                known != null
                        && (known.isSealed() ? !known.isSealed(location) : sealed(manifest, name));
        if (mismatch) {
            throw new SecurityException("sealing violation: package " + name + " is sealed");
        }
    }

    private void definePackage(String name, @Nullable Manifest manifest, URL location) {
        definePackage(
                name,
                value(manifest, name, Attributes.Name.SPECIFICATION_TITLE),
                value(manifest, name, Attributes.Name.SPECIFICATION_VERSION),
                value(manifest, name, Attributes.Name.SPECIFICATION_VENDOR),
                value(manifest, name, Attributes.Name.IMPLEMENTATION_TITLE),
                value(manifest, name, Attributes.Name.IMPLEMENTATION_VERSION),
                value(manifest, name, Attributes.Name.IMPLEMENTATION_VENDOR),
                sealed(manifest, name) ? location : null);
    }

    private static boolean sealed(@Nullable Manifest manifest, String packageName) {
        return "true".equalsIgnoreCase(value(manifest, packageName, Attributes.Name.SEALED));
    }

    private static @Nullable String value(
            @Nullable Manifest manifest, String packageName, Attributes.Name name) {
        if (manifest == null) {
            return null;
        }
        Attributes own = manifest.getAttributes(packageName.replace('.', '/') + "/");
        String value = own == null ? null : own.getValue(name);
        return value == null ? manifest.getMainAttributes().getValue(name) : value;
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("no URL for " + path, e);
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = resources.findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(resources.findResources(name)));
        for (URL other : Collections.list(super.getResources(name))) {
            if (all.stream().noneMatch(own -> own.toString().equals(other.toString()))) {
                all.add(other);
            }
        }
        return Collections.enumeration(all);
    }

    /**
     * Finds the class that a jar's manifest names as its main class.
     *
     * @return the class, rewritten
     * @throws ClassNotFoundException if there is none
     */
    public Class<?> mainClass() throws ClassNotFoundException {
        String name = classPath.mainClass();
        if (name == null) {
            throw new ClassNotFoundException(classPath + ": no Main-Class in its manifest");
        }
        return loadClass(name);
    }

    /**
     * Makes a call with this loader as the thread's context class loader, for what the JDK looks up
     * by that on the library's behalf.
     *
     * @param <T> type of the result
     * @param body what to do
     * @return its result
     * @throws Exception what it throws
     */
    public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            return body.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Closes the jars: what is not loaded by now will not be. */
    @Override
    public void close() throws IOException {
        try (classPath) {
            resources.close();
        }
    }

    @Override
    public String toString() {
        return "PatchedLoader" + classPath;
    }

    /** What {@link Patcher#importPatched(String)} does. */
    static Class<?> load(String className, ImportOptions options) throws ClassNotFoundException {
        if (!options.covers(className)) {
            throw new IllegalArgumentException(
                    className + " is in none of the packages that are to be imported");
        }
        ClassLoader parent = options.parent();
        Class<?> ordinary = Class.forName(className, false, parent == null ? context() : parent);
        Path location = ClassPath.locationOf(ordinary);
        if (location == null) {
            throw new ClassNotFoundException(
                    className + " is not from a jar or folder: it cannot be imported anew");
        }
        ClassLoader rest = parent == null ? ordinary.getClassLoader() : parent;
        try {
            return open(List.of(location), options.parent(rest)).loadClass(className);
        } catch (IOException e) {
            throw new ClassNotFoundException(className, e);
        }
    }

    /* Of the program, also in a library that was imported itself. */
    private static @Nullable ClassLoader context() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        while (context instanceof PatchedLoader loader) {
            context = loader.getParent();
        }
        return context;
    }

    /** What {@link Patcher#importPatched(Collection, ImportOptions)} does. */
    static PatchedLoader open(Collection<Path> entries, ImportOptions options) throws IOException {
        ClassLoader parent = options.parent();
        return new PatchedLoader(
                new ClassPath(entries),
                options,
                parent == null ? ClassLoader.getSystemClassLoader() : parent);
    }
}
