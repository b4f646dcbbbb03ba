package evy.greenness.peers;

import evy.db.it.servers.DatabaseServer;

import java.util.concurrent.Callable;

/** A database server that came in a jar. */
final class DatabasePeer implements Peer {
    private final Callable<? extends DatabaseServer> maker;
    private DatabaseServer server;

    DatabasePeer(Callable<? extends DatabaseServer> maker) {
        this.maker = maker;
    }

    @Override
    public int start() throws Exception {
        server = maker.call();
        return server.port();
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
