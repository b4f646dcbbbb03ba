package evy.greenness.peers;

/** A server that rows call, in a process of its own, on plain threads. */
interface Peer extends AutoCloseable {
    /**
     * Starts it.
     *
     * @return the port it listens on, of the loopback interface
     */
    int start() throws Exception;

    /** Ends it, with every process and file it made. */
    @Override
    void close() throws Exception;
}
