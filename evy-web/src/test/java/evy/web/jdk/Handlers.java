package evy.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the tests' handlers have in common. */
final class Handlers {
    static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    /** A request without its body. */
    static final String POST_FOUR = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n";

    private Handlers() {}

    static void sendHello(HttpExchange x) throws IOException {
        x.sendResponseHeaders(200, HELLO.length);
        x.getResponseBody().write(HELLO);
        x.close();
    }

    /** Runs a handler that checks something; throws what it throws. */
    static void check(Provider provider, HttpHandler handler) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        HttpHandler noting =
                x -> {
                    try {
                        handler.handle(x);
                        done.complete(null);
                    } catch (Throwable t) {
                        done.completeExceptionally(t);
                        throw t;
                    }
                };
        try (Running running = Running.with(provider, noting);
                Caller caller = running.caller()) {
            caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            done.get(20, TimeUnit.SECONDS);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
