package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;

import java.net.InetSocketAddress;

/** Lettuce, its blocking commands: all callers share one connection. */
public final class LettuceRow implements Row {
    private RedisCommands<String, String> commands;

    @Override
    public String library() {
        return "Lettuce";
    }

    @Override
    public Class<?> client() {
        return RedisClient.class;
    }

    @Override
    public String peer() {
        return "redis";
    }

    @Override
    public String why() {
        return "Netty: event loops of its own; the caller waits on a future";
    }

    @Override
    public void start(InetSocketAddress peer) {
        RedisURI uri = RedisURI.create(peer.getHostString(), peer.getPort());
        commands = RedisClient.create(uri).connect().sync();
    }

    @Override
    public String call(Question question) {
        return commands.get(question.text());
    }
}
