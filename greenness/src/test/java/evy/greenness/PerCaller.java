package evy.greenness;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A row whose library serves one caller per connection: each caller keeps the one it opens at its
 * first call.
 *
 * @param <C> the connection
 */
public abstract class PerCaller<C> implements Row {
    private final List<C> connections = new ArrayList<>();
    private InetSocketAddress peer;

    @Override
    public void start(InetSocketAddress address) throws Exception {
        peer = address;
        for (int i = 0; i <= Runner.CALLERS; i++) {
            connections.add(null);
        }
    }

    @Override
    public final String call(Question question) throws Exception {
        C connection = connections.get(question.caller());
        if (connection == null) {
            connection = open(peer);
            connections.set(question.caller(), connection);
        }
        return call(connection, question);
    }

    /** {@return a new connection} */
    protected abstract C open(InetSocketAddress address) throws Exception;

    /** Makes one call on a connection that nobody else uses. */
    protected abstract String call(C connection, Question question) throws Exception;
}
