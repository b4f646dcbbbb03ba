/*
 * A port forwarder: what comes in on a port goes to another host and port, and back. It calls a function
 * when a client is through: one way to start doing interesting things from a simple frame like this.
 *
 *   ./evy examples/PortForwarder.java [PORT [HOST:PORT]]     from 7000 to localhost:22 if not given
 */
import evy.Evy;
import evy.io.GreenSocket;

void main(String[] args) throws IOException {
    var to = args.length > 1 ? args[1] : "localhost:22";
    var target = Arguments.address(to);
    try (var listener = Evy.listen("localhost", Arguments.port(args, 7000))) {
        IO.println("listening on " + listener.address() + " for " + to);
        while (true) {
            var client = listener.accept();
            // not here: while one connection is being made, others are accepted
            Evy.spawnN(() -> forward(client, target));
        }
    }
}

/** Two one-way pumps make a two-way forwarder. */
void forward(GreenSocket client, InetSocketAddress target) {
    try (client;
            var server = Evy.connect(target)) {
        var back = Evy.spawn(() -> pump(server, client, () -> {}));
        pump(client, server, this::closed);
        back.join();
    } catch (IOException e) {
        IO.println("lost: " + e.getMessage());
    }
}

/** Moves bytes one way up to their end, and passes the end on; a fault ends the other way, too. */
void pump(GreenSocket source, GreenSocket target, Runnable atEnd) throws IOException {
    try {
        for (var data = source.recv(32_384); data.length > 0; data = source.recv(32_384)) {
            target.sendAll(data);
        }
        target.shutdownOutput();
    } catch (IOException e) {
        source.close();
        target.close();
        throw e;
    } finally {
        atEnd.run();
    }
}

void closed() {
    IO.println("client closed");
}
