package evy.greenness.rows;

import evy.greenness.PerCaller;
import evy.greenness.Question;

import redis.clients.jedis.Jedis;

import java.net.InetSocketAddress;

/** Jedis: a connection for each caller. */
public final class JedisRow extends PerCaller<Jedis> {
    @Override
    public String library() {
        return "Jedis";
    }

    @Override
    public Class<?> client() {
        return Jedis.class;
    }

    @Override
    public String peer() {
        return "redis";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket`";
    }

    @Override
    protected Jedis open(InetSocketAddress peer) {
        return new Jedis(peer.getHostString(), peer.getPort());
    }

    @Override
    protected String call(Jedis connection, Question question) {
        return connection.get(question.text());
    }
}
