package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * A target for Jazzer: what a client sends on a WebSocket is understood alike whether it comes
 * whole or byte by byte, and is refused with a code that may be sent.
 */
public final class FramesFuzzer {
    private static final int LIMIT = 5000;

    private FramesFuzzer() {}

    /**
     * Tries one input.
     *
     * @param data frames; the first byte says whether compression was agreed on
     */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length == 0) {
            return;
        }
        boolean compressed = (data[0] & 1) == 1;
        byte[] stream = Arrays.copyOfRange(data, 1, data.length);
        String whole = understood(stream, compressed, Integer.MAX_VALUE);
        String pieces = understood(stream, compressed, 1);
        if (!whole.equals(pieces)) {
            throw new AssertionError("whole:\n" + whole + "\nbyte by byte:\n" + pieces);
        }
    }

    /** All that is made of the bytes, up to what is refused. */
    static String understood(byte[] stream, boolean compressed, int piece) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(stream);
        FrameReader.Source source =
                (b, offset, length) -> in.read(b, offset, Math.min(length, piece));
        DeflateAgreement agreed = compressed ? agreement() : null;
        StringBuilder said = new StringBuilder();
        MessageReader reader =
                new MessageReader(
                        new FrameReader(source, true, compressed, LIMIT),
                        new Noting(said),
                        agreed == null ? null : new Inflation(agreed),
                        LIMIT);
        try {
            for (Message m = reader.receive(); m != null; m = reader.receive()) {
                said.append(
                        m instanceof Message.Binary(byte[] bytes)
                                ? Arrays.toString(bytes)
                                : m.toString());
            }
        } catch (ProtocolException e) {
            said.append(e.status().code());
            if (!CloseStatus.isSendable(e.status().code())) {
                throw new AssertionError("refused with " + e.status(), e);
            }
        } catch (EOFException e) {
            said.append("end");
        } finally {
            reader.close();
        }
        return said.toString();
    }

    private static @Nullable DeflateAgreement agreement() {
        return DeflateAgreement.choose(
                Extension.parse("permessage-deflate"), Compression.WITH_CONTEXT);
    }

    /** Notes pings and the close. */
    private record Noting(StringBuilder said) implements MessageReader.Control {
        @Override
        public void onPing(byte[] payload) {
            said.append("ping ").append(Arrays.toString(payload));
        }

        @Override
        public void onClose(CloseStatus status) {
            said.append("close ").append(status.code());
        }
    }
}
