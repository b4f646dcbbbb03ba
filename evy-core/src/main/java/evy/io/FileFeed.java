package evy.io;

import java.io.IOException;

/** Where the bytes of a file come from on their way to a socket. One green thread uses it. */
interface FileFeed extends AutoCloseable {
    /** As much is sent, or read ahead, at a time: a few tens of microseconds of the hub's time. */
    int CHUNK = 256 * 1024;

    /**
     * Sends some bytes, waiting for the disk off the hub and for the peer as long as the deadline
     * allows. Nothing is under way any more when it throws.
     *
     * @param position of the first byte; that of the last call plus its result, if there was one
     * @param most how many at most, more than 0
     * @return how many were sent, -1 at the end of the file
     */
    int feed(StreamLink link, long position, long most, Deadline deadline) throws IOException;

    @Override
    void close() throws IOException;
}
