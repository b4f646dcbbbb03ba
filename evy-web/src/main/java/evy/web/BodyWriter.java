package evy.web;

import java.io.OutputStream;

/** Writes the body of a response: {@code Response.streaming(out -> …)}. */
@FunctionalInterface
public interface BodyWriter {
    /**
     * Writes the body.
     *
     * @param out sends what it gathers when that is enough, or when flushed; need not be closed
     * @throws Exception ends the response where it is, so that the client sees that it is not
     *     complete
     */
    void write(OutputStream out) throws Exception;
}
