package evy.internal.os;

import org.jspecify.annotations.Nullable;

/** Tells whether the system calls of this package can be used on this machine. */
public final class Platform {
    private static final @Nullable String UNAVAILABLE = probe();

    private Platform() {}

    /** Why not, in one line that says what to do; null if they can be used. */
    public static @Nullable String unavailable() {
        return UNAVAILABLE;
    }

    private static @Nullable String probe() {
        String system = System.getProperty("os.name", "");
        if (!system.equals("Linux")) {
            return "Linux only, this is " + system;
        }
        if (!LinuxAbi.LITTLE_ENDIAN || !(LinuxAbi.X86_64 || LinuxAbi.AARCH64)) {
            return "x86_64 and aarch64 only, this is " + LinuxAbi.ARCH;
        }
        try {
            Descriptors.load();
            Sockets.load();
            Epoll.load();
            return null;
        } catch (LinkageError | RuntimeException e) {
            return explain(rootOf(e));
        }
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String explain(Throwable root) {
        if (root instanceof IllegalCallerException) {
            Module module = Platform.class.getModule();
            String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
            return "native access is denied; add --enable-native-access=" + name;
        }
        return "cannot bind the C library: " + root;
    }
}
