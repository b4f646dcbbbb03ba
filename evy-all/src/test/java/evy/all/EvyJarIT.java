package evy.all;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.all.Command.Result;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** {@code evy.jar} as a file, as a command and as an agent. */
@Timeout(300) // starts many JVMs
class EvyJarIT {
    private static final String JAR = System.getProperty("evy.jar");

    /** Says where it runs, and whether a thread that it makes is green. */
    private static final String THREADS =
            """
            package com.acme;

            public class Main {
                static boolean[] green = new boolean[2];

                public static void main(String... args) throws Exception {
                    System.out.println(Thread.currentThread().isVirtual());
                    evy.Evy.run(() -> {
                        green[0] = evy.hubs.Greenlet.currentOrNull() != null;
                        var thread = new Thread(
                                () -> green[1] = evy.hubs.Greenlet.currentOrNull() != null);
                        thread.start();
                        thread.join();
                    });
                    System.out.println(green[0] + " " + green[1]);
                    System.out.println(java.nio.file.Path.of(evy.Evy.class.getProtectionDomain()
                            .getCodeSource().getLocation().toURI()).getFileName());
                }
            }
            """;

    @TempDir Path folder;
    private Command command;

    @BeforeEach
    void prepare() {
        command = new Command(folder);
    }

    @Test
    void jar_content_isAllModulesAndNothingElse() throws Exception {
        try (var jar = new JarFile(JAR)) {
            var names = jar.stream().filter(e -> !e.isDirectory()).map(e -> e.getName()).toList();

            assertThat(names)
                    .doesNotHaveDuplicates()
                    .allMatch(name -> name.startsWith("evy/") || name.startsWith("META-INF/"))
                    .noneMatch(name -> name.endsWith("module-info.class"))
                    .contains(
                            "evy/Evy.class",
                            "evy/patcher/Agent.class",
                            "evy/web/WebServer.class",
                            "evy/db/ConnectionPool.class",
                            "evy/zmq/Context.class",
                            "evy/zmq/shaded/org/zeromq/ZMQ.class",
                            "evy/tools/Main.class",
                            "evy/tools/shaded/gson/Gson.class",
                            "META-INF/services/java.net.spi.InetAddressResolverProvider",
                            "META-INF/LICENSE",
                            "META-INF/THIRD-PARTY");
        }
    }

    @Test
    void command_sourceWithZeroMqCurve_runsOnTheRenamedLibraries() throws Exception {
        write(
                "Zmq.java",
                """
                void main() throws Exception {
                    try (var context = evy.zmq.Context.open();
                            var server = context.socket(evy.zmq.SocketType.REP);
                            var client = context.socket(evy.zmq.SocketType.REQ)) {
                        var keys = evy.zmq.CurveKeyPair.generate();
                        server.options().curveServer(keys);
                        var own = evy.zmq.CurveKeyPair.generate();
                        client.options().curveClient(own, keys.publicKey());
                        client.connect(server.bind("tcp://127.0.0.1:*"));
                        client.send("hi");
                        IO.println(server.recvString());
                        try { Class.forName("org.zeromq.ZMQ"); }
                        catch (ClassNotFoundException e) { IO.println("none by that name"); }
                    }
                }
                """);

        assertThat(evy("Zmq.java")).isEqualTo(new Result(0, "hi\nnone by that name\n", ""));
    }

    @Test
    void command_classPath_findsFoldersAndJars() throws Exception {
        compile();
        pack("app.jar", "com.acme.Main");
        write("Uses.java", "void main() throws Exception { com.acme.Main.main(); }");

        assertThat(evy("-cp", "nowhere:*", "com.acme.Main").ok()).startsWith("true\n");
        assertThat(evy("app.jar").ok()).startsWith("true\ntrue false\nevy.jar\n");
        assertThat(evy("-cp", "app.jar", "Uses.java").ok()).startsWith("true\ntrue false\n");
        command.with("EVY_CLASSPATH", "classes");
        assertThat(evy("run", "com.acme.Main").ok()).startsWith("true\ntrue true\n");
    }

