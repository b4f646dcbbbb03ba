package evy.examples;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket of the JDK's, in the place of a browser's. */
final class Browser implements WebSocket.Listener {
    private static final int PATIENCE_SECONDS = 40;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder message = new StringBuilder();
    private final WebSocket ws;

    Browser(HttpClient client, Example server, String path) throws InterruptedException {
        var uri = URI.create("ws://localhost:" + server.port() + path);
        ws = client.newWebSocketBuilder().buildAsync(uri, this).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            heard.add(message.toString());
            message.setLength(0);
        }
        from.request(1);
        return null;
    }

    /** The next message; null if none comes. */
    String next() throws InterruptedException {
        return heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void say(String text) {
        ws.sendText(text, true).join();
    }

    /** Repeats it until somebody hears it: the servers may not know the exchange yet. */
    void sayUntil(String text, Browser listener, String wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() - end < 0) {
            say(text);
            var said = listener.heard.poll(50, TimeUnit.MILLISECONDS);
            if (said != null && said.endsWith(wanted)) {
                return;
            }
        }
        throw new AssertionError("not heard: " + wanted);
    }

    /** Ends without a word. */
    void breakOff() {
        ws.abort();
    }
}
