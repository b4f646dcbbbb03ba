package evy.web.http1;

import java.io.IOException;
import java.util.Arrays;

/**
 * A target for Jazzer: requests, heads and bodies, are understood alike whether they come whole or
 * byte by byte, and nothing but an {@link IOException} is thrown at bad ones.
 */
public final class RequestFuzzer {
    private static final long SECOND = 1_000_000_000;
    private static final Limits LIMITS = new Limits(200, 200, 1000, 20, 10_000);

    private RequestFuzzer() {}

    /**
     * Tries one input.
     *
     * @param data what a client sends
     */
    public static void fuzzerTestOneInput(byte[] data) {
        String whole = understood(data, Math.max(1, data.length));
        String pieces = understood(data, 1);
        if (!whole.equals(pieces)) {
            throw new AssertionError("whole:\n" + whole + "\nbyte by byte:\n" + pieces);
        }
    }

    /** All that is made of the bytes, up to what is refused. */
    static String understood(byte[] data, int piece) {
        Wire wire = new FedWire(data, piece);
        Buffers buffers = new Buffers();
        Output output = new Output(wire, buffers, SECOND);
        Input input = new Input(wire, buffers, output, new Pace(SECOND, SECOND, 0));
        RequestHead head = new RequestHead(input, buffers, LIMITS);
        StringBuilder said = new StringBuilder();
        try {
            while (input.awaitRequest(SECOND)) {
                head.read();
                said.append(head.line()).append('\n');
                for (int i = 0; i < head.fieldCount(); i++) {
                    said.append(head.fieldName(i)).append('=').append(head.fieldValue(i));
                    said.append('\n');
                }
                RequestBody body = RequestBody.of(head, input, LIMITS, () -> {});
                said.append(Arrays.toString(body.readAllBytes())).append(body.trailers());
            }
        } catch (BadRequestException e) {
            said.append(e.status());
        } catch (IOException e) {
            said.append(e.getMessage());
        }
        return said.toString();
    }
}
