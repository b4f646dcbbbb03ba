import evy.Evy;

/** A green thread for each connection, all on one hub, on Evy's sockets. */
final class EvyServer {
    public static void main(String... args) throws Exception {
        var protocol = Protocol.of(args[0]);
        int port = Integer.parseInt(args[1]);
        Evy.run(
                () -> {
                    try (var server = Evy.listen(port)) {
                        Protocol.listening(server.getLocalPort());
                        while (true) {
                            var client = server.accept();
                            Evy.spawnN(() -> protocol.serve(client));
                        }
                    }
                });
    }
}
