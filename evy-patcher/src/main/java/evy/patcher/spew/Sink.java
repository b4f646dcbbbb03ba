package evy.patcher.spew;

import evy.debug.SpewOptions.Destination;
import evy.debug.SpewOptions.Destination.ToConsumer;
import evy.debug.SpewOptions.Destination.ToFile;
import evy.debug.SpewOptions.Destination.ToStream;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;

/** An open {@link Destination}. */
interface Sink extends AutoCloseable {
    /** Prints whole lines, and lets them be seen at once. */
    void print(String lines) throws IOException;

    @Override
    default void close() throws IOException {}

    /**
     * Opens a destination.
     *
     * @throws IOException if the file cannot be written
     */
    static Sink open(Destination destination) throws IOException {
        return switch (destination) {
            case ToStream to -> lines -> print(to.stream(), lines);
            case ToConsumer to -> lines -> lines.lines().forEach(to.consumer());
            case ToFile to -> new OfFile(Files.newBufferedWriter(to.path()));
        };
    }

    private static void print(PrintStream stream, String lines) throws IOException {
        stream.print(lines);
        if (stream.checkError()) { // flushes, too
            throw new IOException("nobody reads the output any more");
        }
    }

    /** A file. */
    record OfFile(Writer writer) implements Sink {
        @Override
        public void print(String lines) throws IOException {
            writer.write(lines);
            writer.flush();
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}
