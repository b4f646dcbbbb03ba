package evy.io.dns;

import java.nio.file.Path;
import java.util.Locale;

/** Where the system keeps its tables. */
final class SystemFiles {
    private SystemFiles() {}

    /** The hosts file; the one the JDK was told to use, if it was. */
    static Path hosts() {
        String told = System.getProperty("jdk.net.hosts.file");
        return told != null ? Path.of(told) : table("hosts");
    }

    static Path services() {
        return table("services");
    }

    private static Path table(String name) {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String root = System.getenv("SystemRoot");
        return os.startsWith("windows") && root != null
                ? Path.of(root, "System32", "drivers", "etc", name)
                : Path.of("/etc", name);
    }
}
