package evy.tools.backdoor;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;

/**
 * What snippets are compiled against: the program's class path, its modules, and the classes that a
 * {@link ListedClasses} of its class loaders has in memory.
 */
final class ProgramClasses extends ForwardingJavaFileManager<StandardJavaFileManager>
        implements StandardJavaFileManager {
    private final List<ListedClasses> inMemory = new ArrayList<>();

    ProgramClasses(StandardJavaFileManager files, @Nullable ClassLoader program) {
        super(files);
        Set<String> classPath = new LinkedHashSet<>();
        classPath.add(System.getProperty("java.class.path", ""));
        for (var loader = program; loader != null; loader = loader.getParent()) {
            if (loader instanceof ListedClasses listed) {
                inMemory.add(listed);
            }
            if (loader instanceof URLClassLoader urls) {
                addFiles(urls, classPath);
            }
        }
        var path = String.join(File.pathSeparator, classPath);
        files.handleOption("--class-path", List.of(path).iterator());
    }

    private static void addFiles(URLClassLoader loader, Set<String> classPath) {
        for (var url : loader.getURLs()) {
            if (url.getProtocol().equals("file")) {
                classPath.add(Path.of(URI.create(url.toString())).toString());
            }
        }
    }

    /**
     * Options that make the program's modules visible, and spare the first run of a snippet, which
     * is on the hub, the making of code for its string concatenations.
     */
    static String[] compilerOptions() {
        List<String> options = new ArrayList<>(List.of("-XDstringConcat=inline"));
        var modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null) {
            var names = ModuleLayer.boot().modules().stream().map(Module::getName).toList();
            options.addAll(List.of("--module-path", modulePath));
            options.addAll(List.of("--add-modules", String.join(",", names)));
        }
        return options.toArray(String[]::new);
    }

    @Override
    public Iterable<JavaFileObject> list(
            Location location, String packageName, Set<JavaFileObject.Kind> kinds, boolean recurse)
            throws IOException {
        if (!kinds.contains(JavaFileObject.Kind.CLASS)) {
            return List.of();
        }
        // sources that lie on the class path are not what the program runs, though they may be
        // newer
        var onlyClasses = Set.of(JavaFileObject.Kind.CLASS);
        var files = super.list(location, packageName, onlyClasses, recurse);
        List<JavaFileObject> all = new ArrayList<>();
        if (location == StandardLocation.CLASS_PATH) {
            addInMemory(packageName, all);
        }
        for (var file : files) {
            var isForeign =
                    file.getKind() == JavaFileObject.Kind.CLASS
                            && !"jrt".equals(file.toUri().getScheme());
            all.add(isForeign ? new UnannotatedClass(file) : file);
        }
        return all;
    }

    private void addInMemory(String packageName, List<JavaFileObject> all) {
        for (var classes : inMemory) {
            for (var name : classes.classNames()) {
                if (name.substring(0, Math.max(0, name.lastIndexOf('.'))).equals(packageName)) {
                    all.add(new UnannotatedClass(new InMemory(classes, name)));
                }
            }
        }
    }

    @Override
    public String inferBinaryName(Location location, JavaFileObject file) {
        var original = file instanceof UnannotatedClass one ? one.original() : file;
        return original instanceof InMemory one
                ? one.name
                : super.inferBinaryName(location, original);
    }

    @Override
    public boolean contains(Location location, FileObject file) throws IOException {
        var original = file instanceof UnannotatedClass one ? one.original() : file;
        return original instanceof InMemory
                ? location == StandardLocation.CLASS_PATH
                : super.contains(location, original);
    }

    /** None: JShell would index what is there, to complete names for an editor. */
    @Override
    public Iterable<? extends Path> getLocationAsPaths(Location location) {
        return List.of();
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromFiles(
            Iterable<? extends File> files) {
        return fileManager.getJavaFileObjectsFromFiles(files);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(File... files) {
        return fileManager.getJavaFileObjects(files);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromStrings(
            Iterable<String> names) {
        return fileManager.getJavaFileObjectsFromStrings(names);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(String... names) {
        return fileManager.getJavaFileObjects(names);
    }

    @Override
    public void setLocation(Location location, @Nullable Iterable<? extends File> files)
            throws IOException {
        fileManager.setLocation(location, files);
    }

    @Override
    public @Nullable Iterable<? extends File> getLocation(Location location) {
        return fileManager.getLocation(location);
    }

    @Override
    public void setLocationForModule(
            Location location, String moduleName, Collection<? extends Path> paths)
            throws IOException {
        fileManager.setLocationForModule(location, moduleName, paths);
    }

    /** A class of the program that is in no file. */
    private static final class InMemory extends SimpleJavaFileObject {
        private final ListedClasses classes;
        private final String name;

        InMemory(ListedClasses classes, String name) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
            this.classes = classes;
            this.name = name;
        }

        @Override
        public InputStream openInputStream() throws IOException {
            var in = classes.getResourceAsStream(name.replace('.', '/') + ".class");
            if (in == null) {
                throw new IOException("class '" + name + "' is listed, but not there");
            }
            return in;
        }
    }
}
