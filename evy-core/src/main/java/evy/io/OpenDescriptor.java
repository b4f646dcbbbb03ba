package evy.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What {@code /proc} says of a descriptor number of this process. */
record OpenDescriptor(int fd, String target, int access, long position) {
    private static final Path NUMBERS = Path.of("/proc/self/fd");
    private static final Path INFOS = Path.of("/proc/self/fdinfo");

    private static final int ACCESS_MASK = 3;
    private static final int WRITES_ONLY = 1;
    private static final int OCTAL = 8;

    static boolean areListed() {
        return Files.isDirectory(NUMBERS);
    }

    static OpenDescriptor of(int fd) throws IOException {
        if (!areListed()) {
            throw new UnsupportedOperationException(
                    "descriptor " + fd + ": numbers can be used where there is " + NUMBERS);
        }
        try {
            Path path = NUMBERS.resolve(String.valueOf(fd));
            List<String> info = Files.readAllLines(INFOS.resolve(String.valueOf(fd)));
            int flags = Integer.parseInt(value(info, "flags:"), OCTAL);
            return new OpenDescriptor(
                    fd,
                    Files.readSymbolicLink(path).toString(),
                    flags & ACCESS_MASK,
                    Long.parseLong(value(info, "pos:")));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("descriptor " + fd + " is not open", e);
        }
    }

    private static String value(List<String> info, String key) throws IOException {
        for (String line : info) {
            if (line.startsWith(key)) {
                return line.substring(key.length()).strip();
            }
        }
        throw new IOException("no '" + key + "' in " + info);
    }

    Path path() {
        return NUMBERS.resolve(String.valueOf(fd));
    }

    String name() {
        return "<fd:" + fd + ">";
    }

    boolean isFile() {
        return Files.isRegularFile(path());
    }

    void requireOpenFor(FileMode mode) {
        if (target.startsWith("socket:")) {
            throw new IllegalArgumentException(
                    "descriptor " + fd + " is a socket, not a file or pipe");
        }
        boolean reads = access != WRITES_ONLY;
        boolean writes = access != 0;
        if ((mode.reads() && !reads) || (mode.writes() && !writes)) {
            String open = reads && writes ? "read and write" : reads ? "read" : "write";
            throw new IllegalArgumentException(
                    "descriptor " + fd + " is open to " + open + ", not for mode '" + mode + "'");
        }
    }
}
