package evy.documentation;

import evy.Evy;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** What the hidden sections of documents talk to a snippet's server with. */
public final class Peer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private Peer() {}

    /** Connects to a server of this machine; waits for it to be there. */
    public static GreenSocket connect(int port) throws IOException {
        return patiently(() -> Evy.connect("localhost", port));
    }

    /** Sends a text and the end of the stream; gives all that comes back. */
    public static String exchange(int port, String text) throws IOException {
        try (var socket = connect(port)) {
            socket.sendAll(text.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Waits until nobody listens on a port any more. */
    public static void awaitClosed(int port) throws IOException {
        while (true) {
            try {
                Evy.connect("localhost", port).close();
                Evy.sleep(PAUSE);
            } catch (ConnectException e) {
                return;
            }
        }
    }

    /** Fetches a page; waits for its server to be there. */
    public static String get(String url) throws IOException {
        return patiently(
                () -> {
                    var connection = URI.create(url).toURL().openConnection();
                    connection.setRequestProperty("Connection", "close"); // leaves nothing behind
                    try (var in = connection.getInputStream()) {
                        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    }
                });
    }

    /**
     * Has a green thread of this hub send everybody on a port back what they send.
     *
     * @param port 0 for any
     * @return the port
     */
    public static int serveEcho(int port) throws IOException {
        var server = Evy.listen("localhost", port);
        Evy.spawnN(() -> serveEcho(server));
        return server.getLocalPort();
    }

    private static void serveEcho(GreenServerSocket server) throws Exception {
        try (server) {
            Evy.serve(server, peer -> peer.getInputStream().transferTo(peer.getOutputStream()));
        }
    }

    /** Writes {@code chain.pem} and {@code key.pem}, of {@code localhost}, into a folder. */
    public static void writeCertificate(String folder) throws Exception {
        Certificates.write(Path.of(folder));
    }

    private static <T> T patiently(Attempt<T> attempt) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return attempt.make();
            } catch (ConnectException e) {
                if (System.nanoTime() - end >= 0) {
                    throw e;
                }
                Evy.sleep(PAUSE); // nobody tells when a server of other people's code listens
            }
        }
    }

    private interface Attempt<T> {
        T make() throws IOException;
    }
}
