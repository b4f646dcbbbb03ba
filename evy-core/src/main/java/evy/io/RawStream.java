package evy.io;

import java.io.Closeable;
import java.io.IOException;

/**
 * Unbuffered bytes, in or out, whose waits are green. One reader and one writer at a time; {@link
 * GreenPipe} sees to that.
 */
interface RawStream extends Closeable {
    /**
     * Reads some bytes, waiting for at least one. If it throws, nothing has been taken.
     *
     * @return bytes read, -1 at the end
     */
    default int read(byte[] buffer, int offset, int length) throws IOException {
        throw new IOException(this + " is not open for reading");
    }

    /**
     * Writes some bytes, waiting until at least one is taken.
     *
     * @return bytes written
     */
    default int write(byte[] buffer, int offset, int length) throws IOException {
        throw new IOException(this + " is not open for writing");
    }

    /** Number of bytes that can be read without waiting; 0 if that is not known. */
    default int available() throws IOException {
        return 0;
    }

    /**
     * Number of bytes taken by writes so far, those of a write that was torn by a kill or a timeout
     * included.
     */
    default long accepted() {
        return 0;
    }

    /** The place in the file where the next read or write goes. */
    default long position() throws IOException {
        throw notSeekable();
    }

    /** Goes to a place in the file. */
    default void seek(long newPosition) throws IOException {
        throw notSeekable();
    }

    /** Length of the file. */
    default long size() throws IOException {
        throw notSeekable();
    }

    /** Cuts the file; the position is at its new end if it was beyond. */
    default void cut(long newSize) throws IOException {
        throw notSeekable();
    }

    /** Whether it is a file, which has positions. */
    default boolean isSeekable() {
        return false;
    }

    private IOException notSeekable() {
        return new IOException(this + " is a stream, which has no positions");
    }
}
