import evy.web.Request;
import evy.web.Response;
import evy.web.WebOptions;
import evy.web.WebServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;

/**
 * A web site for the crawlers, on a port of this machine only: the documentation of AssertJ, which
 * the tests of this project use, served from its jar.
 */
final class JarSite implements AutoCloseable {
    private final JarFile jar;
    private final WebServer server;

    private JarSite(Path file) throws IOException {
        jar = new JarFile(file.toFile());
        var here = new InetSocketAddress("127.0.0.1", 0);
        server = WebServer.start(here, this::answer, WebOptions.DEFAULT);
    }

    /** Starts to serve. */
    static JarSite open() throws IOException {
        return new JarSite(MavenJars.find("site").getFirst());
    }

    /** The address of its front page. */
    URI start() {
        return address("index.html");
    }

    /** The addresses of all its pages. */
    List<URI> pages() {
        return jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.endsWith(".html"))
                .map(this::address)
                .toList();
    }

    private URI address(String name) {
        return URI.create("http:/" + server.address() + "/" + name);
    }

    private Response answer(Request request) throws IOException {
        var entry = jar.getJarEntry(request.path().substring(1));
        if (entry == null) {
            return Response.text("not found\n").withStatus(404);
        }
        var type = URLConnection.guessContentTypeFromName(entry.getName());
        try (var content = jar.getInputStream(entry)) {
            return Response.bytes(content.readAllBytes())
                    .withType(Objects.requireNonNullElse(type, "text/plain"));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        jar.close();
    }
}
