package evy.web;

import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Serves the files of a folder, with ranges and conditional requests as {@link Response#file}.
 *
 * <p>A folder is answered by its {@code index.html}; there are no listings. Never served are files
 * outside the folder, by whatever path or link, and those with a name that begins with a dot, at
 * any depth.
 *
 * @thread any
 */
public final class StaticFiles implements App {
    private static final String INDEX = "index.html";

    private final String prefix;
    private final Path root;
    private final @Nullable Duration maxAge;

    private StaticFiles(String prefix, Path root, @Nullable Duration maxAge) {
        this.prefix = prefix;
        this.root = root;
        this.maxAge = maxAge;
    }

    /**
     * Serves a folder.
     *
     * @param prefix the path that stands for the folder, such as {@code /static/}
     * @param folder must exist
     * @return an app for that path and all below it
     * @throws IOException if the folder cannot be found
     * @throws IllegalArgumentException if it is no folder, or the prefix does not begin and end
     *     with a slash
     */
    public static StaticFiles at(String prefix, Path folder) throws IOException {
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix must begin and end with '/': " + prefix);
        }
        Path root = Tpool.executeIo(folder::toRealPath);
        if (!Files.isDirectory(root)) {
            throw new IllegalArgumentException("not a folder: " + folder);
        }
        return new StaticFiles(prefix, root, null);
    }

    /**
     * The same with a time for which clients need not ask again.
     *
     * @param newMaxAge in whole seconds
     * @return another app
     */
    public StaticFiles withMaxAge(Duration newMaxAge) {
        return new StaticFiles(prefix, root, newMaxAge);
    }

    @Override
    public Response handle(Request request) throws Exception {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Response.methodNotAllowed("GET", "HEAD");
        }
        String path = request.path();
        Path file = path.startsWith(prefix) ? resolve(path.substring(prefix.length())) : null;
        return switch (file == null ? Kind.MISSING : Tpool.execute(() -> kindOf(file))) {
            case FILE -> answer(file);
            case FOLDER -> toFolder(request);
            case MISSING -> Response.text("not found\n").withStatus(404);
        };
    }

    /* Names that begin with a dot are hidden; that takes care of "." and "..", too. */
    private @Nullable Path resolve(String relative) {
        String name = relative.isEmpty() || relative.endsWith("/") ? relative + INDEX : relative;
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.startsWith(".") || segment.indexOf('\\') >= 0) {
                return null;
            }
        }
        try {
            return root.resolve(name);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private enum Kind {
        FILE,
        FOLDER,
        MISSING
    }

    /* Native thread. The real path is compared, so that no link leads out. */
    private Kind kindOf(Path file) throws IOException {
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(root)) {
                return Kind.MISSING;
            }
            return Files.isDirectory(real) ? Kind.FOLDER : Kind.FILE;
        } catch (FileSystemException e) {
            return Kind.MISSING;
        }
    }

    private Response answer(@Nullable Path file) {
        assert file != null;
        Response response =
                Response.file(file)
                        .withType(typeOf(file))
                        .withHeader("X-Content-Type-Options", "nosniff");
        return maxAge == null
                ? response
                : response.withHeader("Cache-Control", "max-age=" + maxAge.toSeconds());
    }

    /* Relative links in its index lead into the folder only if the path ends with a slash. */
    private static Response toFolder(Request request) {
        String path = request.rawPath();
        String query = request.query() == null ? "" : "?" + request.query();
        String name = path.substring(path.lastIndexOf('/') + 1);
        return Response.redirect("./" + name + "/" + query).withStatus(308);
    }

    private static String typeOf(Path file) {
        String type = URLConnection.guessContentTypeFromName(file.getFileName().toString());
        if (type == null) {
            return "application/octet-stream";
        }
        return type.startsWith("text/") ? type + "; charset=utf-8" : type;
    }
}
