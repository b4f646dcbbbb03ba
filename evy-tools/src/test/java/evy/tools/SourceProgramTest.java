package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.GreenThreadExit;
import evy.tools.backdoor.ListedClasses;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import java.io.File;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Programs as sources, as classes and as jars, up to the call of their main method. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SourceProgramTest {
    private static final String PATH = "java.class.path";
    private static final String SEEN = "evy.tools.SourceProgramTest";

    @TempDir Path folder;

    private final String classPath = System.getProperty(PATH);

    @AfterEach
    void restore() {
        System.setProperty(PATH, classPath);
        System.getProperties().remove(SEEN);
    }

    @Test
    void run_compactSource_callsItsMain() throws Throwable {
        var file = source("Hello.java", "void main(String[] args) { " + see("args[0]") + " }");

        compile(file).run("you");

        assertThat(System.getProperty(SEEN)).isEqualTo("you");
    }

    @Test
    void run_semicolonBeforeTheClass_isPassedOver() throws Throwable {
        var file = source("App.java", "; class App { void main() { " + see("\"ran\"") + " } }");

        compile(file).run();

        assertThat(System.getProperty(SEEN)).isEqualTo("ran");
    }

    @Test
    void run_sourceInPackage_findsItsNeighbours() throws Throwable {
        source("com/acme/Other.java", "package com.acme; class Other { String it = \"other\"; }");
        var file =
                source(
                        "com/acme/App.java",
                        "package com.acme; class App { static void main() { "
                                + see("new Other().it")
                                + " } }");

        compile(file).run();

        assertThat(System.getProperty(SEEN)).isEqualTo("other");
    }

    @Test
    void compile_sourceInFolderOfAnotherName_standsAlone() throws Throwable {
        source("Other.java", "class Other {}");
        var file =
                source(
                        "App.java",
                        "package com.acme; class App { void main() { " + see("\"alone\"") + " } }");

        compile(file).run();

        assertThat(System.getProperty(SEEN)).isEqualTo("alone");
    }

    @Test
    void run_source_hasALoaderThatListsItsClasses() throws Throwable {
        var file =
                source(
                        "App.java",
                        "class App { static class In {} static void main() {"
                                + " System.getProperties().put(\""
                                + SEEN
                                + "\", App.class.getClassLoader()); } }");
        compile(file).run();

        var loader = (ClassLoader) System.getProperties().get(SEEN);

        assertThat(((ListedClasses) loader).classNames())
                .containsExactlyInAnyOrder("App", "App$In");
        try (var in = loader.getResourceAsStream("App$In.class")) {
            assertThat(in.readNBytes(2)).containsExactly(0xCA, 0xFE);
        }
        assertThat(loader.getResourceAsStream("none.class")).isNull();
        assertThat(loader.getResourceAsStream("none.txt")).isNull();
        assertThat(loader.loadClass("App$In")).isSameAs(loader.loadClass("App$In"));
        assertThat(loader.loadClass("evy.Evy")).isSameAs(evy.Evy.class);
    }

    @Test
    void compile_noProgram_saysSo() throws Exception {
        var wrong = source("Wrong.java", "class Wrong { int i = nothing; }");
        var empty = source("Empty.java", "");

        for (var file : List.of(wrong, empty)) {
            assertThatThrownBy(() -> compile(file))
                    .isInstanceOf(SourceProgram.NotCompiledException.class)
                    .hasMessage(file + " does not compile");
        }
        assertThatThrownBy(() -> compile(folder))
                .isInstanceOf(UsageException.class)
                .hasMessage("no such file: " + folder);
    }

    @Test
    void run_mainThrows_stackEndsWithMain() throws Exception {
        var file =
                source(
                        "App.java",
                        "class App { static void main() { var e = new IllegalStateException(\"1\","
                                + " new RuntimeException(\"2\"));"
                                + " e.addSuppressed(new RuntimeException(\"3\", e)); throw e; } }");
        var program = compile(file);

        var thrown = catchThrowable(program::run);

        for (var one : List.of(thrown, thrown.getCause(), thrown.getSuppressed()[0])) {
            assertThat(one.getStackTrace()).hasSize(1);
            assertThat(one.getStackTrace()[0].getMethodName()).isEqualTo("main");
        }
    }

    @Test
    void trim_exceptionFromElsewhere_staysWhole() {
        var thrown = new IllegalStateException();
        var before = thrown.getStackTrace();

        StackTraces.trim(thrown);

        assertThat(thrown.getStackTrace()).isEqualTo(before);
    }

    @Test
    void run_mainEndsItsGreenThread_isNoSignal() throws Exception {
        var file = source("App.java", "void main() { throw new evy.GreenThreadExit(); }");
        var program = compile(file);

        assertThatThrownBy(program::run).isInstanceOf(GreenThreadExit.class);
    }

    @Test
    void ofJar_withMainClass_looksForThat() throws Exception {
        var file = jar("good.jar", "com.acme.App ");

        assertThatThrownBy(() -> Program.ofJar(file))
                .isInstanceOf(UsageException.class)
                .hasMessage(file + ": no class 'com.acme.App ', its Main-Class");
        var ours = jar("ours.jar", "evy.tools.Main");
        assertThat(Program.ofJar(ours)).isNotNull();
    }

    @Test
    void ofJar_noneThatRuns_saysWhy() throws Exception {
        var nothing = folder.resolve("none.jar");
        var text = source("text.jar", "this is text");
        var library = jar("library.jar", null);

        var bare = folder.resolve("bare.jar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(bare))) {
            zip.putNextEntry(new ZipEntry("a.txt"));
        }

        assertThatThrownBy(() -> Program.ofJar(bare))
                .hasMessage(bare + ": no Main-Class in its manifest");
        assertThatThrownBy(() -> Program.ofJar(nothing)).hasMessage("no such file: " + nothing);
        assertThatThrownBy(() -> Program.ofJar(text))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(text + ": not a jar: ");
        assertThatThrownBy(() -> Program.ofJar(library))
                .isInstanceOf(UsageException.class)
                .hasMessage(library + ": no Main-Class in its manifest");
    }

    @Test
    void ofClass_unknown_saysHowToNameIt() {
        assertThatThrownBy(() -> Program.ofClass("none.There", getClass().getClassLoader()))
                .isInstanceOf(UsageException.class)
                .hasMessage("no class 'none.There' on the class path; use -cp or CLASSPATH");
    }

    @Test
    void loader_ofWildcard_hasEachJarOnce() throws Exception {
        var b = jar("b.jar", null);
        var a = jar("a.JAR", null);
        source("c.txt", "");
        var all = folder + File.separator + "*";

        var loader = ProgramPath.loader(all + File.pathSeparator + b + File.pathSeparator + "none");

        assertThat(((URLClassLoader) loader).getURLs())
                .containsExactly(a.toUri().toURL(), b.toUri().toURL());
        var separator = File.pathSeparator;
        assertThat(System.getProperty(PATH))
                .isEqualTo(classPath + separator + a + separator + b + separator + "none");
        var again = ProgramPath.loader(b.toString());
        assertThat(again).as("known").isSameAs(ClassLoader.getSystemClassLoader());
        ((URLClassLoader) loader).close();
    }

    @Test
    void loader_nothingToAdd_isTheSystems() {
        var system = ClassLoader.getSystemClassLoader();

        assertThat(ProgramPath.loader(null)).isSameAs(system);
        assertThat(ProgramPath.loader("")).isSameAs(system);
        assertThat(ProgramPath.loader(folder + "/none/*")).isSameAs(system);
        assertThat(System.getProperty(PATH)).isEqualTo(classPath);
    }

    private Path jar(String name, @Nullable String mainClass) throws Exception {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (mainClass != null) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        }
        var file = folder.resolve(name);
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        return file;
    }

    private static String see(String expression) {
        return "System.setProperty(\"" + SEEN + "\", " + expression + ");";
    }

    private Path source(String name, String text) throws Exception {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Program compile(Path file) throws Exception {
        return SourceProgram.compile(file, getClass().getClassLoader());
    }
}
