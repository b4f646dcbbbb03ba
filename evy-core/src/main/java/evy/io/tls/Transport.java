package evy.io.tls;

import java.io.IOException;
import java.net.Socket;

/**
 * What carries the records: a socket below. One thread at a time reads, one writes. What ends a
 * call by an exception has not taken a byte from the stream, nor put one in, unless it says so.
 */
interface Transport {
    /** The end of the stream, as a result of {@link #read}. */
    int EOF = -1;

    /**
     * Reads what is there.
     *
     * @return how many bytes; 0 if {@link #awaitReadable} has to come first; {@link #EOF}
     */
    int read(byte[] buffer, int offset, int length, Limit limit) throws IOException;

    /** Waits until something can be read. */
    void awaitReadable(Limit limit) throws IOException;

    /**
     * Writes what can be taken.
     *
     * @return how many bytes; 0 if {@link #awaitWritable} has to come first
     */
    int write(byte[] buffer, int offset, int length) throws IOException;

    /** Waits until something can be written. */
    void awaitWritable(Limit limit) throws IOException;

    /** {@return true if {@link #write} itself waits, for as long as it takes} */
    boolean waitsInWrite();

    /** Throws away what has arrived, so that closing does not reset the connection. */
    void discardInput() throws IOException;

    /** Ends a wait to read, by somebody else, as if the stream had ended. */
    void wakeReader() throws IOException;

    /** Leaves the socket as it was found, and returns it. */
    Socket detach() throws IOException;

    /** Closes the socket below: who waits for it is woken. */
    void close() throws IOException;
}
