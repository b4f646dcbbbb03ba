package evy.web.http1;

import java.io.IOException;

/** A body whose length was announced. */
final class FixedBody extends RequestBody {
    private final Input input;
    private long remaining;

    FixedBody(Input input, long length, Interim interim) {
        super(interim);
        this.input = input;
        this.remaining = length;
    }

    @Override
    int readSome(byte[] buffer, int offset, int length) throws IOException {
        int n = input.readBody(buffer, offset, (int) Math.min(length, remaining));
        if (n < 0) {
            throw cutOff();
        }
        remaining -= n;
        return n;
    }

    @Override
    public int available() {
        return (int) Math.min(input.buffered(), remaining);
    }

    @Override
    boolean isFixed() {
        return true;
    }

    @Override
    public boolean isComplete() {
        return remaining == 0;
    }

    @Override
    public long remaining() {
        return remaining;
    }
}
