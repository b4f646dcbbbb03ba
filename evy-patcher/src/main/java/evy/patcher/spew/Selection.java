package evy.patcher.spew;

import org.jspecify.annotations.Nullable;

import java.lang.module.ResolvedModule;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which classes are traced: those that names choose, never the JDK's and never Evy's own. */
final class Selection {
    private static final Pattern NAME =
            Pattern.compile("\\p{javaJavaIdentifierStart}[\\p{javaJavaIdentifierPart}.]*");
    private static final String EVY = "evy";
    private static final String JDK = "jrt";

    private final List<String> names;

    private Selection(List<String> names) {
        this.names = names;
    }

    /**
     * Makes one.
     *
     * @param names packages and classes; none for all
     * @throws IllegalArgumentException if one cannot be traced; the message says why
     */
    static Selection of(List<String> names) {
        names.forEach(Selection::require);
        return new Selection(names.stream().map(Selection::dotted).toList());
    }

    private static void require(String name) {
        if (!NAME.matcher(name).matches() || name.endsWith(".")) {
            throw new IllegalArgumentException(
                    "not the name of a package or class: '"
                            + name
                            + "'; write com.acme or com.acme.Report");
        }
        if (isOf(EVY, name)) {
            throw new IllegalArgumentException(
                    "cannot trace '" + name + "': the trace is made by Evy's own classes");
        }
        int dot = name.lastIndexOf('.');
        Set<String> jdk = packagesOfJdk();
        if (isOf("java", name)
                || jdk.contains(name)
                || (dot > 0
                        && Character.isUpperCase(name.charAt(dot + 1))
                        && jdk.contains(name.substring(0, dot)))) {
            throw new IllegalArgumentException(
                    "cannot trace '" + name + "': the trace is made by the JDK's classes");
        }
    }

    private static Set<String> packagesOfJdk() {
        return ModuleLayer.boot().configuration().modules().stream()
                .map(ResolvedModule::reference)
                .filter(module -> module.location().filter(Selection::isOfJdk).isPresent())
                .flatMap(module -> module.descriptor().packages().stream())
                .collect(Collectors.toSet());
    }

    private static boolean isOfJdk(URI location) {
        return JDK.equals(location.getScheme());
    }

    /** Whether a class is traced; its name as {@code com.acme.Report$Row}. */
    boolean covers(
            String className, @Nullable ClassLoader loader, @Nullable ProtectionDomain domain) {
        if (loader == null
                || loader == ClassLoader.getPlatformClassLoader()
                || isOf(EVY, className)
                || !(names.isEmpty() || isNamed(className))) {
            return false;
        }
        URI location = location(domain);
        return location == null || !isOfJdk(location);
    }

    private boolean isNamed(String className) {
        String dotted = dotted(className);
        return names.stream().anyMatch(name -> isOf(name, dotted));
    }

    private static String dotted(String name) {
        return name.replace('$', '.');
    }

    /* Outer.Inner is written as in source text, or as the JVM names it: Outer$Inner. */
    private static boolean isOf(String name, String className) {
        if (!className.startsWith(name)) {
            return false;
        }
        char next = className.length() == name.length() ? '.' : className.charAt(name.length());
        return next == '.';
    }

    /** Where classes of a domain come from; null if that is not known. */
    static @Nullable URI location(@Nullable ProtectionDomain domain) {
        CodeSource source = domain == null ? null : domain.getCodeSource();
        URL location = source == null ? null : source.getLocation();
        try {
            return location == null ? null : URI.create(location.toString());
        } catch (IllegalArgumentException e) {
            return null; // a loader's own idea of a location
        }
    }
}
