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
    var app =
            new Router()
                    .get("/", request -> Response.html(PAGE))
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
    for (var i = 0; ws.isOpen(); i++) {
        ws.send(i + " " + random.nextDouble());
        Evy.sleep(Duration.ofMillis(100));
    }
}

final String PAGE =
        """
        <!doctype html>
        <meta charset="utf-8">
        <title>Numbers, live</title>
        <h1>Numbers, live</h1>
        <canvas id="plot" width="600" height="200" style="border: 1px solid"></canvas>
        <p><output id="last">connecting…</output></p>
        <script>
        const plot = document.getElementById("plot").getContext("2d");
        const last = document.getElementById("last");
        const points = [];
        const ws = new WebSocket(location.href.replace(/^http/, "ws").replace(/[^/]*$/, "data"));
        ws.onmessage = message => {
            const [i, y] = message.data.split(" ").map(Number);
            points.push(y);
            if (points.length > 100) points.shift();
            plot.clearRect(0, 0, 600, 200);
            plot.beginPath();
            points.forEach((p, x) => plot.lineTo(x * 6, 200 - 200 * p));
            plot.stroke();
            last.value = `${i}: ${y}`;
        };
        ws.onclose = () => last.value += " (closed)";
        </script>
        """;
