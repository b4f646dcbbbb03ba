package evy.internal.poll;

import java.io.IOException;

/**
 * A Unix-domain stream socket on which no call ever blocks. It is named by bytes: those of a path;
 * a NUL and those of an abstract name; or none. Its internet addresses are meaningless.
 */
public interface UnixSocket extends NonBlockingSocket {
    /** How many bytes a path may have. */
    int MAX_PATH = 107;

    /** How many bytes an abstract name may have, the NUL counted. */
    int MAX_ABSTRACT = 108;

    /**
     * Binds to a name.
     *
     * @throws UnsupportedOperationException if it is abstract and the backend has no such names
     */
    void bind(byte[] name) throws IOException;

    /**
     * Connects.
     *
     * @return true if connected; false if {@link #finishConnect} has to be asked again and again,
     *     for the listener's backlog is full and the system does not tell when it no longer is
     * @throws UnsupportedOperationException if the name is abstract and the backend has no such
     *     names
     */
    boolean connect(byte[] name) throws IOException;

    /** The name it is bound to. */
    byte[] localName() throws IOException;

    /** The peer's name. */
    byte[] remoteName() throws IOException;
}
