package evy.io;

import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;

/** What a file is opened for, by the letters that C and Python use. */
enum FileMode {
    R("r", true, false),
    W("w", false, true),
    A("a", false, true),
    R_PLUS("r+", true, true),
    W_PLUS("w+", true, true),
    A_PLUS("a+", true, true);

    private final String letters;
    private final boolean reads;
    private final boolean writes;

    FileMode(String letters, boolean reads, boolean writes) {
        this.letters = letters;
        this.reads = reads;
        this.writes = writes;
    }

    /** A {@code b} or {@code t} in the letters makes no difference. */
    static FileMode of(String letters) {
        String plain = letters.replace("b", "").replace("t", "");
        for (FileMode mode : values()) {
            if (mode.letters.equals(plain)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "mode must be one of r, w, a, r+, w+, a+: '" + letters + "'");
    }

    boolean reads() {
        return reads;
    }

    boolean writes() {
        return writes;
    }

    boolean appends() {
        return this == A || this == A_PLUS;
    }

    Set<? extends OpenOption> options() {
        EnumSet<StandardOpenOption> options = optionsToReopen();
        if (writes && this != R_PLUS) {
            options.add(StandardOpenOption.CREATE);
        }
        if (this == W || this == W_PLUS) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        return options;
    }

    /** Options for a file that is open already and must stay as it is. */
    EnumSet<StandardOpenOption> optionsToReopen() {
        EnumSet<StandardOpenOption> options = EnumSet.noneOf(StandardOpenOption.class);
        if (reads) {
            options.add(StandardOpenOption.READ);
        }
        if (this == A) {
            options.add(StandardOpenOption.APPEND); // which the JDK refuses beside READ
        } else if (writes) {
            options.add(StandardOpenOption.WRITE);
        }
        return options;
    }

    @Override
    public String toString() {
        return letters;
    }
}
