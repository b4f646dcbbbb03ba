package evy.db.it.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A database server that came in a jar: unpacked into a directory of its own, run there on a port
 * of its own, and removed with it.
 *
 * <p>It ends when this is closed, and when this JVM ends, in whatever way: a shell between the two
 * takes orders from its standard input, and at the end of that stops the server and removes its
 * files.
 */
public abstract class DatabaseServer implements AutoCloseable {
    /*
     * $1 is the signal that stops the server, $2 its directory, the rest its command. Each order is
     * answered by a line. What a terminal sends to the whole group is not for the shell: it has to
     * see the end.
     */
    private static final String SHELL =
            """
            trap '' HUP INT TERM
            stop=$1 directory=$2 server=
            shift 2
            while read -r order; do
                case $order in
                    start)
                        "$@" </dev/null >>"$directory/log" 2>&1 &
                        server=$!
                        ;;
                    kill)
                        kill -s KILL "$server"
                        wait "$server"
                        server=
                        ;;
                esac
                echo done
            done
            if [ -n "$server" ]; then
                kill -s "$stop" "$server"
                wait "$server"
            fi
            rm -rf "$directory"
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Path directory;
    private final int port;
    private final Process shell;
    private final Writer orders;
    private final BufferedReader answers;

    /** Unpacks a server and starts it for the first time. */
    DatabaseServer() throws Exception {
        directory = Files.createTempDirectory("evy-db");
        port = freePort();
        List<String> all = new ArrayList<>(List.of("sh", "-c", SHELL, "server", stopSignal()));
        all.add(directory.toString());
        all.addAll(command(directory, port));
        shell =
                new ProcessBuilder(all)
                        .directory(directory.toFile())
                        .redirectError(Redirect.DISCARD)
                        .start();
        orders = shell.outputWriter();
        answers = shell.inputReader();
        try {
            unpack(directory);
            start();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /* The servers take no port 0. Whoever gets this one in between makes the start fail. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** {@return the command that starts it} */
    abstract List<String> command(Path in, int onPort) throws Exception;

    /** {@return the signal that stops it at once and leaves nothing behind in the system} */
    abstract String stopSignal();

    /** Unpacks the server into a directory, and makes what it needs. */
    abstract void unpack(Path into) throws Exception;

    /**
     * {@return the address for a driver of one of its databases}
     *
     * @param throughPort a port of the loopback interface, its own or one that leads there
     * @param database its name
     */
    public abstract String url(int throughPort, String database);

    /** {@return the name of a database it has from the start} */
    abstract String database();

    /** {@return its address for a driver, with a user who may do everything} */
    public final String url() {
        return url(port, database());
    }

    /** {@return the port it listens on, of the loopback interface} */
    public final int port() {
        return port;
    }

    /**
     * Starts it again on the same port, with the same data, after {@link #kill}, and waits until it
     * takes connections.
     */
    public final void start() throws IOException, InterruptedException {
        order("start");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                DriverManager.getConnection(url()).close();
                return;
            } catch (SQLException e) {
                if (System.nanoTime() - end > 0) {
                    String log = Files.readString(directory.resolve("log"));
                    throw new IOException("no server at " + url() + "; its log:\n" + log, e);
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    private void order(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        if (answers.readLine() == null) {
            throw new IOException("the shell of " + getClass().getSimpleName() + " has ended");
        }
    }

    /** Ends it as a crash would, and waits until it is gone. */
    public final void kill() throws IOException, InterruptedException {
        List<ProcessHandle> all = shell.descendants().toList();
        order("kill");
        long end = System.nanoTime() + GRACE.toNanos();
        // its children notice soon, and a new one cannot start before that
        while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - end < 0) {
            Thread.sleep(PAUSE);
        }
    }

    /** Stops it and removes its files. */
    @Override
    public final void close() throws IOException {
        orders.close();
        answers.transferTo(Writer.nullWriter()); // it ends with the shell
        answers.close();
    }

    /** {@return whether this process is root's: a server may refuse to be that} */
    static boolean isRoot() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    }

    /** Runs a command to its end. */
    static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String log;
        try (InputStream out = process.getInputStream()) {
            log = new String(out.readAllBytes());
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    command + ": exit status " + process.exitValue() + ":\n" + log);
        }
    }
}
