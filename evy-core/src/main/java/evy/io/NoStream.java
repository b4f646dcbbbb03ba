package evy.io;

import java.io.IOException;

/** The place of a stream that goes elsewhere: at its end from the start. */
record NoStream(String name) implements RawStream {
    @Override
    public int read(byte[] buffer, int offset, int length) {
        return -1;
    }

    @Override
    public int write(byte[] buffer, int offset, int length) throws IOException {
        throw new IOException(name + " is redirected");
    }

    @Override
    public void close() {
        // nothing is open
    }

    @Override
    public String toString() {
        return name;
    }
}
