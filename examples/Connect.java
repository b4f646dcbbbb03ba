/*
 * Asks several servers at once and collects what they say, in the order they were asked.
 *
 *   ./evy examples/Connect.java                         three small servers, which it starts itself
 *   ./evy examples/Connect.java example.org:80 ...      these
 */
import evy.Evy;
import evy.GreenPile;

static final String REQUEST = "GET /\r\n\r\n";

void main(String[] args) throws IOException {
    var addresses = args.length > 0 ? List.of(args) : startServers();
    var pile = new GreenPile<String>();
    for (var address : addresses) {
        pile.spawn(() -> ask(address));
    }
    // the pile acts as a collection of what the calls returned; what one threw is thrown here
    for (var address : addresses) {
        try {
            var answer = pile.next();
            IO.println(address + ": " + answer.lines().findFirst().orElse("nothing"));
        } catch (Exception e) {
            IO.println(address + ": no answer: " + e.getMessage());
        }
    }
}

String ask(String address) throws IOException {
    try (var socket = Evy.connect(Arguments.address(address))) {
        IO.println(address + " connected");
        socket.sendAll(REQUEST.getBytes());
        return new String(socket.recv(1024));
    }
}

List<String> startServers() throws IOException {
    var addresses = new ArrayList<String>();
    for (var word : List.of("red", "green", "blue")) {
        var server = Evy.listen("localhost", 0);
        addresses.add("localhost:" + server.getLocalPort());
        Evy.spawnN(() -> Evy.serve(server, client -> answer(client, word)));
    }
    return addresses;
}

void answer(Socket client, String word) throws IOException {
    client.getInputStream().readNBytes(REQUEST.length());
    client.getOutputStream().write((word + "\n").getBytes());
}
