package evy.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The life of a server, and its contexts. */
@ExtendWith(LeakCheckExtension.class)
class ServerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private static void sendNothing(HttpExchange x) throws IOException {
        x.sendResponseHeaders(200, -1);
    }

    @ParameterizedTest
    @EnumSource
    void unbound_started_isRefused(Provider provider) throws Exception {
        HttpServer server = provider.unbound();

        assertThat(server.getAddress()).isNull();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> server.bind(null, 0)).isInstanceOf(NullPointerException.class);

        provider.discard(server);
    }

    @ParameterizedTest
    @EnumSource
    void bound_again_isRefusedAndStaysAsItWas(Provider provider) throws Exception {
        HttpServer server = provider.server();
        InetSocketAddress address = server.getAddress();

        assertThat(address.getPort()).isPositive();
        assertThatThrownBy(() -> server.bind(Provider.ANY_PORT, 0))
                .isInstanceOf(BindException.class);
        assertThat(server.getAddress()).isEqualTo(address);

        provider.discard(server);
    }

    @ParameterizedTest
    @EnumSource
    void addressTaken_bind_failsAndMayBeTriedAgain(Provider provider) throws Exception {
        HttpServer first = provider.server();
        HttpServer second = provider.unbound();

        assertThatThrownBy(() -> second.bind(first.getAddress(), 0))
                .isInstanceOf(BindException.class);
        second.bind(Provider.ANY_PORT, 5);

        assertThat(second.getAddress().getPort()).isNotEqualTo(first.getAddress().getPort());
        provider.discard(first);
        provider.discard(second);
    }

    @ParameterizedTest
    @EnumSource
    void started_startedOrChanged_isRefused(Provider provider) throws Exception {
        try (Running running = Running.with(provider, ServerTest::sendNothing)) {
            HttpServer server = running.server();

            assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> server.setExecutor(Runnable::run))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> server.stop(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(running.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void start_contextClassLoader_isTheHandlersToo() throws Exception {
        BlockingQueue<ClassLoader> seen = new LinkedBlockingQueue<>();
        HttpServer server = Provider.EVY.server();
        server.createContext(
                "/",
                x -> {
                    seen.add(Thread.currentThread().getContextClassLoader());
                    sendNothing(x);
                });
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader mine = new URLClassLoader(new URL[0])) {
            Thread.currentThread().setContextClassLoader(mine);
            try (Running running = Running.start(server)) {
                assertThat(running.get("/").status()).isEqualTo(200);
            }
            assertThat(seen).containsExactly(mine);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopped_again_doesNothing(Provider provider) throws Exception {
        Running running = Running.with(provider, ServerTest::sendNothing);
        HttpServer server = running.server();
        InetSocketAddress address = server.getAddress();

        server.stop(0);
        server.stop(0);

        assertThat(server.getAddress()).isEqualTo(address);
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(running::caller).isInstanceOf(ConnectException.class);
    }

    @Test
    void neverStarted_stopped_isOverAtOnce() throws Exception {
        HttpServer server = Provider.EVY.server();

        server.stop(3600);

        assertThatThrownBy(() -> new Caller(server.getAddress()))
                .isInstanceOf(ConnectException.class);
        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stopped");
        assertThatThrownBy(() -> server.bind(Provider.ANY_PORT, 0))
                .isInstanceOf(BindException.class);
    }

    @ParameterizedTest
    @EnumSource
    void stop_requestUnderWay_isWaitedFor(Provider provider) throws Exception {
        BlockingQueue<HttpExchange> open = new LinkedBlockingQueue<>();
        try (Running running = Running.with(provider, open::add);
                Caller caller = running.caller();
                Caller idle = running.caller()) {
            caller.send(GET);
            HttpExchange exchange = open.take();
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> running.server().stop(3600));
            while (accepts(running)) {
                Thread.yield();
            }

            assertThat(stopped).isNotDone();
            exchange.sendResponseHeaders(200, -1);
            assertThat(caller.answer(false).status()).isEqualTo(200);
            assertThat(idle.rest()).isEmpty();
            stopped.get(20, TimeUnit.SECONDS);
        }
    }

    private static boolean accepts(Running running) throws IOException {
        try (Caller caller = running.caller()) {
            return true;
        } catch (SocketException e) { // or reset, as the listener closes
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void stop_requestTakesTooLong_isCutOff(Provider provider) throws Exception {
        BlockingQueue<HttpExchange> open = new LinkedBlockingQueue<>();
        try (Running running = Running.with(provider, open::add);
                Caller caller = running.caller()) {
            caller.send(GET);
            HttpExchange exchange = open.take();

            running.server().stop(0);

            assertThat(caller.rest()).isEmpty();
            assertThatThrownBy(
                            () -> {
                                exchange.sendResponseHeaders(200, 0);
                                exchange.getResponseBody().flush();
                            })
                    .isInstanceOf(IOException.class);
            exchange.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void stop_byAHandler_returnsToIt(Provider provider) throws Exception {
        CompletableFuture<Void> returned = new CompletableFuture<>();
        HttpHandler handler =
                x -> {
                    x.getHttpContext().getServer().stop(0);
                    returned.complete(null);
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            caller.send(GET);

            returned.get(20, TimeUnit.SECONDS);
            assertThat(caller.rest()).isEmpty();
        }
    }

    /* The JDK's server sleeps on. */
    @Test
    void stop_byAHandlerThatHasAnswered_isDoneAtOnce() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        HttpHandler handler =
                x -> {
                    sendNothing(x);
                    x.getHttpContext().getServer().stop(3600);
                    returned.countDown();
                };
        try (Running running = Running.with(Provider.EVY, handler)) {
            assertThat(running.get("/").status()).isEqualTo(200);
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void removeContext_requestUnderWay_goesOn(Provider provider) throws Exception {
        BlockingQueue<HttpExchange> open = new LinkedBlockingQueue<>();
        try (Running running = Running.with(provider, open::add);
                Caller caller = running.caller()) {
            caller.send(GET);
            HttpExchange exchange = open.take();

            running.server().removeContext("/");

            assertThat(running.get("/").status()).isEqualTo(404);
            exchange.sendResponseHeaders(200, -1);
            assertThat(caller.answer(false).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void contexts_thatCannotBe_areRefused(Provider provider) throws Exception {
        HttpServer server = provider.server();
        HttpServer other = provider.server();
        HttpContext context = server.createContext("/a", ServerTest::sendNothing);
        HttpContext foreign = other.createContext("/a");

        assertThatThrownBy(() -> server.createContext("a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.createContext(""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.createContext("/a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.createContext(null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> server.createContext("/b", null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> server.removeContext("/b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.removeContext((String) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> server.removeContext(foreign))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> context.setHandler(ServerTest::sendNothing))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> foreign.setHandler(null)).isInstanceOf(NullPointerException.class);
        assertThatCode(() -> server.removeContext(context)).doesNotThrowAnyException();

        provider.discard(server);
        provider.discard(other);
    }

    @ParameterizedTest
    @EnumSource
    void context_changedWhileServing_countsAtOnce(Provider provider) throws Exception {
        HttpServer server = provider.server();
        HttpContext context = server.createContext("/");
        try (Running running = Running.start(server);
                Caller caller = running.caller()) {
            context.setHandler(ServerTest::sendNothing);
            assertThat(caller.ask(GET).status()).isEqualTo(200);

            context.getFilters()
                    .add(
                            Filter.beforeHandler(
                                    "", x -> x.getResponseHeaders().set("X-Filter", "new")));

            assertThat(caller.ask(GET).header("x-filter")).isEqualTo("new");
            assertThat(context.getServer()).isSameAs(server);
            assertThat(context.getHandler()).isNotNull();
            assertThat(context.getAuthenticator()).isNull();
        }
    }

    @Test
    void waitingThread_interrupted_serverGoesOn() throws Exception {
        try (Running running = Running.with(Provider.EVY, ServerTest::sendNothing)) {
            Thread[] all = new Thread[Thread.activeCount() + 100];
            int count = Thread.enumerate(all);
            Thread waiting =
                    Arrays.stream(all, 0, count)
                            .filter(t -> t.getName().equals("evy-httpserver") && t.isAlive())
                            .findAny()
                            .orElseThrow();
            waiting.interrupt();
            waiting.join();

            assertThat(running.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void stop_interrupted_returnsAndGoesOnStopping() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        HttpHandler slow =
                x -> {
                    begun.countDown();
                    Handlers.await(go);
                    Handlers.sendHello(x);
                };
        try (Running running = Running.with(Provider.EVY, slow);
                Caller caller = running.caller()) {
            caller.send(GET);
            Handlers.await(begun);
            Thread.currentThread().interrupt();
            running.server().stop(20);

            assertThat(Thread.interrupted()).isTrue();
            go.countDown();
            assertThat(caller.answer(false).body()).isEqualTo("hello");
            assertThat(caller.read()).isEqualTo(-1);
        }
    }
}
