package evy.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A command that a document shows: what it names of this project has to be there. */
final class CommandLine {
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Z_]+=\\S*");
    private static final Pattern PATH = Pattern.compile("(?:\\./)?(\\.?\\w[\\w.-]*)/[\\w./-]+");
    private static final Set<String> GOALS =
            Set.of("clean", "test", "test-compile", "package", "verify", "install");
    private static final Set<String> MAVEN_OPTIONS = Set.of("-B", "-q", "-o", "-N", "-am", "-e");
    private static final Set<String> MAVEN_PROPERTIES =
            Set.of("test", "it.test", "skipTests", "surefire.failIfNoSpecifiedTests");

    private final List<String> words;
    private final List<String> problems = new ArrayList<>();

    private CommandLine(List<String> words) {
        this.words = words;
    }

    /** What is wrong with a command; nothing for those that are none of this project's. */
    static List<String> problems(String text) throws IOException {
        var words =
                Stream.of(text.replaceFirst("(^|\\s)#.*", "").strip().split("\\s+"))
                        .dropWhile(word -> ASSIGNMENT.matcher(word).matches())
                        .toList();
        var command = new CommandLine(words);
        switch (words.getFirst()) {
            case "evy", "./evy" -> command.checkEvy();
            case "mvn" -> command.checkMaven();
            default -> {}
        }
        command.checkPaths();
        return command.problems;
    }

    private void checkEvy() throws IOException {
        var help =
                Files.readString(Document.file("evy-tools/src/main/resources/evy/tools/usage.txt"));
        words.stream()
                .skip(1)
                .takeWhile(word -> word.startsWith("-") || word.equals("run"))
                .map(word -> word.replaceFirst("=.*", ""))
                .filter(word -> !help.contains(word))
                .forEach(word -> problems.add("evy has no option " + word));
    }

    private void checkMaven() throws IOException {
        for (int i = 1; i < words.size(); i++) {
            var word = words.get(i);
            if (word.contains(":") && !word.startsWith("-")) {
                return; // a plugin's goal has properties of its own
            }
            if (word.equals("-pl")) {
                for (var module : words.get(++i).split(",")) {
                    require(exists(module + "/pom.xml"), "no module " + module);
                }
            } else if (word.startsWith("-P")) {
                var profile = "<id>" + word.substring(2) + "</id>";
                require(Poms.text().contains(profile), "no profile " + word);
            } else if (word.startsWith("-D")) {
                checkProperty(word.substring(2));
            } else {
                require(
                        GOALS.contains(word) || MAVEN_OPTIONS.contains(word),
                        "neither goal nor option of this build: " + word);
            }
        }
    }

    private void checkProperty(String setting) throws IOException {
        var sides = setting.split("=", 2);
        if (!MAVEN_PROPERTIES.contains(sides[0])) {
            // those of Evy's are looked at by SettingsIT, wherever they are mentioned
            require(Settings.isName(sides[0]), "no property of this build: " + sides[0]);
        } else if (sides[0].endsWith("test") && !sides[1].equals("none")) {
            require(testExists(sides[1].replaceFirst("#.*", "")), "no test " + sides[1]);
        }
    }

    private static boolean testExists(String name) throws IOException {
        try (var modules = Files.list(Document.file(""))) {
            for (var module : modules.map(m -> m.resolve("src/test/java")).toList()) {
                if (Files.isDirectory(module)) {
                    try (var found = Files.find(module, 9, (f, _) -> f.endsWith(name + ".java"))) {
                        if (found.findAny().isPresent()) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private void checkPaths() {
        for (var word : words) {
            var path = PATH.matcher(word.replaceFirst("^-javaagent:", "").replaceFirst("=.*", ""));
            if (path.matches() && exists(path.group(1)) && !path.group(1).equals("target")) {
                require(exists(path.group()), "no file " + path.group());
            }
        }
    }

    private static boolean exists(String name) {
        return Files.exists(Document.file(name));
    }

    private void require(boolean good, String problem) {
        if (!good) {
            problems.add(problem);
        }
    }
}
