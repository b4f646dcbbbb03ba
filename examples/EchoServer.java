/*
 * An echo server: sends every line back, and says what it does. One green thread for each client.
 *
 *   ./evy examples/EchoServer.java [PORT]      6000 if it is not given, any free one if it is 0
 *   telnet localhost 6000
 *
 * End your connection by ending telnet (Ctrl-] and then quit), the server by Ctrl-C.
 */
import evy.Evy;
import evy.GreenPool;

void main(String[] args) throws IOException {
    var pool = new GreenPool();
    try (var server = Evy.listen(Arguments.port(args, 6000))) {
        IO.println("listening on " + server.address());
        while (true) {
            var client = server.accept();
            IO.println("accepted " + client.getRemoteSocketAddress());
            pool.spawnN(() -> handle(client));
        }
    }
}

void handle(Socket client) {
    try (client;
            var reader = new BufferedReader(new InputStreamReader(client.getInputStream()))) {
        IO.println("client connected");
        var out = client.getOutputStream();
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            out.write((line + "\n").getBytes());
            IO.println("echoed " + line);
        }
        IO.println("client disconnected");
    } catch (IOException e) {
        IO.println("client lost: " + e.getMessage());
    }
}
