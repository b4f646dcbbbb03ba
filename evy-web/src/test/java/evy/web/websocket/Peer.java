package evy.web.websocket;

import evy.io.GreenSocket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The other end, byte by byte: knows nothing of the code under test. */
final class Peer implements AutoCloseable {
    private static final int KEY = 0x37fa213d; // of the RFC's examples

    private final GreenSocket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final boolean masking;

    Peer(GreenSocket socket, boolean masking) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.masking = masking;
    }

    /** A frame that came: first byte, whether it was masked, and what is in it. */
    record Frame(int first, boolean masked, byte[] payload) {
        int opcode() {
            return first & 0x0f;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        }

        String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    void send(int first, byte[] payload) throws IOException {
        out.write(frame(first, payload, masking));
    }

    void send(int first, String text) throws IOException {
        send(first, text.getBytes(StandardCharsets.UTF_8));
    }

    void sendHex(String hex) throws IOException {
        out.write(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    static byte[] frame(int first, byte[] payload, boolean masked) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(first);
        int mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            bytes.write(mask | payload.length);
        } else if (payload.length < 65536) {
            bytes.write(mask | 126);
            bytes.write(payload.length >> 8);
            bytes.write(payload.length);
        } else {
            bytes.write(mask | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes.write((int) ((long) payload.length >> shift));
            }
        }
        if (masked) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                bytes.write(KEY >> shift);
            }
        }
        for (int i = 0; i < payload.length; i++) {
            bytes.write(masked ? payload[i] ^ (KEY >> (24 - i % 4 * 8)) : payload[i]);
        }
        return bytes.toByteArray();
    }

    Frame receive() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        boolean masked = (second & 0x80) != 0;
        byte[] key = masked ? in.readNBytes(4) : new byte[4];
        byte[] payload = in.readNBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= key[i % 4];
        }
        return new Frame(first, masked, payload);
    }

    /** Reads until the end; how many bytes came. */
    int readToEnd() throws IOException {
        return in.readAllBytes().length;
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
