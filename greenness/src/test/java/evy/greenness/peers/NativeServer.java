package evy.greenness.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A database server that came in a jar: unpacked into a directory of its own, run there, and
 * removed with it.
 */
abstract class NativeServer implements Peer {
    private static final long GRACE_SECONDS = 5;

    private Path directory;
    private Process process;

    @Override
    public final int start() throws Exception {
        directory = Files.createTempDirectory("evy-greenness");
        int port = freePort();
        unpack(directory);
        launch(port);
        return port;
    }

    private void launch(int port) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(prepare(directory, port));
        process = builder.directory(directory.toFile()).redirectErrorStream(true).start();
        StringBuilder log = new StringBuilder();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); !isReady(line); line = out.readLine()) {
            if (line == null) {
                throw new IllegalStateException(
                        getClass().getSimpleName() + " ended before it was ready:\n" + log);
            }
            log.append(line).append('\n');
        }
        Thread.ofPlatform().daemon().name("log").start(() -> drain(out));
    }

    private boolean isReady(String line) {
        return line != null && line.contains(readyText());
    }

    private static void drain(BufferedReader out) {
        try {
            out.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // the server was ended
        }
    }

    /* The servers take no port 0. Whoever gets this one in between makes the start fail. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Unpacks the server into a directory. */
    abstract void unpack(Path directory) throws Exception;

    /**
     * Makes ready what the server needs.
     *
     * @return the command that starts it
     */
    abstract List<String> prepare(Path directory, int port) throws Exception;

    /** {@return what the server logs when it takes connections} */
    abstract String readyText();

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

    @Override
    public final void close() throws Exception {
        if (process != null) {
            process.destroyForcibly(); // its files go, too: there is nothing to save
            process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(NativeServer::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