    @Test
    void command_wrongUse_saysSoInOneLine() throws Exception {
        assertThat(evy("run", "--patch=x", "A.java").err())
                .startsWith("evy: unknown group")
                .hasLineCount(1);
        assertThat(evy("com.acme.Gone").err())
                .isEqualTo(
                        "evy: no class 'com.acme.Gone' on the class path; use -cp or CLASSPATH\n");
    }

    @Test
    void agent_programThatKnowsNothingOfEvy_runsAsEver() throws Exception {
        write(
                "src/com/acme/Main.java",
                """
                package com.acme;
                public class Main {
                    public static void main(String... args) throws Exception {
                        Thread.sleep(1);
                        System.out.println(Thread.currentThread().getName() + args.length);
                    }
                }
                """);
        compileOnly();
        pack("app.jar", "com.acme.Main");

        assertThat(command.java("-javaagent:" + JAR, "-jar", "app.jar", "a"))
                .isEqualTo(new Result(0, "main1\n", ""));
    }

    @Test
    void agent_programWithItsOwnEvy_usesThatAndIsGreen() throws Exception {
        compile();

        var out =
                command.java("-javaagent:" + JAR, "-cp", "classes:" + core(), "com.acme.Main").ok();

        assertThat(out).isEqualTo("false\ntrue true\n" + core().getFileName() + "\n");
    }

    @Test
    void agent_programWithAnotherVersion_isToldSo() throws Exception {
        compile();
        var other = folder.resolve("other.jar");
        Files.copy(core(), other);
        try (var files = FileSystems.newFileSystem(other)) {
            var manifest = files.getPath("META-INF/MANIFEST.MF");
            var text = Files.readString(manifest);
            Files.writeString(manifest, text.replaceAll("(Implementation-Version: ).*", "$10.0.7"));
        }

        var result = command.java("-javaagent:" + JAR, "-cp", "other.jar:classes", "com.acme.Main");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .matches("evy: Evy's agent is version .*, the program's evy-core is 0.0.7; .*\n");
    }

    @Test
    void agent_launchedByARunnableJarThatHoldsBoth_patchesTheProgram() throws Exception {
        compile();
        var fat = folder.resolve("fat.jar");
        Files.copy(Path.of(JAR), fat);
        try (var files = FileSystems.newFileSystem(fat)) {
            Files.createDirectories(files.getPath("com/acme"));
            Files.copy(
                    folder.resolve("classes/com/acme/Main.class"),
                    files.getPath("com/acme/Main.class"));
            Files.writeString(
                    files.getPath("META-INF/MANIFEST.MF"),
                    """
                    Main-Class: com.acme.Main
                    Launcher-Agent-Class: evy.patcher.Agent
                    Can-Retransform-Classes: true
                    Enable-Native-Access: ALL-UNNAMED
                    """);
        }

        assertThat(command.java("-jar", "fat.jar").ok()).isEqualTo("false\ntrue true\nfat.jar\n");
    }

    private Result evy(String... arguments) throws Exception {
        var words = new String[arguments.length + 2];
        words[0] = "-jar";
        words[1] = JAR;
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        return command.java(words);
    }

    /** The jar of evy-core that the build made. */
    private static Path core() {
        var location = Evy.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        assertThat(location).matches(Pattern.compile(".*evy-core-[^/]*\\.jar"));
        return Path.of(location);
    }

    private void compile() throws Exception {
        write("src/com/acme/Main.java", THREADS);
        compileOnly();
    }

    private void compileOnly() throws Exception {
        var source = folder.resolve("src/com/acme/Main.java").toString();
        tool("javac", "-cp", JAR, "-d", classes(), source);
    }

    private void pack(String jar, String mainClass) throws Exception {
        tool("jar", "-cfe", folder.resolve(jar).toString(), mainClass, "-C", classes(), ".");
    }

    private String classes() {
        return folder.resolve("classes").toString();
    }

    /** Runs a tool of the JDK in here, which is much quicker. */
    private static void tool(String name, String... arguments) {
        var tool = ToolProvider.findFirst(name).orElseThrow();
        assertThat(tool.run(System.out, System.err, arguments)).isZero();
    }

    private void write(String file, String text) throws IOException {
        var target = folder.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }
}
