package evy.internal.poll;

import java.nio.charset.Charset;

/** How the names of files become bytes on this system. */
public final class PathCharset {
    /** The charset of {@link java.nio.file.Path}. */
    public static final Charset GET =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private PathCharset() {}
}
