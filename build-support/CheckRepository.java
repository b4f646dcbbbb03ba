import org.w3c.dom.Document;
import org.w3c.dom.Element;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

/**
 * Checks a repository that a release was deployed to: the artifacts that are to be published and no
 * others, each with what Maven Central asks for.
 *
 * <p>Use: {@code java CheckRepository.java PROJECT-FOLDER REPOSITORY-FOLDER}
 */
class CheckRepository {
    private static final List<String> OWN = List.of("name", "description");
    private static final List<String> INHERITED =
            List.of(
                    "url",
                    "licenses/license/name",
                    "licenses/license/url",
                    "developers/developer/name",
                    "scm/url",
                    "scm/connection");

    private final Path repository;
    private final Document parent;
    private final List<String> problems = new ArrayList<>();

    CheckRepository(Path project, Path repository) throws Exception {
        this.repository = repository;
        this.parent = read(project.resolve("pom.xml"));
    }

    public static void main(String... args) throws Exception {
        if (args.length != 2) {
            System.err.println("use: java CheckRepository.java PROJECT-FOLDER REPOSITORY-FOLDER");
            System.exit(2);
        }
        var project = Path.of(args[0]);
        var check = new CheckRepository(project, Path.of(args[1], "dev", "evy"));
        var expected = published(project);
        check.examine(expected);
        if (!check.problems.isEmpty()) {
            check.problems.forEach(System.err::println);
            System.exit(1);
        }
        System.out.println(args[1] + " is complete: " + String.join(", ", expected));
    }

    /** The artifacts of the parent and of all modules that do not say otherwise. */
    private static Set<String> published(Path project) throws Exception {
        var parent = read(project.resolve("pom.xml"));
        var artifacts = new TreeSet<String>(List.of(text(parent, "artifactId")));
        var modules = parent.getElementsByTagName("module");
        for (var i = 0; i < modules.getLength(); i++) {
            var pom = read(project.resolve(modules.item(i).getTextContent()).resolve("pom.xml"));
            if (!text(pom, "properties/maven.deploy.skip").equals("true")) {
                artifacts.add(text(pom, "artifactId"));
            }
        }
        return artifacts;
    }

    private void examine(Set<String> expected) throws Exception {
        for (var found : list(repository)) {
            if (Files.isDirectory(found) && !expected.contains(found.getFileName().toString())) {
                problems.add(found + ": is not to be published");
            }
        }
        for (var artifact : expected) {
            var folder = repository.resolve(artifact);
            if (!Files.isDirectory(folder)) {
                problems.add(folder + ": is missing");
                continue;
            }
            for (var version : list(folder)) {
                if (Files.isDirectory(version)) {
                    examineVersion(artifact, version);
                }
            }
        }
    }

    private void examineVersion(String artifact, Path folder) throws Exception {
        var pomFile = find(folder, ".pom");
        if (pomFile == null) {
            return;
        }
        var pom = read(pomFile);
        for (var path : OWN) {
            if (text(pom, path).isEmpty()) {
                problems.add(pomFile + ": has no " + path);
            }
        }
        for (var path : INHERITED) {
            var isInherited = !text(pom, "parent/artifactId").isEmpty();
            if (text(pom, path).isEmpty() && (!isInherited || text(parent, path).isEmpty())) {
                problems.add(pomFile + ": has no " + path);
            }
        }
        if (!text(pom, "packaging").equals("pom")) {
            var stem = pomFile.getFileName().toString().replaceFirst("\\.pom$", "");
            holds(folder.resolve(stem + ".jar"), "META-INF/MANIFEST.MF");
            holds(folder.resolve(stem + "-sources.jar"), "META-INF/MANIFEST.MF");
            holds(folder.resolve(stem + "-javadoc.jar"), "index.html");
        }
    }

    private Path find(Path folder, String end) throws IOException {
        for (var file : list(folder)) {
            if (file.toString().endsWith(end)) {
                return file;
            }
        }
        problems.add(folder + ": has no file *" + end);
        return null;
    }

    private void holds(Path jar, String entry) throws IOException {
        if (!Files.exists(jar)) {
            problems.add(jar + ": is missing");
            return;
        }
        try (var file = new JarFile(jar.toFile())) {
            if (file.getEntry(entry) == null) {
                problems.add(jar + ": has no " + entry);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static Document read(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    /** The text of an element below the root, empty if there is none. */
    private static String text(Document document, String path) throws XPathExpressionException {
        Element root = document.getDocumentElement();
        return XPathFactory.newInstance().newXPath().evaluate(path, root).strip();
    }
}
