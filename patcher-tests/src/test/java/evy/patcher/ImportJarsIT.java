package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.testkit.Spec;

import jdk.security.jarsigner.JarSigner;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.zip.ZipFile;

/** Libraries in jars of every kind, and what they load late. */
class ImportJarsIT {
    private static final String WHERE =
            """
            package lib;
            public class Where implements java.util.concurrent.Callable<Object> {
                public Object call() throws Exception {
                    Object[] seen = new Object[1];
                    Thread t = new Thread(() -> seen[0] = Thread.currentThread().getClass());
                    t.start();
                    t.join();
                    return ((Class<?>) seen[0]).getSimpleName();
                }
            }
            """;

    private static final String LATE =
            """
            package lib;
            import java.util.*;
            public class Late implements java.util.concurrent.Callable<List<Object>> {
                public List<Object> call() throws Exception {
                    List<Object> seen = new ArrayList<>();
                    ClassLoader own = Late.class.getClassLoader();
                    ClassLoader context = Thread.currentThread().getContextClassLoader();
                    seen.add(Class.forName("lib.Where").getClassLoader() == own);
                    seen.add(Class.forName("lib.Where", true, context).getClassLoader() == own);
                    for (Runnable service : ServiceLoader.load(Runnable.class)) {
                        seen.add(service.getClass().getName()
                            + (service.getClass().getClassLoader() == own));
                    }
                    java.util.function.Supplier<ClassLoader> lambda =
                        () -> new Object() {}.getClass().getClassLoader();
                    seen.add(lambda.get() == own);
                    seen.add(new String(Late.class.getResourceAsStream("/lib/text").readAllBytes()));
                    seen.add(Collections.list(own.getResources("lib/text")).size());
                    seen.add(java.lang.reflect.Proxy.newProxyInstance(own,
                        new Class<?>[] {Runnable.class}, (p, m, a) -> null) instanceof Runnable);
                    return seen;
                }
            }
            """;

    private static final String SERVICE =
            "package lib; public class Service implements Runnable { public void run() {} }";

    @TempDir Path folder;

    private TestJars jars() {
        return new TestJars(folder);
    }

    private static Object call(Class<?> type) throws Exception {
        return ((Callable<?>) type.getConstructor().newInstance()).call();
    }

