package evy.greenness.peers;

import org.h2.tools.Server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** H2 as a server over TCP, with a function {@code REPLY(millis, caller)}. */
public final class H2Peer implements Peer {
    /** The database, as the client's address names it. */
    public static final String DATABASE = "mem:greenness";

    private Server server;
    private Connection keepsTheDatabase;

    @Override
    public int start() throws SQLException {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        keepsTheDatabase = DriverManager.getConnection("jdbc:h2:" + DATABASE);
        try (Statement statement = keepsTheDatabase.createStatement()) {
            statement.execute(
                    "CREATE ALIAS REPLY FOR '" + H2Peer.class.getName() + ".reply(long,int)'");
        }
        return server.getPort();
    }

    /** What the function does. */
    public static String reply(long millis, int caller) throws InterruptedException {
        Thread.sleep(millis);
        return "reply-" + caller;
    }

    @Override
    public void close() throws SQLException {
        keepsTheDatabase.close();
        server.stop();
    }
}
