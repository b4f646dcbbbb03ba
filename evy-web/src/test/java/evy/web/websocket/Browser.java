package evy.web.websocket;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Chromium without a window, steered by its DevTools protocol, which is spoken on a WebSocket.
 */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final WebSocketOptions OPTIONS =
            WebSocketOptions.DEFAULT.withTimeouts(PATIENCE, Duration.ofSeconds(1));

    private final Program program;
    private final String address;

    private Browser(Program program, String address) {
        this.program = program;
        this.address = address;
    }

    static String find() {
        return Program.find("Chromium", "chromium", "chromium-browser", "google-chrome", "chrome");
    }

    static Browser start(String path, Path profile) throws IOException {
        Program program =
                Program.start(
                        Map.of(),
                        List.of(
                                path,
                                "--headless",
                                "--no-sandbox", // which root may not have
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--user-data-dir=" + profile,
                                "--remote-debugging-port=0",
                                "about:blank"));
        String line = program.lineWith("DevTools listening on ws://");
        Matcher matcher = Pattern.compile("ws://([^/]+)/").matcher(line);
        if (!matcher.find()) {
            throw new IOException("no address in: " + line);
        }
        return new Browser(program, matcher.group(1));
    }

    /** Opens a page in a tab of its own. */
    Tab open(String page) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://" + address + "/json/new?" + page))
                            .PUT(HttpRequest.BodyPublishers.noBody())
                            .build();
            String answer = client.send(request, BodyHandlers.ofString()).body();
            Tab tab =
                    new Tab(
                            WebSocket.connect(
                                    URI.create(field(answer, "webSocketDebuggerUrl")), OPTIONS));
            awaitLoaded(tab, page);
            return tab;
        }
    }

    /* Until then a script may run in the empty page before it, and is gone with that. */
    private static void awaitLoaded(Tab tab, String page) throws Exception {
        boolean loaded = false;
        try {
            tab.await("location.href === '" + page + "' && document.readyState === 'complete'");
            loaded = true;
        } finally {
            if (!loaded) {
                tab.close();
            }
        }
    }

    /* The value of a member, whatever its type; of the last that has the name. */
    private static String field(String json, String name) {
        Pattern member =
                Pattern.compile("\"" + name + "\":\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^,}\\s]+)");
        Matcher matcher = member.matcher(json);
        String value = "";
        while (matcher.find()) {
            value = matcher.group(1);
        }
        return value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
    }

    @Override
    public void close() throws InterruptedException {
        program.close();
    }

    /** An open page. */
    static final class Tab implements AutoCloseable {
        private final WebSocket devTools;
        private int calls;

        Tab(WebSocket devTools) {
            this.devTools = devTools;
        }

        /** The value of an expression in the page, as text. */
        String evaluate(String expression) throws IOException {
            calls++;
            devTools.send(
                    "{\"id\":%d,\"method\":\"Runtime.evaluate\",\"params\":{\"returnByValue\":true,\"expression\":\"%s\"}}"
                            .formatted(
                                    calls, expression.replace("\\", "\\\\").replace("\"", "\\\"")));
            for (Message message : devTools) {
                String text = ((Message.Text) message).text();
                if (text.startsWith("{\"id\":" + calls + ",")) {
                    return field(text, "value");
                }
            }
            throw new IOException("the browser is gone: " + devTools.closeStatus());
        }

        /** Waits until an expression is true. */
        void await(String expression) throws Exception {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!evaluate("Boolean(" + expression + ")").equals("true")) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("not within " + PATIENCE + ": " + expression);
                }
                Thread.sleep(50); // for another process there is nothing else to wait on
            }
        }

        @Override
        public void close() {
            devTools.close();
        }
    }
}
