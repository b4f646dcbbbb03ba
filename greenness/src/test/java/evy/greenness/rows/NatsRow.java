package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** NATS: all callers send requests over one connection. */
public final class NatsRow implements Row {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Connection connection;

    @Override
    public String library() {
        return "NATS (jnats)";
    }

    @Override
    public Class<?> client() {
        return Nats.class;
    }

    @Override
    public String peer() {
        return "nats";
    }

    @Override
    public String why() {
        return "reads and writes on threads of its own; the caller waits on a future";
    }

    @Override
    public void start(InetSocketAddress peer) throws Exception {
        connection = Nats.connect("nats://" + peer.getHostString() + ":" + peer.getPort());
    }

    @Override
    public String call(Question question) throws Exception {
        byte[] body = question.text().getBytes(StandardCharsets.US_ASCII);
        Message reply = connection.request("question", body, LONG);
        return new String(reply.getData(), StandardCharsets.US_ASCII);
    }
}
