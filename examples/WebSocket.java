/*
 * WebSockets and a page that uses them, on one port.
 *
 *   ./evy examples/WebSocket.java [PORT]      7000 if it is not given, any free one if it is 0
 *
 * /echo sends every message back as it came; /data sends a number ten times a second, which the page at
 * / draws as it arrives.
 */
import evy.Evy;
import evy.web.Response;
import evy.web.Router;
import evy.web.WebServer;
import evy.web.websocket.Compression;
import evy.web.websocket.WebSocketApp;
import evy.web.websocket.WebSocketOptions;

void main(String[] args) throws Exception {
    var options =
            WebSocketOptions.DEFAULT
                    .withCompression(Compression.WITHOUT_CONTEXT)
                    .withLimits(64 << 20, 64 << 20);
    var page = Folder.find().resolve("WebSocket.html");
    var app =
            new Router()
                    .get("/", request -> Response.file(page).withType("text/html"))
                    .get("/echo", WebSocketApp.of(this::echo, options))
                    .get("/data", WebSocketApp.of(this::data));
    try (var server = WebServer.start(Arguments.port(args, 7000), app)) {
        IO.println("listening on " + server.address());
        server.await();
    }
}

void echo(evy.web.websocket.WebSocket ws) throws IOException {
    for (var message : ws) {
        ws.send(message);
    }
}

void data(evy.web.websocket.WebSocket ws) throws IOException {
    var random = new Random();
    for (int i = 0; i < 10_000 && ws.isOpen(); i++) {
        ws.send(i + " " + random.nextDouble());
        Evy.sleep(Duration.ofMillis(100));
    }
}
