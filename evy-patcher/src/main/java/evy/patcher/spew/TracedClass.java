package evy.patcher.spew;

import org.jspecify.annotations.Nullable;

import java.net.URI;

/**
 * A class as far as a trace has to know it.
 *
 * @param name as {@code com.acme.Report}
 * @param sourceFile the name of its source file; null if it does not say
 * @param location where it was loaded from; null if that is not known
 */
record TracedClass(String name, @Nullable String sourceFile, @Nullable URI location) {
    /** The path of its source below a folder of sources; null if it does not say. */
    @Nullable String sourcePath() {
        int dot = name.lastIndexOf('.');
        return sourceFile == null
                ? null
                : name.substring(0, dot + 1).replace('.', '/') + sourceFile;
    }
}
