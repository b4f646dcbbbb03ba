package evy.all;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import evy.testkit.Spec;
import evy.testkit.internal.ChildCoverage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code evy} script, from outside. */
class EvyCommandIT {
    private static final Path SCRIPT = Path.of(System.getProperty("evy.root"), "evy");
    private static final String JAVA_OPTIONS = "-ea " + String.join(" ", ChildCoverage.flags());
    private static final Path JDK = Path.of(System.getProperty("java.home"));

    @TempDir Path folder;

    @Test
    void run_compactSource_runsOnGreenThreadWithArguments() throws Exception {
        write("Hello.java", "void main(String... args) { IO.println(%s); }".formatted(WHERE));

        var result = evy("Hello.java", "a", "b c");

        assertThat(result).isEqualTo(new Result(0, "true [a, b c]\n", ""));
    }

    @Test
    void run_sourceBesideIt_isFound() throws Exception {
        write("Other.java", "class Other { static String word() { return \"other\"; } }");
        write("Uses.java", "class Uses { static void main() { IO.println(Other.word()); } }");

        assertThat(evy("Uses.java")).isEqualTo(new Result(0, "other\n", ""));
    }

    @Test
    void run_sourceInPackage_isRun() throws Exception {
        write("com/acme/App.java", "package com.acme; class App { void main() { Lib.hi(); } }");
        write(
                "com/acme/Lib.java",
                "package com.acme; class Lib { static void hi() { IO.println(1); } }");

        assertThat(evy("com/acme/App.java")).isEqualTo(new Result(0, "1\n", ""));
    }

    @Test
    void run_mainThrows_printsOnlyTheProgramsFrames() throws Exception {
        write("Boom.java", "void main() { throw new IllegalStateException(\"boom\"); }");

        var result = evy("Boom.java");

        assertThat(result.exit).isEqualTo(1);
        assertThat(result.err)
                .isEqualTo(
                        "Exception in thread \"main\" java.lang.IllegalStateException: boom\n"
                                + "\tat Boom.main(Boom.java:1)\n");
    }

    @Test
    void run_sourceWithError_printsDiagnostics() throws Exception {
        write("Bad.java", "void main() { nowhere(); }");

        var result = evy("Bad.java");

        assertThat(result.exit).isEqualTo(1);
        assertThat(result.err).contains("Bad.java:1: error: cannot find symbol");
    }

    @Test
    void run_exit_givesItsStatus() throws Exception {
        write("Exit.java", "void main() { System.exit(7); }");

        assertThat(evy("Exit.java").exit).isEqualTo(7);
    }

    @Test
    void run_terminated_mainIsKilledAndCleansUp() throws Exception {
        write("Waits.java", TERMINATES.formatted(KILL, "evy.Evy.sleep(Duration.ofDays(1));"));

        assertThat(evy("Waits.java")).isEqualTo(new Result(143, "cleaned up\n", ""));
    }

    @Test
    void run_terminatedWhileBusy_theSecondSignalEndsIt() throws Exception {
        write(
                "Busy.java",
                TERMINATES.formatted(AGAIN_AND_AGAIN, "while (true) { Thread.onSpinWait(); }"));

        assertThat(evy("Busy.java")).isEqualTo(new Result(143, "", ""));
    }

