package evy.zmq.it;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.io.GreenSocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One who speaks ZMTP 3.0 byte by byte, as far as a test wants. */
final class RawPeer implements AutoCloseable {
    private static final int GREETING_LENGTH = 64;
    private static final int COMMAND = 4;
    private static final int LONG = 2;
    private static final int PATIENCE_MILLIS = 40_000;

    private final GreenSocket socket;

    /** Connects to an address such as {@code tcp://127.0.0.1:5555}, and says nothing. */
    RawPeer(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket = Evy.connect("127.0.0.1", Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Connects and shakes hands, as a socket of such a type. */
    static RawPeer greeted(String address, String type) throws IOException {
        RawPeer peer = new RawPeer(address);
        peer.send(greeting());
        peer.send(ready(type));
        peer.socket.getInputStream().readNBytes(GREETING_LENGTH);
        peer.readCommand();
        return peer;
    }

    /** Version 3.0, mechanism NULL. */
    static byte[] greeting() {
        ByteBuffer greeting = ByteBuffer.allocate(GREETING_LENGTH);
        greeting.put((byte) 0xff).putLong(1).put((byte) 0x7f).put((byte) 3).put((byte) 0);
        return greeting.put("NULL".getBytes(StandardCharsets.US_ASCII)).array();
    }

    /** The handshake's command. */
    static byte[] ready(String type) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "READY");
        text(body, "Socket-Type");
        body.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(type.length()).array());
        body.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        return command(body.toByteArray());
    }

    private static void text(ByteArrayOutputStream to, String text) {
        to.write(text.length());
        to.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A command's frame; at most 255 bytes. */
    static byte[] command(byte[] body) {
        return frame(COMMAND, body);
    }

    /** A frame, the last of its message; at most 255 bytes. */
    static byte[] frame(String text) {
        return frame(0, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] frame(int flags, byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(2 + body.length);
        return frame.put((byte) flags).put((byte) body.length).put(body).array();
    }

    /** The beginning of a frame that claims to have so many bytes. */
    static byte[] claim(long length) {
        return ByteBuffer.allocate(1 + Long.BYTES).put((byte) LONG).putLong(length).array();
    }

    void send(byte[] bytes) throws IOException {
        socket.sendAll(bytes);
    }

    /** Sends as much as the other end lets it before it closes. */
    void sendIfOpen(byte[] bytes) throws IOException {
        try {
            send(bytes);
        } catch (SocketException e) {
            assertThat(socket.isClosed()).isFalse(); // reset or closed there, which is good
        }
    }

    private void readCommand() throws IOException {
        byte[] head = socket.getInputStream().readNBytes(2);
        assertThat(head[0]).isEqualTo((byte) COMMAND);
        socket.getInputStream().readNBytes(head[1] & 0xff);
    }

    /** Waits until the other end has closed or reset the connection. */
    void awaitClosed() throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    /** Ends the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
