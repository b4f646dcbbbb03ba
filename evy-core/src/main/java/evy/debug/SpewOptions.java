package evy.debug;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What {@link Debug#spew(SpewOptions)} traces, and where it prints. Immutable.
 *
 * {@snippet :
 * Debug.spew(SpewOptions.of("com.acme").withValues().to(Path.of("trace.txt")));
 * }
 *
 * @param names packages, with those below them, and classes, with those inside them; none of them
 *     for all code of the program
 * @param values whether to print the variables that a line uses, as they are before it
 * @param sources folders and jars with source text, looked into first
 * @param destination where it prints
 */
public record SpewOptions(
        List<String> names, boolean values, List<Path> sources, Destination destination) {
    /** Where a trace is printed. */
    public sealed interface Destination {
        /**
         * A stream; it is flushed, and not closed.
         *
         * @param stream the stream
         */
        record ToStream(PrintStream stream) implements Destination {}

        /**
         * A file, in UTF-8; what it had before is lost.
         *
         * @param path the file
         */
        record ToFile(Path path) implements Destination {}

        /**
         * Code that gets each line, without its end, on a thread of its own that is not traced. If
         * it throws, nothing more is printed.
         *
         * @param consumer gets the lines
         */
        record ToConsumer(Consumer<String> consumer) implements Destination {}
    }

    /** Checks the parts and copies the lists. */
    public SpewOptions {
        names = List.copyOf(names);
        sources = List.copyOf(sources);
        Objects.requireNonNull(destination, "destination");
    }

    /**
     * Traces to standard output, without values.
     *
     * @param names as {@code com.acme} or {@code com.acme.Report}; none for all code of the program
     * @return the options
     */
    public static SpewOptions of(String... names) {
        return new SpewOptions(
                List.of(names), false, List.of(), new Destination.ToStream(System.out));
    }

    /**
     * The same with the values of the variables that a line uses. To have them in words their
     * {@code toString} is called: if that waits, so does the program.
     *
     * @return the new options
     */
    public SpewOptions withValues() {
        return new SpewOptions(names, true, sources, destination);
    }

    /**
     * The same with more places to look for source text. Looked into anyway: the source file that
     * is run, Maven's and Gradle's folders beside a folder of classes, and {@code x-sources.jar}
     * beside {@code x.jar}.
     *
     * @param more folders and jars
     * @return the new options
     */
    public SpewOptions withSources(Path... more) {
        List<Path> all = new ArrayList<>(sources);
        all.addAll(List.of(more));
        return new SpewOptions(names, values, all, destination);
    }

    /**
     * The same, printed to a stream.
     *
     * @param stream is flushed, and not closed
     * @return the new options
     */
    public SpewOptions to(PrintStream stream) {
        return new SpewOptions(names, values, sources, new Destination.ToStream(stream));
    }

    /**
     * The same, printed to a file.
     *
     * @param file loses what it had before
     * @return the new options
     */
    public SpewOptions to(Path file) {
        return new SpewOptions(names, values, sources, new Destination.ToFile(file));
    }

    /**
     * The same, given to code.
     *
     * @param consumer gets each line on a thread that is not traced
     * @return the new options
     */
    public SpewOptions to(Consumer<String> consumer) {
        return new SpewOptions(names, values, sources, new Destination.ToConsumer(consumer));
    }
}
