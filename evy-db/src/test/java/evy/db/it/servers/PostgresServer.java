package evy.db.it.servers;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL. It refuses to be run by root, so root has it run by nobody, in a directory that is
 * nobody's.
 */
public final class PostgresServer extends DatabaseServer {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String USER = "evy";
    private static final int NOBODY = 65534;
    private static final int EXECUTABLE = 0100;

    /** Starts one. */
    public PostgresServer() throws Exception {}

    @Override
    public String url(int throughPort, String database) {
        return "jdbc:postgresql://127.0.0.1:" + throughPort + "/" + database + "?user=" + USER;
    }

    @Override
    String database() {
        return "postgres";
    }

    @Override
    void unpack(Path into) throws IOException, InterruptedException {
        try (InputStream packed = PostgresServer.class.getResourceAsStream(ARCHIVE);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(
                                new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                unpack(tar, entry, into.resolve(entry.getName()).normalize());
                entry = tar.getNextEntry();
            }
        }
        initialise(into);
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file);
        if ((entry.getMode() & EXECUTABLE) != 0) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static void initialise(Path in) throws IOException, InterruptedException {
        Path data = Files.createDirectory(data(in));
        if (isRoot()) {
            Files.setPosixFilePermissions(in, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setAttribute(data, "unix:uid", NOBODY);
        }
        run(
                asNobody(
                        in.resolve("bin/initdb"),
                        "--pgdata=" + data,
                        "--username=" + USER,
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--no-locale",
                        "--no-sync"));
    }

    private static Path data(Path in) {
        return in.resolve("data");
    }

    @Override
    List<String> command(Path in, int onPort) throws IOException {
        return asNobody(
                in.resolve("bin/postgres"),
                "-D",
                data(in).toString(),
                "-p",
                String.valueOf(onPort),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200",
                "-c",
                "fsync=off");
    }

    private static List<String> asNobody(Path program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            String id = String.valueOf(NOBODY);
            command.addAll(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /* An immediate shutdown: the backends, too, and the shared memory. */
    @Override
    String stopSignal() {
        return "QUIT";
    }
}
