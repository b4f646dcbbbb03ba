package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;

import evy.Evy;
import evy.GreenThread;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.logging.FileHandler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.zip.ZipEntry;

/**
 * Programs of {@link OsIT} in which class initialisers read, log and load what other green threads
 * of the hub read, log and load at the same time.
 */
public final class OsStormPrograms {
    private static final Logger LOG = Logger.getLogger("storm");
    private static final int CLASSES = 40;
    private static final int LOG_BYTES = 20_000; // so that the log is rolled over often
    private static final int LINES = 20;

    private static Path folder;

    private OsStormPrograms() {}

    public static void main(String... args) throws Exception {
        folder = Files.createTempDirectory("evy-storm");
        Files.createDirectory(folder.resolve("classes"));
        try {
            switch (args[0]) {
                case "initialisers" -> Evy.run(OsStormPrograms::initialisers);
                case "class loading" -> classLoading();
                default -> throw new IllegalArgumentException(args[0]);
            }
        } finally {
            deleteAll();
        }
        System.out.println("DONE");
    }

    private static void deleteAll() throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Reads in an initialiser what is not there yet. */
    static final class Slow {
        static final String ANSWER;

        static {
            try {
                Process process = new ProcessBuilder("sh", "-c", "sleep 0.1; echo x").start();
                ANSWER = new String(process.getInputStream().readAllBytes());
                process.waitFor();
            } catch (IOException | InterruptedException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    private static void initialisers() throws Exception {
        GreenThread<String> first = Evy.spawn(() -> Slow.ANSWER);
        GreenThread<String> second = Evy.spawn(() -> Slow.ANSWER);

        assertThat(first.get()).isEqualTo("x\n");
        assertThat(second.get()).isEqualTo("x\n");
    }

    private static void classLoading() throws Exception {
        FileHandler handler = new FileHandler(folder + "/log%g.txt", LOG_BYTES, 3, true);
        handler.setFormatter(new SimpleFormatter());
        LOG.setUseParentHandlers(false);
        LOG.addHandler(handler);
        Properties properties = new Properties();
        for (int i = 0; i < CLASSES; i++) {
            properties.setProperty("C" + i, "value of C" + i);
        }
        try (var out = new FileOutputStream(folder.resolve("properties").toFile())) {
            properties.store(out, "");
        }
        Path jar = classes();

        Evy.run(
                () -> {
                    storm(jar, folder.resolve("classes"));
                    storm(jar, jar);
                });

        handler.close();
    }

    /** Called by the initialisers of the classes made here. */
    public static String initialise(String name) throws IOException {
        LOG.info("initialising " + name);
        Properties properties = new Properties();
        try (InputStream in = new FileInputStream(folder.resolve("properties").toFile())) {
            properties.load(in);
        }
        assertThat(Files.readString(folder.resolve("properties"))).contains(name);
        return properties.getProperty(name);
    }

    private static Path classes() throws IOException {
        Path jar = folder.resolve("classes.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (int i = 0; i < CLASSES; i++) {
                byte[] bytes = classThatInitialises("C" + i);
                Files.write(folder.resolve("classes").resolve("C" + i + ".class"), bytes);
                out.putNextEntry(new ZipEntry("C" + i + ".class"));
                out.write(bytes);
            }
        }
        return jar;
    }

    private static byte[] classThatInitialises(String name) {
        ClassDesc desc = ClassDesc.of(name);
        return ClassFile.of()
                .build(
                        desc,
                        made ->
                                made.withFlags(ClassFile.ACC_PUBLIC)
                                        .withField(
                                                "VALUE",
                                                CD_String,
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC)
                                        .withMethodBody(
                                                ConstantDescs.CLASS_INIT_NAME,
                                                MethodTypeDesc.of(CD_void),
                                                ClassFile.ACC_STATIC,
                                                code ->
                                                        code.ldc(name)
                                                                .invokestatic(
                                                                        ClassDesc.of(
                                                                                OsStormPrograms
                                                                                        .class
                                                                                        .getName()),
                                                                        "initialise",
                                                                        MethodTypeDesc.of(
                                                                                CD_String,
                                                                                CD_String))
                                                                .putstatic(desc, "VALUE", CD_String)
                                                                .return_()));
    }

    private static void storm(Path jar, Path classPath) throws Exception {
        URL[] urls = {classPath.toUri().toURL()};
        try (URLClassLoader loader =
                new URLClassLoader(urls, OsStormPrograms.class.getClassLoader())) {
            List<GreenThread<?>> all = new ArrayList<>();
            for (int i = 0; i < CLASSES; i++) {
                String name = "C" + i;
                all.add(Evy.spawn(() -> use(loader, name)));
                all.add(Evy.spawn(() -> log(name)));
                all.add(Evy.spawn(() -> useFiles(loader, name)));
                all.add(Evy.spawn(() -> useServicesAndArchives(loader, jar)));
            }
            for (GreenThread<?> thread : all) {
                thread.get();
            }
        }
    }

    private static Object use(ClassLoader loader, String name) throws Exception {
        Class<?> loaded =
                name.hashCode() % 2 == 0
                        ? loader.loadClass(name)
                        : Class.forName(name, true, loader);
        Object value = loaded.getField("VALUE").get(null);
        assertThat(value).isEqualTo("value of " + name);
        return value;
    }

    private static Object log(String name) {
        for (int i = 0; i < LINES; i++) {
            LOG.info(name + " says " + i);
            Evy.yield();
        }
        return name;
    }

    private static Object useFiles(ClassLoader loader, String name) throws IOException {
        try (InputStream in = loader.getResourceAsStream(name + ".class")) {
            assertThat(in.readAllBytes()).isNotEmpty();
        }
        Path made = Files.createTempFile(folder, name, ".txt");
        Files.writeString(made, name);
        assertThat(Files.readString(made)).isEqualTo(name);
        Files.delete(made);
        return name;
    }

    private static Object useServicesAndArchives(ClassLoader loader, Path jar) throws IOException {
        ServiceLoader.load(FileSystemProvider.class, loader).forEach(FileSystemProvider::getScheme);
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream()
                    .forEach(
                            entry -> {
                                try (InputStream in = file.getInputStream(entry)) {
                                    in.readAllBytes();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
        return jar;
    }
}
