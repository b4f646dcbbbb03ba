package evy.web.http1;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A body in chunks.
 *
 * @source RFC 9112 section 7.1
 */
final class ChunkedBody extends RequestBody {
    private static final int MOST_SIZE_LINE = 1024;
    private static final int MOST_SIZE_DIGITS = 15;

    /* What the size lines may take beside the chunks: a client that sends one byte at a time needs 5. */
    private static final int MOST_OVERHEAD = 16 * 1024;
    private static final int OVERHEAD_PER_BYTE = 16;

    private final Input input;
    private final Limits limits;
    private final List<String> trailers = new ArrayList<>();
    private long inChunk;
    private long total;
    private long overhead;
    private boolean first = true;
    private boolean complete;

    ChunkedBody(Input input, Limits limits, Interim interim) {
        super(interim);
        this.input = input;
        this.limits = limits;
    }

    @Override
    int readSome(byte[] buffer, int offset, int length) throws IOException {
        if (inChunk == 0) {
            nextChunk();
            if (complete) {
                return -1;
            }
        }
        int n = input.readBody(buffer, offset, (int) Math.min(length, inChunk));
        if (n < 0) {
            throw cutOff();
        }
        inChunk -= n;
        return n;
    }

    private void nextChunk() throws IOException {
        Patience patience = input.body();
        if (!first) {
            endOfChunk(patience);
        }
        first = false;
        int end = input.lineEnd(0, MOST_SIZE_LINE, 400, patience);
        inChunk = size(end);
        overhead += end;
        total += inChunk;
        if (total > limits.body()) {
            throw new BadRequestException(413, "body of more than " + limits.body() + " bytes");
        }
        if (overhead > MOST_OVERHEAD + OVERHEAD_PER_BYTE * total) {
            throw BadRequestException.malformed("chunk extensions of " + overhead + " bytes");
        }
        input.consume(end + 2);
        if (inChunk == 0) {
            readTrailers(patience);
            complete = true;
        }
    }

    private void endOfChunk(Patience patience) throws IOException {
        int end = input.lineEnd(0, 1, 400, patience); // more than an empty line is refused
        assert end == 0;
        input.consume(2);
    }

    private long size(int end) throws BadRequestException {
        long size = 0;
        int i = 0;
        for (; i < end && Grammar.hex(input.at(i)) >= 0; i++) {
            size = size << 4 | Grammar.hex(input.at(i));
        }
        if (i == 0 || i > MOST_SIZE_DIGITS) {
            throw BadRequestException.malformed("chunk has no size, or one of " + i + " digits");
        }
        if (!ChunkExtension.isValid(input, i, end)) {
            throw BadRequestException.malformed("malformed chunk extension");
        }
        return size;
    }

    private void readTrailers(Patience patience) throws IOException {
        int bytes = 0;
        for (int lines = 0; ; lines++) {
            int end = input.lineEnd(0, limits.fieldLine(), 431, patience);
            if (end == 0) {
                input.consume(2);
                return;
            }
            bytes += end;
            if (lines == limits.fieldCount() || bytes > limits.fields()) {
                throw new BadRequestException(
                        431, "trailers of " + lines + " lines, " + bytes + " bytes");
            }
            addTrailer(input.buffer(), input.position(), input.position() + end);
            input.consume(end + 2);
        }
    }

    private void addTrailer(byte[] buffer, int from, int end) throws BadRequestException {
        int nameEnd = FieldLine.nameEnd(buffer, from, end);
        int start = FieldLine.valueStart(buffer, nameEnd + 1, end);
        int valueEnd = FieldLine.valueEnd(buffer, start, end);
        trailers.add(new String(buffer, from, nameEnd - from, StandardCharsets.US_ASCII));
        trailers.add(new String(buffer, start, valueEnd - start, StandardCharsets.ISO_8859_1));
    }

    @Override
    public int available() {
        return (int) Math.min(input.buffered(), inChunk);
    }

    @Override
    boolean isFixed() {
        return false;
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public long remaining() {
        return complete ? 0 : Math.max(1, inChunk);
    }

    @Override
    public List<String> trailers() {
        return complete ? trailers : List.of();
    }
}
