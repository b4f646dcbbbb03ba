package evy.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the build files say. */
final class Poms {
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([\\w.-]+)}");

    private Poms() {}

    /** The text of all of them, the parent's first. */
    static String text() throws IOException {
        var text = new StringBuilder(Files.readString(Document.file("pom.xml")));
        try (var modules = Files.list(Document.file(""))) {
            for (var module : modules.sorted().toList()) {
                var pom = module.resolve("pom.xml");
                text.append(Files.exists(pom) ? Files.readString(pom) : "");
            }
        }
        return text.toString();
    }

    /** The version that is built here. */
    static String version() throws IOException {
        return first("<artifactId>evy-parent</artifactId>\\s*<version>([^<]+)<", text());
    }

    /** The version of another's artifact that is used here; null if it is not. */
    static String version(String group, String artifact) throws IOException {
        var text = text();
        var version =
                first(
                        "<groupId>%s</groupId>\\s*<artifactId>%s</artifactId>\\s*<version>([^<]+)<"
                                .formatted(Pattern.quote(group), Pattern.quote(artifact)),
                        text);
        var property = PROPERTY.matcher(version == null ? "" : version);
        return property.matches()
                ? first("<%1$s>([^<]+)</%1$s>".formatted(property.group(1)), text)
                : version;
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }
}
