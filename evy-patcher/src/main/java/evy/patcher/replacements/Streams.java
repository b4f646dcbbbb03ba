package evy.patcher.replacements;

import evy.io.StandardStreams;

import java.io.InputStream;

/** The field of {@link System} that is read from. */
public final class Streams {
    private Streams() {}

    /** {@return {@link System#in}; on a green thread a stream that waits for it green} */
    public static InputStream in() {
        return Current.isGreen() ? StandardStreams.in().inputStream() : System.in;
    }
}
