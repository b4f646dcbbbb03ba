/*
 * Joins two chats, ChatServer's of lines and WebSocketChat's: what is said in one is heard in the other.
 *
 *   ./evy examples/ChatServer.java 3001 &
 *   ./evy examples/WebSocketChat.java 7000 &
 *   ./evy examples/ChatBridge.java [PORT OF THE ONE] [PORT OF THE OTHER]      3001 and 7000 if not given
 *
 * A bridge hears itself in the WebSocket chat, so it passes over what it has just said there.
 */
import evy.Evy;
import evy.io.GreenSocket;
import evy.web.websocket.Message;
import evy.web.websocket.WebSocket;

final Queue<String> said = new ArrayDeque<>();

void main(String[] args) throws Exception {
    var lines = Arguments.port(args, 3001);
    var page = Arguments.port(args, 1, 7000);
    try (var chat = Evy.connect("localhost", lines);
            var ws = WebSocket.connect(URI.create("ws://localhost:" + page + "/chat"))) {
        IO.println("joined " + chat.getRemoteSocketAddress() + " and " + ws.remoteAddress());
        var there = Evy.spawn(() -> toWebSocket(chat, ws));
        toLines(ws, chat);
        there.kill();
    }
    IO.println("one of the chats is over");
}

void toWebSocket(GreenSocket chat, WebSocket ws) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(chat.getInputStream()));
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        said.add(line);
        ws.send(line);
    }
    ws.close();
}

void toLines(WebSocket ws, GreenSocket chat) throws IOException {
    for (var message : ws) {
        if (message instanceof Message.Text(var text)) {
            if (text.equals(said.peek())) {
                said.remove();
            } else {
                chat.sendAll((text + "\n").getBytes());
            }
        }
    }
}
