package evy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import evy.documentation.Document.Fence;
import evy.documentation.Document.Prose;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/** What the documents show besides Java: commands, dependencies, other languages. */
class FencesIT {
    private static final int MOST_ONLY_COMPILED = 5;
    private static final Set<String> LANGUAGES =
            Set.of(
                    "java",
                    "sh",
                    "console",
                    "text",
                    "xml",
                    "json",
                    "python",
                    "properties",
                    "html",
                    "http",
                    "mermaid",
                    "ini",
                    "nginx",
                    "dockerfile");
    private static final Pattern INLINE = Pattern.compile("`((?:\\./evy|mvn) [^`]+)`");

    private final List<String> problems = new ArrayList<>();

    @Test
    void everyFence_isOfAKnownLanguage() {
        for (var document : Document.written()) {
            for (var fence : document.fences()) {
                if (!LANGUAGES.contains(fence.language())) {
                    problems.add(document.at(fence.line()) + ": '" + fence.language() + "'");
                }
            }
        }
        assertThat(problems).as("languages, of " + LANGUAGES).isEmpty();
    }

    @Test
    void everyCommand_namesWhatIsThere() throws IOException {
        for (var document : Document.written()) {
            for (var part : document.parts()) {
                switch (part) {
                    case Fence fence when fence.language().equals("sh") ->
                            checkCommands(document, fence, "");
                    case Fence fence when fence.language().equals("console") ->
                            checkCommands(document, fence, "$ ");
                    case Prose prose -> checkInline(document, prose.line());
                    default -> {}
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    private void checkCommands(Document document, Fence fence, String prompt) throws IOException {
        for (int i = 0; i < fence.text().size(); i++) {
            var line = fence.text().get(i);
            if (line.startsWith(prompt) && !line.isBlank() && !line.startsWith("#")) {
                check(document, fence.line() + 1 + i, line.substring(prompt.length()));
            }
        }
    }

    private void checkInline(Document document, int line) throws IOException {
        var command = INLINE.matcher(document.lines().get(line - 1));
        while (command.find()) {
            check(document, line, command.group(1));
        }
    }

    private void check(Document document, int line, String command) throws IOException {
        for (var problem : CommandLine.problems(command)) {
            problems.add(document.at(line) + ": " + problem);
        }
    }

    @Test
    void everyDependency_isOfThisVersion() throws Exception {
        for (var document : Document.written()) {
            for (var fence : document.fences()) {
                if (fence.language().equals("xml")) {
                    checkXml(document.at(fence.line()), String.join("\n", fence.text()));
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    private void checkXml(String place, String text)
            throws IOException, ParserConfigurationException {
        var source = new InputSource(new StringReader("<x>" + text + "</x>"));
        try {
            var parsed = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
            parsed.setErrorHandler(null);
            var dependencies = parsed.parse(source).getElementsByTagName("dependency");
            for (int i = 0; i < dependencies.getLength(); i++) {
                checkDependency(place, (Element) dependencies.item(i));
            }
        } catch (SAXException e) {
            problems.add(place + ": " + e.getMessage());
        }
    }

    private void checkDependency(String place, Element dependency) throws IOException {
        var group = child(dependency, "groupId");
        var artifact = child(dependency, "artifactId");
        var version = child(dependency, "version");
        boolean ours = "dev.evy".equals(group);
        if (ours && !Files.exists(Document.file(artifact + "/pom.xml"))) {
            problems.add(place + ": no module " + artifact);
        }
        var wanted = ours ? Poms.version() : Poms.version(group, artifact);
        if (version != null && !version.equals(wanted)) {
            problems.add(place + ": " + artifact + " is " + version + ", not " + wanted);
        }
    }

    private static String child(Element parent, String name) {
        var found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? null : found.item(0).getTextContent().strip();
    }

    @Test
    void everyPythonFence_isBalanced() {
        for (var document : Document.written()) {
            for (var fence : document.fences()) {
                if (fence.language().equals("python")
                        && !isBalanced(String.join("\n", fence.text()))) {
                    problems.add(document.at(fence.line()));
                }
            }
        }
        assertThat(problems).as("brackets and quotes").isEmpty();
    }

    private static boolean isBalanced(String python) {
        var bare =
                python.replaceAll("(?s)\"\"\".*?\"\"\"|'''.*?'''", "")
                        .replaceAll("'(?:\\\\.|[^'\\\\\n])*'|\"(?:\\\\.|[^\"\\\\\n])*\"", "")
                        .replaceAll("#.*", "");
        var open = new ArrayDeque<Character>();
        for (char c : bare.toCharArray()) {
            switch (c) {
                case '(' -> open.push(')');
                case '[' -> open.push(']');
                case '{' -> open.push('}');
                case ')', ']', '}' -> {
                    if (open.isEmpty() || open.pop() != c) {
                        return false;
                    }
                }
                default -> {}
            }
        }
        return open.isEmpty() && !bare.contains("\"");
    }

    @Test
    void fewJavaFences_areOnlyCompiled() {
        for (var document : Document.written()) {
            for (var snippet : Snippet.in(document)) {
                snippet.sections("compile only")
                        .forEach(why -> problems.add(snippet.place() + ": " + why.argument()));
            }
        }
        assertThat(problems).hasSizeLessThanOrEqualTo(MOST_ONLY_COMPILED);
    }

    @ParameterizedTest
    @CsvSource({
        "./evy --patched x.jar, evy has no option --patched",
        "./evy examples/NoSuch.java, no file examples/NoSuch.java",
        "X=1 ./evy examples/NoSuch.java, no file examples/NoSuch.java",
        "mvn -B verify -pl evy-nothing, no module evy-nothing",
        "mvn -B verify -Pnothing, no profile -Pnothing",
        "mvn verify -Dtest=NoSuchTest, no test NoSuchTest",
        "mvn verfiy, neither goal nor option of this build: verfiy"
    })
    void problems_wrongCommand_areFound(String command, String problem) throws IOException {
        assertThat(CommandLine.problems(command)).containsExactly(problem);
    }

    @Test
    void isBalanced_leftOpen_isNot() {
        assertThat(isBalanced("f(a, '(', [1]) # (")).isTrue();
        assertThat(isBalanced("f(a")).isFalse();
        assertThat(isBalanced("f(\"a)")).isFalse();
    }
}
