package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.web.WebServer;
import evy.web.websocket.Message.Binary;
import evy.web.websocket.Message.Text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** WebSockets of other make, at either end: Node's {@code ws} and Python's {@code websockets}. */
@ExtendWith(LeakCheckExtension.class)
class OtherClientsIT {
    private static final WebSocketOptions COMPRESSING =
            WebSocketOptions.DEFAULT
                    .withCompression(new Compression(true, true, 6, 0))
                    .withLimits(64 << 20, 64 << 20);

    /** An interpreter that has the library. */
    private record Interpreter(String path, Map<String, String> environment) {
        Program start(String script, String... arguments) throws Exception {
            return Program.start(environment, command(script, arguments));
        }

        private List<String> command(String script, String... arguments) throws Exception {
            List<String> command = new java.util.ArrayList<>();
            command.add(path);
            command.add(Program.script(script));
            command.addAll(List.of(arguments));
            return command;
        }
    }

    private static Interpreter node() throws Exception {
        String node = Program.find("Node", "node", "nodejs");
        String modules = System.getenv("NODE_PATH");
        if (modules == null) {
            String root = Program.said(Map.of(), Program.find("npm", "npm"), "root", "-g");
            modules = root == null ? "" : root.strip();
        }
        Map<String, String> environment = Map.of("NODE_PATH", modules);
        assumeTrue(
                Program.said(environment, node, "-e", "require('ws')") != null,
                "Node's ws is not installed: npm install -g ws, or set NODE_PATH");
        return new Interpreter(node, environment);
    }

    private static Interpreter python() throws Exception {
        for (String name : List.of("/usr/bin/python3", Program.find("Python", "python3"))) {
            if (Program.said(Map.of(), name, "-c", "import websockets") != null) {
                return new Interpreter(name, Map.of());
            }
        }
        assumeTrue(
                false, "Python's websockets is not installed: apt-get install python3-websockets");
        throw new AssertionError();
    }

    private static WebServer echo() throws Exception {
        return Handshakes.start(
                WebSocketApp.of(
                        ws -> {
                            for (Message message : ws) {
                                ws.send(message);
                            }
                        },
                        COMPRESSING));
    }

    private static void echoes(Interpreter client, String script, String deflate) throws Exception {
        try (WebServer server = echo();
                Program program =
                        client.start(script, "ws://localhost:" + server.port() + "/", deflate)) {
            assertThat(program.rest()).endsWith("done\n");
        }
    }

    @ParameterizedTest
    @Spec({"WS12", "WS13", "WS18"})
    @ValueSource(strings = {"none", "context", "reset", "small"})
    void nodesClient_everything_comesBack(String deflate) throws Exception {
        echoes(node(), "client.cjs", deflate);
    }

    @ParameterizedTest
    @Spec({"WS12", "WS13", "WS18"})
    @ValueSource(strings = {"none", "context", "reset", "small"})
    void pythonsClient_everything_comesBack(String deflate) throws Exception {
        echoes(python(), "client.py", deflate);
    }

    @Test
    @Spec({"WS12", "WS17"})
    void nodesServer_everything_comesBack() throws Exception {
        speakTo(node(), "server.cjs");
    }

    @Test
    @Spec({"WS12", "WS17"})
    void pythonsServer_everything_comesBack() throws Exception {
        speakTo(python(), "server.py");
    }

    private static void speakTo(Interpreter interpreter, String script) throws Exception {
        try (Program server = interpreter.start(script)) {
            URI uri = URI.create("ws://127.0.0.1:" + server.lineWith("").strip());
            for (WebSocketOptions options : List.of(COMPRESSING, WebSocketOptions.DEFAULT)) {
                try (WebSocket ws = WebSocket.connect(uri, options)) {
                    for (int length : new int[] {0, 1, 125, 126, 65535, 65536, 1 << 20}) {
                        ws.send("ä".repeat(length));
                        assertThat(ws.receive()).isEqualTo(new Text("ä".repeat(length)));
                        ws.send(new byte[length]);
                        assertThat(ws.receive()).isEqualTo(new Binary(new byte[length]));
                    }
                    ws.send("close");

                    assertThat(ws.receive()).isNull();
                    assertThat(ws.closeStatus()).isEqualTo(new CloseStatus(4002, "as you wish"));
                }
            }
        }
    }
}
