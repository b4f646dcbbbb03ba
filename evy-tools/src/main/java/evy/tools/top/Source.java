package evy.tools.top;

import java.io.IOException;

/**
 * Where overviews come from. Opened by the first read, and again by the next one after a failure:
 * the program looked at may end and come back.
 *
 * @thread one at a time
 */
interface Source extends AutoCloseable {
    /**
     * Asks the program for an overview.
     *
     * @param question which green threads to list
     * @return JSON
     * @throws IOException if it cannot be had; the message says why and what to do
     */
    String read(Question question) throws IOException;

    @Override
    void close();
}
