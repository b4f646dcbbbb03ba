package evy.greenness.rows;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import evy.greenness.PerCaller;
import evy.greenness.Question;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** RabbitMQ's client: one connection, a channel for each caller. */
public final class AmqpRow extends PerCaller<Channel> {
    private Connection connection;

    @Override
    public String library() {
        return "RabbitMQ client";
    }

    @Override
    public Class<?> client() {
        return ConnectionFactory.class;
    }

    @Override
    public String peer() {
        return "amqp";
    }

    @Override
    public String why() {
        return "reads on a thread of its own; the caller waits for its reply on a "
                + "future that does not heed interrupts: no timeout ends a call";
    }

    @Override
    public void start(InetSocketAddress peer) throws Exception {
        super.start(peer);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(peer.getHostString());
        factory.setPort(peer.getPort());
        connection = factory.newConnection();
    }

    @Override
    protected Channel open(InetSocketAddress peer) throws IOException {
        return connection.createChannel();
    }

    @Override
    protected String call(Channel channel, Question question) throws IOException {
        byte[] body = channel.basicGet(question.text(), true).getBody();
        return new String(body, StandardCharsets.US_ASCII);
    }
}