    @Test
    @Spec("PATCH6")
    void import_jar_loadsItGreenAndAlone() throws Exception {
        Path jar = jars().source("", "lib.Where", WHERE).write("lib.jar");

        try (PatchedLoader library = Patcher.importPatched(jar)) {
            Class<?> type = library.loadClass("lib.Where");

            assertThat(Evy.run(() -> call(type))).isEqualTo("PatchedThread");
            assertThat(type.getProtectionDomain().getCodeSource().getLocation())
                    .isEqualTo(jar.toUri().toURL());
            assertThatThrownBy(() -> Class.forName("lib.Where"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    @Spec("PATCH6")
    void import_whatIsLoadedLate_isOfTheCopy() throws Exception {
        Path jar =
                jars().source("", "lib.Where", WHERE)
                        .source("", "lib.Late", LATE)
                        .source("", "lib.Service", SERVICE)
                        .file("lib/text", "text")
                        .file("META-INF/services/java.lang.Runnable", "lib.Service\n")
                        .write("lib.jar");
        try (var ordinary = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            Thread.currentThread().setContextClassLoader(ordinary);
            Class<?> type = Patcher.importPatched("lib.Late");

            Object seen = Evy.run(() -> call(type));

            assertThat(seen)
                    .isEqualTo(List.of(true, true, "lib.Servicetrue", true, "text", 1, true));
            assertThat(ordinary.loadClass("lib.Late")).isNotEqualTo(type);
        } finally {
            Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
        }
    }

    @Test
    @Spec("PATCH6")
    void import_jarForSeveralReleases_takesTheClassForThisOne() throws Exception {
        String text =
                """
                package lib;
                public class Version implements java.util.function.Supplier<String> {
                    public String get() { return "%s"; }
                }
                """;
        Path jar =
                jars().attribute(Attributes.Name.MULTI_RELEASE, "true")
                        .source("", "lib.Version", text.formatted("base"))
                        .source("META-INF/versions/25/", "lib.Version", text.formatted("25"))
                        .write("lib.jar");

        try (PatchedLoader library = Patcher.importPatched(jar)) {
            Class<?> type = library.loadClass("lib.Version");

            assertThat(((Supplier<?>) type.getConstructor().newInstance()).get()).isEqualTo("25");
        }
    }

    @Test
    @Spec("PATCH6")
    void import_classPathOfManifest_belongsToTheLibrary() throws Exception {
        Path part = jars().source("", "lib.Where", WHERE).write("part.jar");
        String main =
                "package lib; public class Main { public static Object make() {"
                        + " return new Where(); } }";
        Path jar =
                jars().attribute(
                                Attributes.Name.CLASS_PATH,
                                "part.jar missing.jar http://there/x.jar a%zz")
                        .attribute(Attributes.Name.MAIN_CLASS, "lib.Main")
                        .source("", "lib.Main", main, part)
                        .write("lib.jar");

        try (PatchedLoader library = Patcher.importPatched(jar)) {
            var where = (Callable<?>) library.mainClass().getMethod("make").invoke(null);

            assertThat(Evy.run(() -> where.call())).isEqualTo("PatchedThread");
        }
    }

    @Test
    @Spec("PATCH6")
    void import_classThatIsNone_isRefusedByTheJvm() throws Exception {
        Path jar = jars().file("lib/Broken.class", "no class").write("lib.jar");

        try (PatchedLoader library = Patcher.importPatched(jar)) {
            assertThatThrownBy(() -> library.loadClass("lib.Broken"))
                    .isInstanceOf(ClassFormatError.class);
            assertThat(library).hasToString("PatchedLoader[" + jar + "]");
        }
    }

    @Test
    @Spec("PATCH6")
    void import_resourcesOfBoth_areOfTheJarFirst() throws Exception {
        String name = "META-INF/services/java.lang.Runnable";
        Path jar = jars().file(name, "lib.Service\n").write("lib.jar");
        Path other = jars().file(name, "other.Service\n").write("other.jar");
        URL[] outside = {other.toUri().toURL()};

        try (var parent = new URLClassLoader(outside);
                PatchedLoader library =
                        Patcher.importPatched(List.of(jar), ImportOptions.usual().parent(parent))) {
            assertThat(Collections.list(library.getResources(name)))
                    .map(URL::getPath)
                    .containsExactly("file:" + jar + "!/" + name, "file:" + other + "!/" + name);
        }
    }

    @Test
    @Spec("PATCH6")
    void import_sealedPackage_staysSealed() throws Exception {
        Path sealed =
                jars().attribute(Attributes.Name.SEALED, "true")
                        .attribute(Attributes.Name.IMPLEMENTATION_VERSION, "1.2")
                        .source("", "lib.Where", WHERE)
                        .write("sealed.jar");
        Path other = jars().source("", "lib.Service", SERVICE).write("other.jar");

        try (PatchedLoader library = Patcher.importPatched(sealed, other)) {
            Package lib = library.loadClass("lib.Where").getPackage();

            assertThat(lib.isSealed()).isTrue();
            assertThat(lib.getImplementationVersion()).isEqualTo("1.2");
            assertThatThrownBy(() -> library.loadClass("lib.Service"))
                    .isInstanceOf(SecurityException.class)
                    .hasMessageContaining("package lib is sealed");
        }
    }

    @Test
    @Spec("PATCH6")
    void import_signedJar_keepsItsSignersAndRefusesForgeries() throws Exception {
        Path plain = jars().source("", "lib.Where", WHERE).write("plain.jar");
        Path signed = folder.resolve("signed.jar");
        sign(plain, signed);

        try (PatchedLoader library = Patcher.importPatched(signed)) {
            Class<?> type = library.loadClass("lib.Where");

            assertThat(type.getSigners()).hasSize(1);
            assertThat(Evy.run(() -> call(type))).isEqualTo("PatchedThread");
        }
        try (var inside = java.nio.file.FileSystems.newFileSystem(signed)) {
            Path entry = inside.getPath("lib/Where.class");
            byte[] bytes = Files.readAllBytes(entry);
            bytes[bytes.length - 1] ^= 1;
            Files.write(entry, bytes);
        }
        try (PatchedLoader library = Patcher.importPatched(signed)) {
            assertThatThrownBy(() -> library.loadClass("lib.Where"))
                    .isInstanceOf(SecurityException.class);
        }
    }

    private void sign(Path from, Path to) throws Exception {
        Path store = folder.resolve("keys");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                                "-genkeypair",
                                "-alias",
                                "a",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=test",
                                "-storepass",
                                "secret",
                                "-keystore",
                                store.toString())
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        var chain = List.of(keys.getCertificateChain("a"));
        JarSigner signer =
                new JarSigner.Builder(
                                (PrivateKey) keys.getKey("a", "secret".toCharArray()),
                                CertificateFactory.getInstance("X.509").generateCertPath(chain))
                        .build();
        try (ZipFile in = new ZipFile(from.toFile());
                OutputStream out = Files.newOutputStream(to)) {
            signer.sign(in, out);
        }
    }

    @Test
    @Spec("PATCH6")
    void call_setsTheContextLoaderForTheJdk() throws Exception {
        Path jar = jars().source("", "lib.Where", WHERE).write("lib.jar");

        try (PatchedLoader library = Patcher.importPatched(jar)) {
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            ClassLoader inside = library.call(() -> Thread.currentThread().getContextClassLoader());

            assertThat(inside).isEqualTo(library);
            assertThat(Thread.currentThread().getContextClassLoader()).isEqualTo(before);
        }
    }

    @Test
    @Spec("PATCH6")
    void close_endsLoadingAndFreesTheJar() throws Exception {
        Path jar =
                jars().source("", "lib.Where", WHERE)
                        .source("", "lib.Service", SERVICE)
                        .write("lib.jar");
        PatchedLoader library = Patcher.importPatched(jar);
        Class<?> loaded = library.loadClass("lib.Where");

        library.close();
        library.close();

        assertThat(library.loadClass("lib.Where")).isEqualTo(loaded);
        assertThatThrownBy(() -> library.loadClass("lib.Service")).isInstanceOf(Exception.class);
    }

    @Test
    @Spec("PATCH6")
    void import_wrongThings_saysWhich() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "no jar");

        assertThatThrownBy(() -> Patcher.importPatched("no.Such"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessageContaining("no.Such");
        assertThatThrownBy(() -> Patcher.importPatched("java.lang.String"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessageContaining("java.lang.String is not from a jar or folder");
        assertThatThrownBy(() -> Patcher.importPatched(folder.resolve("no.jar")))
                .hasMessageContaining("no such jar or folder")
                .hasMessageContaining("no.jar");
        assertThatThrownBy(() -> Patcher.importPatched(text))
                .hasMessageContaining("is no jar")
                .hasMessageContaining("text");
        try (PatchedLoader library = Patcher.importPatched(folder)) {
            assertThatThrownBy(library::mainClass).hasMessageContaining("no Main-Class");
        }
    }
}
