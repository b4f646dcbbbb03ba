package evy.all;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code evy init}, and then the commands that its README names, offline and with the artifacts of
 * this build: they are linked into a local repository that has all else from the user's.
 */
@Timeout(300) // starts many JVMs
class NewProjectIT {
    private static final Path ROOT = Path.of(System.getProperty("evy.root"));
    private static final String VERSION = System.getProperty("evy.version");
    private static final Path MAVEN =
            Path.of(System.getProperty("evy.maven.home", ""), "bin", "mvn");

    @TempDir Path folder;

    @Test
    void init_thenPackageAndRun_servesUntilTerminated() throws Exception {
        assumeThat(MAVEN).as("Maven, which runs this build").isExecutable();
        var command = new Command(folder);
        command.java("-jar", System.getProperty("evy.jar"), "init", "myapp").ok();
        var project = new Command(folder.resolve("myapp"));
        project.with("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        var repository = repository(Path.of(System.getProperty("evy.maven.repository")));

        var built =
                project.run(
                        MAVEN.toString(),
                        "-o",
                        "-B",
                        "-Dmaven.repo.local=" + repository,
                        "package");

        assertThat(built.ok()).contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");
        assertThat(built.out()).doesNotContain("[WARNING]");
        serve(project);
    }

    /** Runs the jar without a flag, asks it, and ends it. */
    private void serve(Command project) throws Exception {
        var out = Files.createTempFile(folder, "out", "");
        var err = Files.createTempFile(folder, "err", "");
        var java = Command.javaCommand().getFirst();
        var server = project.start(out, err, java, "-jar", "target/myapp.jar", "0");
        try {
            while (server.isAlive() && !Files.readString(out).contains("\n")) {
                Thread.sleep(10);
            }
            assertThat(out).content().startsWith("listening on port ");
            var port = Files.readString(out).replaceAll("\\D", "");
            var url = URI.create("http://localhost:" + port + "/hello/Ada").toURL();
            try (var answer = url.openStream()) {
                assertThat(answer).hasContent("hello, Ada");
            }
            server.destroy();
            assertThat(server.waitFor(30, SECONDS)).as("ends upon SIGTERM").isTrue();
            assertThat(server.exitValue()).isZero();
            assertThat(err).isEmptyFile();
        } finally {
            server.destroyForcibly();
        }
    }

    /* JUnit warns of links that lead out of its folder. */
    @AfterEach
    void unlink() throws IOException {
        try (var files = Files.walk(folder)) {
            for (var link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    private Path repository(Path users) throws IOException {
        var own = Files.createDirectory(folder.resolve("repository"));
        linkAll(users, own, "dev");
        linkAll(users.resolve("dev"), Files.createDirectory(own.resolve("dev")), "evy");
        put(own, "evy-parent", ROOT.resolve("pom.xml"), "pom");
        put(own, "evy-bom", ROOT.resolve("evy-bom/pom.xml"), "pom");
        for (var artifact : List.of("evy-core", "evy-web", "evy-testkit")) {
            put(own, artifact, ROOT.resolve(artifact).resolve("pom.xml"), "pom");
            var jar = artifact + "-" + VERSION + ".jar";
            put(own, artifact, ROOT.resolve(artifact).resolve("target").resolve(jar), "jar");
        }
        return own;
    }

    private static void linkAll(Path from, Path to, String but) throws IOException {
        if (Files.isDirectory(from)) {
            try (var entries = Files.list(from)) {
                for (var entry : entries.toList()) {
                    var name = entry.getFileName().toString();
                    if (!name.equals(but)) {
                        Files.createSymbolicLink(to.resolve(name), entry);
                    }
                }
            }
        }
    }

    private static void put(Path repository, String artifact, Path file, String type)
            throws IOException {
        var target = repository.resolve(Path.of("dev/evy", artifact, VERSION));
        Files.createDirectories(target);
        Files.createSymbolicLink(target.resolve(artifact + "-" + VERSION + "." + type), file);
    }
}
