package evy.greenness.peers;

import evy.greenness.Question;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * As much of MQTT 3.1.1 as it takes to publish a question with QoS 1: before the acknowledgement
 * comes the answer, published on the same topic.
 */
final class MqttPeer extends TcpPeer {
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int PINGREQ = 12;
    private static final byte[] CONNACK = {0x20, 2, 0, 0};
    private static final byte[] PINGRESP = {(byte) 0xd0, 0};
    private static final int CONTINUES = 0x80;

    @Override
    protected void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        try (Later later = new Later(client.getOutputStream())) {
            for (int type = in.read(); type >= 0; type = in.read()) {
                byte[] packet = in.readNBytes(length(in));
                switch (type >> 4) {
                    case CONNECT -> later.send(0, CONNACK);
                    case PINGREQ -> later.send(0, PINGRESP);
                    case PUBLISH -> answer(ByteBuffer.wrap(packet), later);
                    default -> {} // DISCONNECT
                }
            }
        }
    }

    /* Seven bits a byte, the lowest first. */
    private static int length(DataInputStream in) throws IOException {
        int length = 0;
        int shift = 0;
        int b;
        do {
            b = in.readUnsignedByte();
            length |= (b & ~CONTINUES) << shift;
            shift += 7;
        } while ((b & CONTINUES) != 0);
        return length;
    }

    private static void answer(ByteBuffer publish, Later later) {
        byte[] topic = new byte[publish.getShort()];
        publish.get(topic);
        short id = publish.getShort();
        byte[] text = new byte[publish.remaining()];
        publish.get(text);

        Question question = Question.parse(new String(text, StandardCharsets.US_ASCII));
        byte[] answer = question.answer().getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream packets = new ByteArrayOutputStream();
        packets.write(PUBLISH << 4);
        packets.write(2 + topic.length + answer.length);
        packets.write(0);
        packets.write(topic.length);
        packets.writeBytes(topic);
        packets.writeBytes(answer);
        packets.writeBytes(new byte[] {0x40, 2, (byte) (id >> 8), (byte) id});
        later.send(question.millis(), packets.toByteArray());
    }
}
