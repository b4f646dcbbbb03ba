package evy.tools;

import evy.tools.backdoor.ListedClasses;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;

/** Keeps the classes that the compiler writes, and makes a class loader of them. */
final class MemoryClasses extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ClassFile> classes = new ConcurrentHashMap<>();

    MemoryClasses(StandardJavaFileManager files) {
        super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
            Location location,
            String className,
            JavaFileObject.Kind kind,
            @Nullable FileObject sibling) {
        return classes.computeIfAbsent(className, ClassFile::new);
    }

    boolean contains(String className) {
        return classes.containsKey(className);
    }

    /** A loader of these classes; all others come from its parent. */
    ClassLoader loader(Path source, ClassLoader parent) throws MalformedURLException {
        var origin = new CodeSource(source.toUri().toURL(), (Certificate[]) null);
        return new Loader(Map.copyOf(classes), origin, parent);
    }

    private static final class ClassFile extends SimpleJavaFileObject {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        ClassFile(String className) {
            super(URI.create("memory:///" + className.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return bytes;
        }
    }

    /** The program's own classes first, as a class of the same name may be on the class path. */
    private static final class Loader extends ClassLoader implements ListedClasses {
        static {
            registerAsParallelCapable();
        }

        private final Map<String, ClassFile> classes;
        private final ProtectionDomain domain;

        Loader(Map<String, ClassFile> classes, CodeSource origin, ClassLoader parent) {
            super(parent);
            this.classes = classes;
            domain = new ProtectionDomain(origin, null, this, null);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            var file = classes.get(name);
            if (file == null) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name, file.bytes.toByteArray());
            }
        }

        @Override
        public Set<String> classNames() {
            return classes.keySet();
        }

        /** For those who look at a class without loading it. */
        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            var isClass = name.endsWith(".class");
            var className = name.substring(0, isClass ? name.length() - 6 : 0).replace('/', '.');
            var file = classes.get(className);
            return file == null
                    ? super.getResourceAsStream(name)
                    : new ByteArrayInputStream(file.bytes.toByteArray());
        }

        private Class<?> define(String name, byte... bytes) {
            return defineClass(name, bytes, 0, bytes.length, domain);
        }
    }
}
