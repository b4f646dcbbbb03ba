/*
 * A chat for browsers: what one participant says, all see.
 *
 *   ./evy examples/WebSocketChat.java [PORT]      7000 if it is not given, any free one if it is 0
 *
 * Nobody waits for a participant who does not read: who is 100 messages behind is put out.
 */
import evy.web.Response;
import evy.web.Router;
import evy.web.WebServer;
import evy.web.websocket.Broadcast;
import evy.web.websocket.WebSocket;
import evy.web.websocket.WebSocketApp;

final Broadcast room = new Broadcast(100, Broadcast.SlowReader.CLOSE);

void main(String[] args) throws Exception {
    var page = Folder.find().resolve("WebSocketChat.html");
    var app =
            new Router()
                    .get("/", request -> Response.file(page).withType("text/html"))
                    .get("/chat", WebSocketApp.of(this::chat));
    try (var server = WebServer.start(Arguments.port(args, 7000), app)) {
        IO.println("listening on " + server.address());
        server.await();
    }
}

void chat(WebSocket ws) throws InterruptedException {
    try (var _ = room.join(ws)) {
        IO.println("Participant joined chat.");
        for (var message : ws) {
            room.send(message);
        }
    } finally {
        IO.println("Participant left chat.");
    }
}
