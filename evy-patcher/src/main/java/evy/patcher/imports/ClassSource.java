package evy.patcher.imports;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.jar.Manifest;

/** One entry of a class path: where class files come from, and what has to be known of them. */
public sealed interface ClassSource extends Closeable permits Folder, Jar {
    /**
     * Opens an entry of a class path.
     *
     * @param entry a jar, or a folder of classes
     * @return the source; the caller's to close
     * @throws IOException if it is neither; the message names it
     */
    static ClassSource open(Path entry) throws IOException {
        return Files.isDirectory(entry) ? new Folder(entry) : new Jar(entry);
    }

    /**
     * Reads a class file.
     *
     * @param path as {@code com/lib/Main.class}
     * @return the class; null if there is none
     * @throws IOException if it cannot be read
     */
    @Nullable Found find(String path) throws IOException;

    /** {@return the manifest, which may seal packages; null if there is none} */
    @Nullable Manifest manifest();

    /** {@return where it lies} */
    Path location();

    /** A class file. */
    final class Found {
        private final byte[] bytes;
        private final CodeSource origin;

        Found(byte[] bytes, CodeSource origin) {
            this.bytes = bytes;
            this.origin = origin;
        }

        /** {@return its content} */
        public byte[] bytes() {
            return bytes;
        }

        /** {@return where it is from, and who has signed it} */
        public CodeSource origin() {
            return origin;
        }
    }
}
