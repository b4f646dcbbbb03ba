package evy.greenness.peers;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.LongStringHelper;

import evy.greenness.Question;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** As much of AMQP 0-9-1 as it takes to get a message from a queue named by the question. */
final class AmqpPeer extends TcpPeer {
    private static final int GREETING = 8;
    private static final int MAX_FRAME = 131_072;

    @Override
    protected void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        try (Later later = new Later(client.getOutputStream())) {
            in.skipNBytes(GREETING);
            later.send(0, bytes(0, greeting()));
            for (Frame frame = Frame.readFrom(in, MAX_FRAME);
                    frame != null;
                    frame = Frame.readFrom(in, MAX_FRAME)) {
                if (frame.type == AMQP.FRAME_METHOD) {
                    answer(AMQImpl.readMethodFrom(frame.getInputStream()), frame.channel, later);
                }
            }
        }
    }

    private static void answer(Method method, int channel, Later later) throws IOException {
        switch (method) {
            case AMQP.Connection.StartOk m -> later.send(0, bytes(0, tune()));
            case AMQP.Connection.Open m ->
                    later.send(0, bytes(0, new AMQP.Connection.OpenOk.Builder().build()));
            case AMQP.Channel.Open m ->
                    later.send(0, bytes(channel, new AMQP.Channel.OpenOk.Builder().build()));
            case AMQP.Basic.Get get -> {
                Question question = Question.parse(get.getQueue());
                later.send(question.millis(), message(channel, question.answer()));
            }
            default -> {} // Connection.TuneOk: no answer
        }
    }

    private static Method greeting() {
        LongString plain = LongStringHelper.asLongString("PLAIN");
        LongString locale = LongStringHelper.asLongString("en_US");
        return new AMQP.Connection.Start.Builder()
                .versionMajor(0)
                .versionMinor(9)
                .serverProperties(Map.of())
                .mechanisms(plain)
                .locales(locale)
                .build();
    }

    private static Method tune() {
        return new AMQP.Connection.Tune.Builder()
                .channelMax(2047)
                .frameMax(MAX_FRAME)
                .heartbeat(0)
                .build();
    }

    private static byte[] message(int channel, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        Method head =
                new AMQP.Basic.GetOk.Builder().deliveryTag(1).exchange("").routingKey("").build();
        return bytes(
                frame(channel, head),
                new BasicProperties().toFrame(channel, body.length),
                Frame.fromBodyFragment(channel, body, 0, body.length));
    }

    private static byte[] bytes(int channel, Method method) throws IOException {
        return bytes(frame(channel, method));
    }

    private static Frame frame(int channel, Method method) throws IOException {
        return ((com.rabbitmq.client.impl.Method) method).toFrame(channel);
    }

    private static byte[] bytes(Frame... frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Frame frame : frames) {
            frame.writeTo(out);
        }
        out.flush();
        return bytes.toByteArray();
    }
}