    @Test
    void run_terminatedWithHandlerOfItsOwn_onlyThatIsRun() throws Exception {
        write(
                "Handles.java",
                "import evy.Evy; import evy.sync.Event;"
                        + "void main() throws Exception { var came = new Event<String>();"
                        + " Evy.signal(\"TERM\", came::send);"
                        + KILL
                        + " came.await(); }");

        assertThat(evy("Handles.java")).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void run_classAndJar_areRun() throws Exception {
        write(
                "src/com/acme/Main.java",
                "package com.acme; class Main { void main() { IO.println(2); } }");
        var classes = folder.resolve("classes").toString();
        tool("javac", "-d", classes, folder.resolve("src/com/acme/Main.java").toString());
        tool(
                "jar",
                "-c",
                "-f",
                folder.resolve("a.jar").toString(),
                "-e",
                "com.acme.Main",
                "-C",
                classes,
                ".");

        assertThat(evy("-cp", classes, "com.acme.Main")).isEqualTo(new Result(0, "2\n", ""));
        assertThat(evy("a.jar")).isEqualTo(new Result(0, "2\n", ""));
    }

    @Test
    void run_patched_greensWhatKnowsNothingOfEvy() throws Exception {
        write("Threads.java", THREADS);

        assertThat(evy("run", "Threads.java", "a", "b c"))
                .isEqualTo(new Result(0, "true true [a, b c]\nlast\n", ""));
        assertThat(evy("run", "--patch=thread=false", "Threads.java"))
                .isEqualTo(new Result(0, "true false []\nlast\n", ""));
        assertThat(evy("Threads.java")).isEqualTo(new Result(0, "true false []\nlast\n", ""));
    }

    @Test
    void run_patchedClassAndJar_areRun() throws Exception {
        write("src/com/acme/Threads.java", "package com.acme; " + THREADS);
        var classes = folder.resolve("classes").toString();
        tool(
                "javac",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes,
                folder.resolve("src/com/acme/Threads.java").toString());
        var jar = folder.resolve("a.jar").toString();
        tool("jar", "-c", "-f", jar, "-e", "com.acme.Threads", "-C", classes, ".");
        var green = new Result(0, "true true []\nlast\n", "");

        assertThat(evy("run", "-cp", classes, "com.acme.Threads")).isEqualTo(green);
        assertThat(evy("run", "--patch=thread", "a.jar")).isEqualTo(green);
    }

    @Test
    void run_spew_printsEachLineWithItsTextAndValues() throws Exception {
        write("Sum.java", "void main() {\n  int a = 2;\n  IO.println(a + 1);\n}\n");

        var result = evy("run", "--patch=time", "--spew=Sum+values", "--spew-to=trace", "Sum.java");

        assertThat(result).isEqualTo(new Result(0, "3\n", ""));
        assertThat(Files.readString(folder.resolve("trace")).replaceAll("#\\d+", "#"))
                .isEqualTo(
                        """
                        # Sum:1: void main() {
                        # Sum:2: int a = 2;
                        # Sum:3: IO.println(a + 1);
                        \ta=2
                        # Sum:4: }
                        """);
        // what counts the coverage would be traced, too, and be more than can be printed
        assertThat(start(SCRIPT, "-ea", "run", "--spew", "--patch=time", "Sum.java").out)
                .contains(" Sum:3: IO.println(a + 1);\n", "3\n");
    }

    @Test
    void run_spewWrongly_saysSoInOneLine() throws Exception {
        assertThat(evy("run", "--spew=a,b", "Sum.java").err)
                .isEqualTo("evy: --spew=a,b: no commas, please; write com.acme+com.lib\n");
        assertThat(evy("--spew", "Sum.java").err)
                .isEqualTo("evy: --spew needs run before it; see evy --help\n");
        assertThat(evy("run", "--spew=java.util", "Sum.java"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                "evy: cannot trace 'java.util': the trace is made by the JDK's"
                                        + " classes\n"));
    }

    @Test
    void run_patchedWrongly_saysSoInOneLine() throws Exception {
        assertThat(evy("run"))
                .isEqualTo(new Result(2, "", "evy: nothing to run; see evy --help\n"));
        assertThat(evy("run", "no.java"))
                .isEqualTo(new Result(2, "", "evy: no such file: no.java\n"));
        assertThat(evy("--patch=socket", "Hello.java").err)
                .isEqualTo("evy: --patch=socket needs run before it; see evy --help\n");
        var unknown = evy("run", "--patch=sockets", "no.java");
        assertThat(unknown.exit).isNotZero();
        assertThat(unknown.err).contains("unknown group to patch: 'sockets'");
    }

    @Test
    void run_throughLink_findsItsFolder() throws Exception {
        write("Hello.java", "void main() { IO.println(3); }");
        var link = Files.createSymbolicLink(folder.resolve("link"), SCRIPT);

        assertThat(start(link, JAVA_OPTIONS, "Hello.java")).isEqualTo(new Result(0, "3\n", ""));
    }

    @Test
    void run_wrongUse_saysSoInOneLine() throws Exception {
        assertThat(evy("no.java")).isEqualTo(new Result(2, "", "evy: no such file: no.java\n"));
        assertThat(evy()).isEqualTo(new Result(2, "", "evy: nothing to run; see evy --help\n"));
        assertThat(evy("--no"))
                .isEqualTo(new Result(2, "", "evy: unknown option '--no'; see evy --help\n"));
    }

    @Test
    void doctor_here_findsNothingMissing() throws Exception {
        var result = evy("doctor");

        assertThat(result.out).contains("java.lang").doesNotContain("MISSING");
        assertThat(result.out).contains("patch socket").contains("patch thread");
        assertThat(result.out).doesNotContainPattern("(?m)^off ").doesNotContain("no agent");
        assertThat(result.exit).isZero();
    }

    @Test
    @Spec("PROF2")
    void profile_program_runsItAndWritesItsProfile() throws Exception {
        write("Work.java", WORK.formatted(""));

        var result =
                evy("profile", "-b", "-s", "the summary", "--html=page", "Work.java", "a", "-b");

        assertThat(result.out).isEqualTo("[a, -b]\n");
        assertThat(result.err).contains("evy: profiled").contains("wrote the summary, page");
        assertThat(result.exit).isZero();
        assertThat(read(folder.resolve("the summary")))
                .contains("Work.compute")
                .doesNotContain("SourceProgram")
                .contains("[sleep]");
        assertThat(read(folder.resolve("page"))).startsWith("<!doctype html>");
    }

    @Test
    @Spec("PROF2")
    void profile_patchedProgramThatExits_writesItsProfile() throws Exception {
        write("Work.java", WORK.formatted("System.exit(7);"));

        var result = evy("profile", "--patch", "Work.java");

        assertThat(result.exit).isEqualTo(7);
        assertThat(result.err).startsWith("Profile of ").contains("Work.compute");
    }

    @Test
    @Spec("PROF2")
    void profile_wrongly_saysSoInOneLine() throws Exception {
        write("Work.java", WORK.formatted(""));

        assertThat(evy("profile"))
                .isEqualTo(new Result(2, "", "evy: nothing to run; see evy profile --help\n"));
        assertThat(evy("profile", "-s")).isEqualTo(new Result(2, "", "evy: -s needs a file\n"));
        assertThat(evy("profile", "--no", "Work.java").err)
                .isEqualTo("evy: unknown option '--no'; see evy profile --help\n");
        var unwritable = evy("profile", "--html=no/where", "Work.java");
        assertThat(unwritable.exit).isEqualTo(2);
        assertThat(unwritable.out).isEmpty();
        assertThat(unwritable.err).contains("no profile can be written to no/where");
        assertThat(evy("profile", "--help").out).startsWith("Usage: evy profile");
    }

    /** Computes and waits. */
    private static final String WORK =
            """
            class Work {
                static volatile double result;

                static void compute() {
                    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
                    long hub = evy.hubs.Hub.current().carrier().threadId();
                    while (threads.getThreadCpuTime(hub) < 400_000_000) {
                        for (int i = 0; i < 20_000; i++) {
                            result += Math.sqrt(result + i);
                        }
                    }
                }

                static void main(String... args) throws Exception {
                    compute();
                    Thread.sleep(50);
                    %s
                    System.out.println(java.util.List.of(args));
                }
            }
            """;

    private static final String KILL =
            "new ProcessBuilder(\"kill\", \"\" + ProcessHandle.current().pid()).start().waitFor();";

    /** As two signals that come close together may be one to the system. */
    private static final String AGAIN_AND_AGAIN = "while (true) { " + KILL + " }";

    /** Asks itself to end, and is at something meanwhile. */
    private static final String TERMINATES =
            "void main() throws Exception { Thread.ofPlatform().start(() -> { try { %s } catch"
                    + " (Exception e) { } }); try { %s } finally { IO.println(\"cleaned up\"); } }";

    private static final String WHERE =
            "Thread.currentThread().isVirtual() + \" \" + java.util.List.of(args)";

    /** Is main green, is a thread that it makes, and does one outlive it? */
    private static final String THREADS =
            """
            class Threads {
                static boolean isGreen() {
                    return evy.hubs.Greenlet.currentOrNull() != null;
                }

                public static void main(String... args) throws Exception {
                    boolean[] seen = new boolean[1];
                    Thread thread = new Thread(() -> seen[0] = isGreen());
                    thread.start();
                    thread.join();
                    String given = java.util.List.of(args).toString();
                    System.out.println(isGreen() + " " + seen[0] + " " + given);
                    var pool = java.util.concurrent.Executors.newFixedThreadPool(1);
                    pool.execute(
                            () -> {
                                System.out.println("last");
                                pool.shutdown();
                            });
                }
            }
            """;

    private record Result(int exit, String out, String err) {}

    private void write(String file, String text) throws IOException {
        var target = folder.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    private void tool(String name, String... args) throws Exception {
        assertThat(start(JDK.resolve("bin", name), "", args).exit).isZero();
    }

    private Result evy(String... args) throws Exception {
        return start(SCRIPT, JAVA_OPTIONS, args);
    }

    private Result start(Path program, String javaOptions, String... args) throws Exception {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(args));
        var out = folder.resolve("out").toFile();
        var err = folder.resolve("err").toFile();
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("EVY_JAVA_HOME", JDK.toString());
        builder.environment().put("EVY_JAVA_OPTS", javaOptions);
        var process = builder.redirectOutput(out).redirectError(err).start();

        var ended = process.waitFor(50, SECONDS);

        process.destroyForcibly();
        assertThat(ended).as("%s ends", command).isTrue();
        return new Result(process.exitValue(), read(out.toPath()), read(err.toPath()));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
