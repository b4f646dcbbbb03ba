package evy.web.http1;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;

/** The bytes of a connection. Each call has its own time limit, in nanoseconds. */
public interface Wire extends AutoCloseable {
    /**
     * Waits until there is something to read, or the end, with as little memory as can be.
     *
     * @return false if the time was over first
     */
    boolean awaitReadable(long nanos) throws IOException;

    /**
     * Reads what is there without waiting.
     *
     * @return bytes read, -1 at the end; 0 if {@link #awaitReadable} has to come first
     */
    default int tryRead(byte[] buffer, int offset, int length) throws IOException {
        return 0;
    }

    /**
     * Reads what is there, waiting for at least one byte.
     *
     * @return bytes read, -1 at the end
     * @throws java.net.SocketTimeoutException if the time was over first
     */
    int read(byte[] buffer, int offset, int length, long nanos) throws IOException;

    /**
     * Writes all of it.
     *
     * @param nanos for each 64 KiB
     * @throws java.net.SocketTimeoutException if the time was over first
     */
    void write(byte[] buffer, int offset, int length, long nanos) throws IOException;

    /**
     * Writes all of two arrays, the beginning of one and a part of another, as if they were one.
     *
     * @param nanos for each 64 KiB
     * @throws java.net.SocketTimeoutException if the time was over first
     */
    default void write(
            byte[] first, int firstLength, byte[] second, int offset, int length, long nanos)
            throws IOException {
        write(first, 0, firstLength, nanos);
        write(second, offset, length, nanos);
    }

    /** Asks whether {@link #sendFile} can be called, and spares reading the file. */
    default boolean sendsFiles() {
        return false;
    }

    /**
     * Sends a part of a file.
     *
     * @param nanos for each 64 KiB
     * @return bytes sent; fewer than {@code count} if the file ends before
     * @throws java.net.SocketTimeoutException if the time was over first
     */
    default long sendFile(Path file, long position, long count, long nanos) throws IOException {
        throw new UnsupportedOperationException(this + " sends no files");
    }

    /**
     * Writes what can be written without waiting; may be called in a hub's callback.
     *
     * @return bytes written
     */
    int tryWrite(byte[] buffer, int offset, int length) throws IOException;

    /** Tells the peer that nothing more comes. */
    void endOutput() throws IOException;

    /** Breaks off, so that the peer cannot take it for a regular end. */
    void reset() throws IOException;

    /**
     * Puts the socket back to how it was, for somebody else to use.
     *
     * @return the socket, in blocking mode, without a time limit
     */
    Socket release() throws IOException;

    @Override
    void close() throws IOException;
}
