package evy.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds out which settings of the user's the published modules and the command read. */
final class Settings {
    private static final Pattern READ =
            Pattern.compile(
                    "(?:System\\.get(?:Property|env)\\(|(?:Boolean|Integer|Long)"
                            + "\\.get(?:Boolean|Integer|Long)\\(|Tokens\\.get\\(.*?,)"
                            + "\\s*(?:\"([^\"]+)\"|(\\w+))");
    private static final Pattern CONSTANT =
            Pattern.compile("\\bString (\\w+)\\s*=\\s*\"([^\"]+)\";");
    private static final Pattern SHELL = Pattern.compile("\\$\\{?(EVY_[A-Z_]+)");
    private static final Pattern NAME = Pattern.compile("evy\\.[a-z.]+|EVY_[A-Z_]+");

    private Settings() {}

    /** All names of Evy's that are read anywhere. */
    static Set<String> read() throws IOException {
        var names = new TreeSet<String>();
        for (var source : Sources.ofPublishedModules()) {
            collect(source.text(), names);
        }
        var command = SHELL.matcher(Files.readString(Document.file("evy")));
        while (command.find()) {
            names.add(command.group(1));
        }
        names.removeIf(name -> !isName(name));
        return names;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Names are literals, or constants of the same file. */
    static void collect(String source, Set<String> names) {
        var constants = new HashMap<String, String>();
        var constant = CONSTANT.matcher(source);
        while (constant.find()) {
            constants.put(constant.group(1), constant.group(2));
        }
        var read = READ.matcher(source);
        while (read.find()) {
            var literal = read.group(1);
            names.add(literal != null ? literal : constants.getOrDefault(read.group(2), ""));
        }
    }
}
