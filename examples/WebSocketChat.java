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
    var app =
            new Router()
                    .get("/", request -> Response.html(PAGE))
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

final String PAGE =
        """
        <!doctype html>
        <meta charset="utf-8">
        <title>Chat</title>
        <h1>Chat</h1>
        <form id="form"><input id="line" autofocus autocomplete="off" size="60"> <button>Say</button></form>
        <ul id="chat"></ul>
        <script>
        const form = document.getElementById("form");
        const line = document.getElementById("line");
        const chat = document.getElementById("chat");
        const show = text => {
            const item = document.createElement("li");
            item.textContent = text;
            chat.append(item);
        };
        const ws = new WebSocket(location.href.replace(/^http/, "ws").replace(/[^/]*$/, "chat"));
        ws.onopen = () => show("You are in.");
        ws.onmessage = message => show(message.data);
        ws.onclose = event => show(`The chat is over: ${event.code} ${event.reason}`);
        form.onsubmit = event => {
            event.preventDefault();
            ws.send(line.value);
            line.value = "";
        };
        </script>
        """;
