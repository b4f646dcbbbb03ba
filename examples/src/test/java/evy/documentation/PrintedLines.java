package evy.documentation;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares what a snippet has printed with what its document says. */
final class PrintedLines {
    private static final Pattern COMMENTED =
            Pattern.compile("\\s*IO\\.println\\(.*\\);\\s*// (.*\\S)\\s*");

    private PrintedLines() {}

    /** What the comments behind {@code IO.println(…)} say that it prints. */
    static List<String> promisedBy(Snippet snippet) {
        return snippet.fence().text().stream()
                .map(COMMENTED::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> matcher.group(1))
                .toList();
    }

    /** The first promise that is not kept, the lines in their order; null if all are. */
    static String firstMissing(List<String> promised, String printed) {
        var lines = printed.lines().iterator();
        for (var promise : promised) {
            boolean found = false;
            while (!found && lines.hasNext()) {
                found = lines.next().equals(promise);
            }
            if (!found) {
                return promise;
            }
        }
        return null;
    }

    /** True if it is that text, in which {@code ...} stands for anything. */
    static boolean matches(List<String> wanted, String printed) {
        var pattern =
                wanted.stream()
                        .map(PrintedLines::linePattern)
                        .collect(Collectors.joining("", "", ""));
        return Pattern.matches(pattern, printed.isEmpty() ? "" : withNewline(printed));
    }

    private static String withNewline(String text) {
        return text.endsWith("\n") ? text : text + "\n";
    }

    private static String linePattern(String line) {
        if (line.strip().equals("...")) {
            return "(?:.*\\n)*?";
        }
        var parts = line.stripTrailing().split(Pattern.quote("..."), -1);
        var pattern = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            pattern.append(i == 0 ? "" : ".*").append(Pattern.quote(parts[i]));
        }
        return pattern.append(" *\\n").toString();
    }
}
