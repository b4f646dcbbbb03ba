package evy.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import evy.Evy;
import evy.hubs.Greenlet;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** How an exchange ends, and what its client sees of that. */
@ExtendWith(LeakCheckExtension.class)
class ExchangeEndTest {
    @ParameterizedTest
    @EnumSource
    void handlerReturned_exchangeEndsInAnotherThread_isAnswered(Provider provider)
            throws Exception {
        BlockingQueue<HttpExchange> open = new LinkedBlockingQueue<>();
        try (Running running = Running.with(provider, open::add);
                Caller caller = running.caller()) {
            caller.send(Handlers.POST_FOUR);
            HttpExchange exchange = open.take();
            caller.send("body");

            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(body);
            exchange.close();

            assertThat(caller.answer(false).body()).isEqualTo("body");
        }
    }

    @ParameterizedTest
    @EnumSource
    void responseClosed_handlerGoesOn_clientHasAll(Provider provider) throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        HttpHandler handler =
                x -> {
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().write(Handlers.HELLO);
                    x.getResponseBody().close();
                    Handlers.await(received);
                    over.countDown();
                };
        try (Running running = Running.with(provider, handler)) {
            assertThat(running.get("/").body()).isEqualTo("hello");
            received.countDown();
            Handlers.await(over);
        }
    }

    @Test
    void responseClosed_handlerGoesOn_nextRequestIsServed() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        HttpHandler handler =
                x -> {
                    Handlers.sendHello(x);
                    if (x.getRequestURI().getPath().equals("/2")) {
                        second.countDown();
                    }
                    Handlers.await(second);
                };
        try (Running running = Running.with(Provider.EVY, handler);
                Caller caller = running.caller()) {
            assertThat(caller.ask("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(200);
            assertThat(caller.ask("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void flush_beforeTheEnd_clientHasWhatWasWritten(Provider provider) throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        HttpHandler handler =
                x -> {
                    x.sendResponseHeaders(200, Handlers.HELLO.length);
                    x.getResponseBody().write(Handlers.HELLO, 0, 4);
                    x.getResponseBody().flush();
                    Handlers.await(received);
                    x.getResponseBody().write(Handlers.HELLO, 4, 1);
                    x.close();
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            String seen = "";
            while (!seen.endsWith("hell")) {
                seen += (char) caller.read();
            }
            received.countDown();

            assertThat((char) caller.read()).isEqualTo('o');
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_withoutAResponse_closesTheConnection(Provider provider) throws Exception {
        try (Running running = Running.with(provider, HttpExchange::close);
                Caller caller = running.caller()) {
            caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(caller.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void client_leavesAndTheHandlerDoesNotMind_exchangeIsOver(Provider provider) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        HttpHandler handler =
                x -> {
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().flush();
                    Handlers.await(left);
                    try (OutputStream body = x.getResponseBody()) {
                        body.write(new byte[8000]); // waits for the close, and is sent then
                    } catch (IOException e) {
                        assertThat(e).isNotNull(); // as may be
                    }
                    closed.countDown();
                };
        try (Running running = Running.with(provider, handler)) {
            try (Caller caller = running.caller()) {
                caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(caller.read()).isEqualTo('H');
                caller.reset();
            }
            left.countDown();
            Handlers.await(closed);

            CompletableFuture.runAsync(() -> running.server().stop(3600)).get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void handler_throwsWhenAllWasSent_clientHasIt(Provider provider) throws Exception {
        HttpHandler handler =
                x -> {
                    Handlers.sendHello(x);
                    throw new IOException("too late");
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            for (int i = 0; i < 2; i++) {
                assertThat(caller.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body())
                        .isEqualTo("hello");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void handler_throwsInTheMiddle_clientSeesThatTheRestIsMissing(Provider provider)
            throws Exception {
        HttpHandler handler =
                x -> {
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().write(Handlers.HELLO);
                    x.getResponseBody().flush();
                    throw new IllegalStateException("in the middle");
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(caller.rest()).contains("hello").doesNotContain("\r\n0\r\n");
        }
    }

    /* The JDK's server closes the connection. */
    @Test
    void handler_throwsBeforeTheResponse_clientGets500() throws Exception {
        HttpHandler handler =
                x -> {
                    throw new AssertionError("at once");
                };
        try (Running running = Running.with(Provider.EVY, handler)) {
            assertThat(running.get("/").status()).isEqualTo(500);
        }
    }

    @Test
    void handler_isKilled_clientGets500() throws Exception {
        BlockingQueue<Greenlet> handlers = new LinkedBlockingQueue<>();
        HttpHandler handler =
                x -> {
                    handlers.add(Greenlet.current());
                    Evy.sleep(Duration.ofHours(1));
                };
        try (Running running = Running.with(Provider.EVY, handler);
                Caller caller = running.caller()) {
            caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            Evy.kill(handlers.take());

            assertThat(caller.answer(false).status()).isEqualTo(500);
        }
    }

    @Test
    void handler_isInterruptedWhileItReads_exchangeFails() throws Exception {
        BlockingQueue<Thread> handlers = new LinkedBlockingQueue<>();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        HttpHandler handler =
                x -> {
                    handlers.add(Thread.currentThread());
                    try {
                        seen.complete(new AssertionError("read " + x.getRequestBody().read()));
                    } catch (IOException e) {
                        seen.complete(e);
                    }
                };
        try (Running running = Running.with(Provider.EVY, handler);
                Caller caller = running.caller()) {
            caller.send(Handlers.POST_FOUR);
            handlers.take().interrupt();

            assertThat(seen.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
            caller.send("body");
            assertThat(caller.answer(false).status()).isEqualTo(500);
        }
    }
}
