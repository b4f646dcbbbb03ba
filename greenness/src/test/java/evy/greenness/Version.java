package evy.greenness;

import java.security.CodeSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the library that a class belongs to, from the name of its jar. */
final class Version {
    private static final Pattern JAR = Pattern.compile("-(\\d[^/]*)\\.jar$");

    private Version() {}

    static String of(Class<?> type) {
        if (type.getModule().isNamed()) {
            return "JDK " + Runtime.version().feature();
        }
        CodeSource source = type.getProtectionDomain().getCodeSource();
        Matcher jar = JAR.matcher(source.getLocation().getPath());
        if (!jar.find()) {
            throw new IllegalStateException(type + ": no version in " + source.getLocation());
        }
        return jar.group(1);
    }
}
