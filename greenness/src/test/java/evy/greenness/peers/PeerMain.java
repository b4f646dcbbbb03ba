package evy.greenness.peers;

import evy.db.it.servers.MariaDbServer;
import evy.db.it.servers.PostgresServer;

import java.util.Map;
import java.util.function.Supplier;

/** Runs one peer until its standard input ends: no peer outlives who started it. */
public final class PeerMain {
    /** What precedes the port on the line that says the peer is ready. */
    public static final String READY = "READY ";

    private static final Map<String, Supplier<Peer>> PEERS =
            Map.ofEntries(
                    Map.entry("amqp", AmqpPeer::new),
                    Map.entry("ftp", FtpPeer::new),
                    Map.entry("grpc", GrpcPeer::new),
                    Map.entry("h2", H2Peer::new),
                    Map.entry("http", HttpPeer::new),
                    Map.entry("kafka", KafkaPeer::new),
                    Map.entry("mariadb", () -> new DatabasePeer(MariaDbServer::new)),
                    Map.entry("mqtt", MqttPeer::new),
                    Map.entry("nats", NatsPeer::new),
                    Map.entry("postgres", () -> new DatabasePeer(PostgresServer::new)),
                    Map.entry("redis", RedisPeer::new),
                    Map.entry("smtp", SmtpPeer::new),
                    Map.entry("ssh", SshPeer::new),
                    Map.entry("zmq", ZmqPeer::new));

    private PeerMain() {}

    /**
     * Starts a peer.
     *
     * @param args its name
     */
    public static void main(String[] args) throws Exception {
        Supplier<Peer> maker = PEERS.get(args[0]);
        if (maker == null) {
            throw new IllegalArgumentException(
                    "no peer '" + args[0] + "'; there are " + PEERS.keySet());
        }
        try (Peer peer = maker.get()) {
            System.out.println(READY + peer.start());
            System.out.flush();
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
