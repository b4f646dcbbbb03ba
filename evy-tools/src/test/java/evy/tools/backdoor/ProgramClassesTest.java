package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** What snippets are compiled against. */
class ProgramClassesTest {
    @TempDir Path folder;

    @Test
    void compile_classesInMemoryAndOfALoadersFolder_areFound() throws Exception {
        Files.createDirectory(folder.resolve("onpath"));
        Files.write(folder.resolve("onpath/Filed.class"), empty("onpath.Filed"));
        URL[] urls = {folder.toUri().toURL(), URI.create("http://localhost/a.jar").toURL()};
        try (var parent = new URLClassLoader(urls, null);
                var manager = manager();
                var files = new ProgramClasses(manager, new Listing(parent, "mem.Kept"))) {
            assertThat(compile(files, "new mem.Kept(); new onpath.Filed();")).isEmpty();
            assertThat(compile(files, "new mem.Other();")).contains("mem.Other");
        }
    }

    @Test
    void list_classInMemory_isOnTheClassPathByItsName() throws Exception {
        try (var manager = manager();
                var files = new ProgramClasses(manager, new Listing(null, "mem.Kept", "Bare"))) {
            var listed = classes(files, "mem");

            assertThat(listed).hasSize(1);
            var file = listed.getFirst();
            assertThat(files.inferBinaryName(StandardLocation.CLASS_PATH, file))
                    .isEqualTo("mem.Kept");
            assertThat(files.contains(StandardLocation.CLASS_PATH, file)).isTrue();
            assertThat(files.contains(StandardLocation.CLASS_OUTPUT, file)).isFalse();
            assertThat(classes(files, ""))
                    .anyMatch(f -> f.toUri().equals(URI.create("memory:///Bare.class")));
        }
    }

    @Test
    void contains_classInAFile_isAskedOfItsManager() throws Exception {
        Files.createDirectory(folder.resolve("onpath"));
        Files.write(folder.resolve("onpath/Filed.class"), empty("onpath.Filed"));
        URL[] urls = {folder.toUri().toURL()};
        try (var loader = new URLClassLoader(urls, null);
                var manager = manager();
                var files = new ProgramClasses(manager, loader)) {
            var file = classes(files, "onpath").getFirst();

            assertThat(files.contains(StandardLocation.CLASS_PATH, file)).isTrue();
            files.setLocation(StandardLocation.CLASS_OUTPUT, List.of(folder.toFile()));
            assertThat(files.getLocation(StandardLocation.CLASS_OUTPUT))
                    .singleElement()
                    .isEqualTo(folder.toFile());
            assertThat(files.getLocationAsPaths(StandardLocation.CLASS_PATH)).isEmpty();
        }
    }

    @Test
    void openInputStream_listedClassThatIsNotThere_saysWhich() throws Exception {
        try (var manager = manager();
                var files = new ProgramClasses(manager, new Listing(null, "mem.Lost"))) {
            var file = classes(files, "mem").getFirst();

            assertThatThrownBy(file::openInputStream)
                    .isInstanceOf(IOException.class)
                    .hasMessage("class 'mem.Lost' is listed, but not there");
        }
    }

    @Test
    void getJavaFileObjects_eachWay_areThoseOfTheManager() throws Exception {
        var path = folder.resolve("A.java");
        try (var manager = manager();
                var files = new ProgramClasses(manager, null)) {
            for (var objects :
                    List.of(
                            files.getJavaFileObjects(path.toFile()),
                            files.getJavaFileObjects(path.toString()),
                            files.getJavaFileObjectsFromFiles(List.of(path.toFile())),
                            files.getJavaFileObjectsFromStrings(List.of(path.toString())))) {
                assertThat(objects)
                        .singleElement()
                        .satisfies(file -> assertThat(file.toUri()).isEqualTo(path.toUri()));
            }
        }
    }

