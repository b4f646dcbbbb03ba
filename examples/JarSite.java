import evy.Evy;
import evy.io.GreenServerSocket;
import evy.io.ListenOptions;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLConnection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.jar.JarFile;

/**
 * A web server, HTTP/1.1 with keep-alive, for the files in a jar; on a port of this machine only.
 */
final class JarSite implements AutoCloseable {
    private static final int CONNECTIONS = 1_000;

    private final JarFile jar;
    private final GreenServerSocket server;

    private JarSite(Path file) throws IOException {
        jar = new JarFile(file.toFile());
        var address = new InetSocketAddress("127.0.0.1", 0);
        server = Evy.listen(address, ListenOptions.DEFAULT.withBacklog(CONNECTIONS));
        Evy.spawnN(this::serve);
    }

    /** Serves the documentation of AssertJ, which the tests of this project use. */
    static JarSite open() throws IOException {
        return new JarSite(DocumentationJar.find());
    }

    /** The address of its front page. */
    URI start() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/index.html");
    }

    @Override
    public void close() throws IOException {
        server.close();
        jar.close();
    }

    private void serve() throws Exception {
        try {
            Evy.serve(server, this::handle, CONNECTIONS);
        } catch (SocketException e) {
            if (!server.isClosed()) {
                throw e;
            }
        }
    }

    private void handle(Socket client) {
        try {
            client.setTcpNoDelay(true);
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    client.getInputStream(), StandardCharsets.ISO_8859_1));
            for (var request = in.readLine(); request != null; request = in.readLine()) {
                boolean keep = skipHeaders(in);
                answer(client, request);
                if (!keep) {
                    return;
                }
            }
        } catch (IOException e) {
            // the client has gone, and so does its green thread
        }
    }

    /** Reads up to the end of the headers; false if they say that no other request will follow. */
    private static boolean skipHeaders(BufferedReader in) throws IOException {
        boolean keep = true;
        for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            keep &= !line.equalsIgnoreCase("Connection: close");
        }
        return keep;
    }

    private void answer(Socket client, String request) throws IOException {
        var path = path(request);
        var entry = path == null ? null : jar.getJarEntry(path);
        if (entry == null) {
            var status = path == null ? "400 Bad Request" : "404 Not Found";
            send(client, status, "text/plain", status.getBytes(StandardCharsets.US_ASCII));
            return;
        }
        var type = URLConnection.guessContentTypeFromName(path);
        try (var content = jar.getInputStream(entry)) {
            send(client, "200 OK", type == null ? "text/plain" : type, content.readAllBytes());
        }
    }

    /** The file that is asked for; null if the request is not one for a file. */
    private static String path(String request) {
        var words = request.split(" ");
        if (words.length != 3 || !words[0].equals("GET") || !words[1].startsWith("/")) {
            return null;
        }
        try {
            var raw = words[1].substring(1).replaceFirst("[?].*", "").replace("+", "%2B");
            var path = URLDecoder.decode(raw, StandardCharsets.UTF_8);
            return path.isEmpty() || path.endsWith("/") ? path + "index.html" : path;
        } catch (IllegalArgumentException e) {
            return null; // a bad escape
        }
    }

    private static void send(Socket client, String status, String type, byte[] body)
            throws IOException {
        var head =
                ("HTTP/1.1 " + status + "\r\nContent-Type: " + type)
                        + ("\r\nContent-Length: " + body.length + "\r\n\r\n");
        var answer = new ByteArrayOutputStream(head.length() + body.length);
        answer.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        answer.writeBytes(body);
        client.getOutputStream().write(answer.toByteArray());
    }
}
