package evy.greenness.peers;

import evy.greenness.Question;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * As much of ZMTP 3.0 as it takes to be the other end of a REQ socket.
 *
 * @see <a href="https://rfc.zeromq.org/spec/23/">RFC 23</a>
 */
final class ZmqPeer extends TcpPeer {
    private static final int GREETING = 64;
    private static final int SIGNATURE_END = 9;
    private static final int VERSION = 10;
    private static final int MECHANISM = 12;

    private static final int MORE = 1;
    private static final int LONG = 2;
    private static final int COMMAND = 4;

    /* A command of 25 octets: its name, and one property with a value of four octets' length. */
    private static final byte[] READY =
            ascii("\004\031\005READY\013Socket-Type\000\000\000\003REP");

    @Override
    protected void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        try (Later later = new Later(client.getOutputStream())) {
            later.send(0, greeting());
            in.skipNBytes(GREETING);
            later.send(0, READY);
            while (true) {
                int flags = in.readUnsignedByte();
                long length = (flags & LONG) == 0 ? in.readUnsignedByte() : in.readLong();
                byte[] frame = in.readNBytes(Math.toIntExact(length));
                // An empty frame, with more to come, precedes the question.
                if ((flags & (COMMAND | MORE)) == 0) {
                    answer(Question.parse(new String(frame, StandardCharsets.US_ASCII)), later);
                }
            }
        }
    }

    private static byte[] greeting() {
        byte[] greeting = new byte[GREETING];
        greeting[0] = (byte) 0xff;
        greeting[SIGNATURE_END] = 0x7f;
        greeting[VERSION] = 3;
        byte[] mechanism = ascii("NULL");
        System.arraycopy(mechanism, 0, greeting, MECHANISM, mechanism.length);
        return greeting;
    }

    private static void answer(Question question, Later later) {
        byte[] text = ascii(question.answer());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(new byte[] {MORE, 0});
        frames.writeBytes(new byte[] {0, (byte) text.length});
        frames.writeBytes(text);
        later.send(question.millis(), frames.toByteArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
