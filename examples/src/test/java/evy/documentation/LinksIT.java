package evy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import evy.documentation.Links.Link;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Every link of every document leads somewhere, and every document can be found. */
class LinksIT {
    private static final String[] NOT_FOR_PROGRAMS = {
        "evy/patcher/replacements", "evy/testkit/contract", "evy/testkit/spec", "evy/tools"
    };

    private static final Pattern FILE =
            Pattern.compile("(?<![\\w/.-])(?:docs|examples)/[\\w/.-]+\\.(?:md|java|tsv|txt|sh)\\b");

    private final Map<String, Document> documents =
            Document.all()
                    .collect(
                            Collectors.toMap(
                                    Document::name, d -> d, (one, other) -> one, TreeMap::new));

    @Test
    void everyLink_leadsSomewhere() {
        var broken = new ArrayList<String>();
        for (var document : documents.values()) {
            for (var link : Links.of(document)) {
                var problem = problem(document, link);
                if (problem != null) {
                    broken.add(document.at(link.line()) + ": " + link.target() + ": " + problem);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    /** What is wrong with a link; null if nothing is. */
    private String problem(Document from, Link link) {
        if (link.target().matches("[a-z]+:.*")) {
            return isWellFormed(link.target()) ? null : "not an address";
        }
        var halves = link.target().split("#", 2);
        var name = halves[0].isEmpty() ? from.name() : resolve(from, halves[0]);
        if (name.startsWith("..")) {
            return "outside the project";
        }
        if (!Files.exists(Document.file(name))) {
            return "no such file: " + name;
        }
        if (halves.length == 2) {
            var target = documents.get(name);
            if (target == null) {
                return "no document: " + name;
            }
            var anchors = Links.anchors(target);
            return anchors.contains(halves[1]) ? null : "no such heading; there are " + anchors;
        }
        return null;
    }

    private static boolean isWellFormed(String target) {
        try {
            var uri = new URI(target);
            return "mailto".equals(uri.getScheme()) || uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String resolve(Document from, String target) {
        return Path.of(from.name()).resolveSibling(target).normalize().toString();
    }

    /** A folder's is what GitHub shows for it. */
    private static String document(String name) {
        return Files.isDirectory(Document.file(name)) ? name + "/README.md" : name;
    }

    @Test
    void everyDocument_isReachedFromTheReadme() {
        var reached = new HashSet<>(List.of("README.md"));
        var next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            var document = documents.get(next.remove());
            for (var link : Links.of(document)) {
                var path = link.target().split("#", 2)[0];
                var name = path.contains(":") ? "" : document(resolve(document, path));
                if (documents.containsKey(name) && reached.add(name)) {
                    next.add(name);
                }
            }
        }
        var lost = new TreeSet<>(documents.keySet());
        lost.removeAll(reached);
        assertThat(lost).as("documents that no link leads to").isEmpty();
    }

    @Test
    void everyFileThatIsNamed_isThere() throws IOException {
        var lost = new ArrayList<String>();
        for (var document : documents.values()) {
            lost.addAll(lost(document.name(), document.lines()));
        }
        for (var source : Sources.ofPublishedModules()) {
            lost.addAll(lost(source.name(), source.text().lines().toList()));
        }
        assertThat(lost).isEmpty();
    }

    private static List<String> lost(String name, List<String> lines) {
        var lost = new ArrayList<String>();
        for (int i = 0; i < lines.size(); i++) {
            var file = FILE.matcher(lines.get(i));
            while (file.find()) {
                if (!Files.exists(Document.file(file.group()))) {
                    lost.add(name + ":" + (i + 1) + ": " + file.group());
                }
            }
        }
        return lost;
    }

    @Test
    void everyPublishedPackage_showsHowItIsUsed() throws IOException {
        var poor = new ArrayList<String>();
        for (var source : Sources.ofPublishedModules()) {
            var isPackage = source.name().endsWith("/package-info.java");
            if (isPackage && source.isExported() && !source.text().contains("{@snippet")) {
                poor.add(source.name().replaceFirst(".*/src/main/java/(.*)/.*", "$1"));
            }
        }
        assertThat(poor).containsExactlyInAnyOrder(NOT_FOR_PROGRAMS);
    }

    @Test
    void slug_heading_isGitHubs() {
        assertThat(Links.slug("What `join()` does, and when?"))
                .isEqualTo("what-join-does-and-when");
        assertThat(Links.slug("As an ExecutorService")).isEqualTo("as-an-executorservice");
        assertThat(Links.slug("[ADR 4](adr/4.md): it & that")).isEqualTo("adr-4-it--that");
        assertThat(Links.slug("snake_case – dash")).isEqualTo("snake_case--dash");
    }

    @Test
    void links_inCode_areNone() {
        var lines =
                List.of("a `[b](c)` [d](e.md#f \"t\")", "```text", "[g](h)", "```", "[i]: j.md");

        assertThat(Links.of(Document.of("x.md", lines)))
                .containsExactly(new Link(1, "e.md#f"), new Link(5, "j.md"));
    }
}
