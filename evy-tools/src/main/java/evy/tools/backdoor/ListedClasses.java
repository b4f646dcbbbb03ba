package evy.tools.backdoor;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.Set;

/**
 * A class loader that can say which classes it has in no file, so that snippets can be compiled
 * against them.
 */
public interface ListedClasses {
    /** {@return the binary names of the classes it has in memory} */
    Set<String> classNames();

    /**
     * The bytes of a class, as {@link ClassLoader#getResourceAsStream} gives them.
     *
     * @param name such as {@code com/acme/App.class}
     * @return null if there is none
     */
    @Nullable InputStream getResourceAsStream(String name);
}
