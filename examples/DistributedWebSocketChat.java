/*
 * A chat for browsers on many web servers: what one participant says, all see, wherever they are.
 *
 *   ./evy examples/DistributedWebSocketChat.java exchange [IN] [OUT]      tcp://127.0.0.1:12345 and :12346
 *   ./evy examples/DistributedWebSocketChat.java 7000 [IN] [OUT]          as many as you like, each on a port of its own
 *   ./evy examples/DistributedWebSocketChat.java 7001 [IN] [OUT]
 *
 * Servers publish to the exchange's address IN and subscribe to OUT. They need not know of each other, and
 * may come before the exchange or go on without it.
 */
import evy.Evy;
import evy.web.Response;
import evy.web.Router;
import evy.web.WebServer;
import evy.web.websocket.Broadcast;
import evy.web.websocket.Message;
import evy.web.websocket.WebSocket;
import evy.web.websocket.WebSocketApp;
import evy.zmq.Context;
import evy.zmq.Proxy;
import evy.zmq.Socket;
import evy.zmq.SocketType;

final Broadcast here = new Broadcast(100, Broadcast.SlowReader.CLOSE);

void main(String[] args) throws Exception {
    var in = args.length > 1 ? args[1] : "tcp://127.0.0.1:12345";
    var out = args.length > 2 ? args[2] : "tcp://127.0.0.1:12346";
    try (var context = Context.open()) {
        if (args.length > 0 && args[0].equals("exchange")) {
            exchange(context, in, out);
        } else {
            serve(context, Arguments.port(args, 7000), in, out);
        }
    }
}

void exchange(Context context, String in, String out) {
    try (var publishers = context.socket(SocketType.XSUB);
            var subscribers = context.socket(SocketType.XPUB)) {
        IO.println("exchange from " + publishers.bind(in) + " to " + subscribers.bind(out));
        Proxy.start(publishers, subscribers).await();
    }
}

void serve(Context context, int port, String in, String out) throws Exception {
    try (var everybody = context.socket(SocketType.PUB);
            var all = context.socket(SocketType.SUB)) {
        everybody.connect(in);
        all.connect(out);
        all.subscribe("");
        Evy.spawnN(() -> distribute(all));
        var page = Folder.find().resolve("WebSocketChat.html");
        var app =
                new Router()
                        .get("/", request -> Response.file(page).withType("text/html"))
                        .get("/chat", WebSocketApp.of(ws -> chat(ws, everybody)));
        try (var server = WebServer.start(port, app)) {
            IO.println("listening on " + server.address());
            server.await();
        }
    }
}

void distribute(Socket all) throws InterruptedException {
    while (true) {
        here.send(new Message.Text(all.recvString()));
    }
}

void chat(WebSocket ws, Socket everybody) throws IOException {
    var name = "guest " + UUID.randomUUID();
    try (var _ = here.join(ws)) {
        ws.send("You are " + name + "; change it by 'name: NEW NAME'.");
        for (var message : ws) {
            if (message instanceof Message.Text(var text) && text.startsWith("name:")) {
                var former = name;
                name = text.substring("name:".length()).strip();
                everybody.send(former + " is " + name + " now");
            } else if (message instanceof Message.Text(var text)) {
                everybody.send(name + ": " + text);
            }
        }
    }
}
