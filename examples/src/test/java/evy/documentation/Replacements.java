package evy.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a snippet's text is changed in before it is compiled: ports and paths that a reader should
 * see, and a test must not use. {@code ${port}} becomes a port that nobody else gets, {@code
 * ${dir}} an empty folder.
 */
final class Replacements implements AutoCloseable {
    private final Map<String, String> map = new LinkedHashMap<>();
    private final Set<String> unused = new LinkedHashSet<>();
    private final String place;
    private Socket port;
    private Path folder;

    private Replacements(String place) {
        this.place = place;
    }

    static Replacements of(Snippet snippet) {
        var replacements = new Replacements(snippet.place());
        for (var section : snippet.sections("replace")) {
            var sides = section.argument().split(" => ", -1);
            if (sides.length != 2 || sides[0].isBlank()) {
                throw new IllegalArgumentException(
                        snippet.document().at(section.line())
                                + ": written 'replace TEXT => TEXT', not '"
                                + section.argument()
                                + "'");
            }
            replacements.map.put(sides[0].strip(), sides[1].strip());
            replacements.unused.add(sides[0].strip());
        }
        return replacements;
    }

    String apply(String line) {
        var changed = line;
        for (var entry : map.entrySet()) {
            if (changed.contains(entry.getKey())) {
                unused.remove(entry.getKey());
                changed = changed.replace(entry.getKey(), entry.getValue());
            }
        }
        if (changed.contains("${port}")) {
            changed = changed.replace("${port}", Integer.toString(port()));
        }
        if (changed.contains("${dir}")) {
            changed = changed.replace("${dir}", folder().toString());
        }
        return changed;
    }

    void requireAllUsed() {
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(place + ": nothing to replace for " + unused);
        }
    }

    /* A socket that is bound and does not listen keeps the port from everybody else, and lets a
     * listener that reuses addresses have it. */
    private int port() {
        if (port == null) {
            port = new Socket();
            try {
                port.setReuseAddress(true);
                port.bind(new InetSocketAddress(0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return port.getLocalPort();
    }

    private Path folder() {
        if (folder == null) {
            try {
                folder = Files.createTempDirectory("evy-docs");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }

    @Override
    public void close() throws IOException {
        if (port != null) {
            port.close();
        }
        if (folder != null) {
            Folders.delete(folder);
        }
    }
}