    @Test
    void setLocationForModule_module_isFoundThere() throws Exception {
        try (var manager = manager();
                var files = new ProgramClasses(manager, null)) {
            files.setLocationForModule(StandardLocation.MODULE_PATH, "some", List.of(folder));

            assertThat(files.getLocationForModule(StandardLocation.MODULE_PATH, "some"))
                    .isNotNull();
        }
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void compilerOptions_programOfModules_seesThemAll() {
        var key = "jdk.module.path";
        var before = System.getProperty(key);
        System.setProperty(key, "/mods");
        try {
            var options = Arrays.asList(ProgramClasses.compilerOptions());

            assertThat(options).containsSequence("--module-path", "/mods", "--add-modules");
            assertThat(options.getLast().split(",")).contains("java.base", "jdk.jshell");
        } finally {
            if (before == null) {
                System.clearProperty(key);
            } else {
                System.setProperty(key, before);
            }
        }
    }

    @Test
    void openInputStream_fileThatIsNoClass_isLeftToTheCompiler() throws Exception {
        byte[] noise = {1, 2, 3};
        var file = new UnannotatedClass(new Bytes("Noise", noise));

        try (var in = file.openInputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(noise);
        }
    }

    @Test
    void close_filesThatCannotBeClosed_leavesTheTurnToOthers() throws Exception {
        try (var manager = manager()) {
            var failing =
                    (StandardJavaFileManager)
                            Proxy.newProxyInstance(
                                    getClass().getClassLoader(),
                                    new Class<?>[] {StandardJavaFileManager.class},
                                    (_, method, arguments) -> {
                                        if (method.getName().equals("close")) {
                                            throw new IOException("stuck");
                                        }
                                        return method.invoke(manager, arguments);
                                    });
            var compiler = new SharedCompiler(getClass().getClassLoader());
            var first = compiler.files(failing);
            assertThat(compiler.files(manager)).as("the files are shared").isSameAs(first);

            compiler.close();

            compiler.acquire();
            assertThat(compiler.files(manager)).as("closed ones are not used").isNotSameAs(first);
            compiler.release();
        }
    }

    private static StandardJavaFileManager manager() {
        return ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);
    }

    private static List<JavaFileObject> classes(ProgramClasses files, String packageName)
            throws IOException {
        List<JavaFileObject> all = new ArrayList<>();
        files.list(
                        StandardLocation.CLASS_PATH,
                        packageName,
                        Set.of(JavaFileObject.Kind.CLASS),
                        false)
                .forEach(all::add);
        return all;
    }

    /** What the compiler says of statements. */
    private static String compile(ProgramClasses files, String statements) {
        var source =
                new SimpleJavaFileObject(
                        URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public String getCharContent(boolean ignoreErrors) {
                        return "class Snippet { void run() { " + statements + " } }";
                    }
                };
        var said = new StringWriter();
        var task =
                (com.sun.source.util.JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(
                                        said,
                                        files,
                                        null,
                                        List.of("-proc:none"),
                                        null,
                                        List.of(source));
        try {
            task.analyze();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return said.toString();
    }

    /** A public class with a constructor. */
    private static byte[] empty(String name) {
        return ClassFile.of()
                .build(
                        ClassDesc.of(name),
                        type ->
                                type.withFlags(ClassFile.ACC_PUBLIC)
                                        .withMethodBody(
                                                "<init>",
                                                java.lang.constant.ConstantDescs.MTD_void,
                                                ClassFile.ACC_PUBLIC,
                                                code -> code.return_()));
    }

    /** A loader with classes in memory; of those named Lost it has none. */
    private static final class Listing extends ClassLoader implements ListedClasses {
        private final Set<String> names;
        private final Map<String, byte[]> bytes = new java.util.HashMap<>();

        Listing(@Nullable ClassLoader parent, String... names) {
            super(parent);
            this.names = Set.of(names);
            for (var name : names) {
                if (!name.endsWith("Lost")) {
                    bytes.put(name.replace('.', '/') + ".class", empty(name));
                }
            }
        }

        @Override
        public Set<String> classNames() {
            return names;
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            var found = bytes.get(name);
            return found == null ? null : new ByteArrayInputStream(found);
        }
    }

    /** A class file that is in no folder. */
    private static final class Bytes extends SimpleJavaFileObject {
        private final byte[] content;

        Bytes(String name, byte... content) {
            super(URI.create("memory:///" + name + ".class"), Kind.CLASS);
            this.content = content;
        }

        @Override
        public InputStream openInputStream() {
            return new ByteArrayInputStream(content);
        }
    }
}
