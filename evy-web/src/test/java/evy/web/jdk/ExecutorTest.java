package evy.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import evy.Evy;
import evy.hubs.Greenlet;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Where handlers run. */
@ExtendWith(LeakCheckExtension.class)
class ExecutorTest {
    private static final int MANY = 20;

    private static Running serve(Provider provider, Executor executor, HttpHandler handler)
            throws IOException {
        HttpServer server = provider.server();
        server.setExecutor(executor);
        assertThat(server.getExecutor()).isSameAs(executor);
        server.createContext("/", handler);
        return Running.start(server);
    }

    /* Requests at once that can be answered only all at once; each has its body echoed. */
    private static void checkMeeting(Running running) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + running.server().getAddress().getPort());
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                HttpRequest request =
                        HttpRequest.newBuilder(uri)
                                .version(HttpClient.Version.HTTP_1_1)
                                .POST(HttpRequest.BodyPublishers.ofString((i + ",").repeat(5000)))
                                .build();
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(answers.get(i).get(30, TimeUnit.SECONDS).body())
                        .isEqualTo((i + ",").repeat(5000));
            }
        }
    }

    private static HttpHandler meeting() {
        CyclicBarrier all = new CyclicBarrier(MANY);
        return x -> {
            byte[] body = x.getRequestBody().readAllBytes();
            try {
                all.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IOException(e);
            }
            x.sendResponseHeaders(200, 0);
            for (int i = 0; i < body.length; i += 100) {
                x.getResponseBody().write(body, i, Math.min(100, body.length - i));
            }
            x.close();
        };
    }

    @ParameterizedTest
    @EnumSource
    void platformThreads_handlersThatWaitForEachOther_allEnd(Provider provider) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(MANY);
                Running running = serve(provider, pool, meeting())) {
            checkMeeting(running);
        }
    }

    @ParameterizedTest
    @EnumSource
    void virtualThreads_handlersThatWaitForEachOther_allEnd(Provider provider) throws Exception {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
                Running running = serve(provider, pool, meeting())) {
            checkMeeting(running);
        }
    }

    @Test
    void noExecutor_handlersThatWaitForEachOther_allEnd() throws Exception {
        try (Running running = serve(Provider.EVY, null, meeting())) {
            checkMeeting(running);
        }
    }

    @Test
    void noExecutor_handlerSleepsGreen_othersAreServed() throws Exception {
        BlockingQueue<Greenlet> sleeping = new LinkedBlockingQueue<>();
        HttpHandler handler =
                x -> {
                    if (x.getRequestURI().getPath().equals("/slow")) {
                        sleeping.add(Greenlet.current());
                        Evy.sleep(Duration.ofHours(1));
                    }
                    x.sendResponseHeaders(204, -1);
                };
        try (Running running = Running.with(Provider.EVY, handler);
                Caller slow = running.caller()) {
            slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            Greenlet sleeper = sleeping.take();

            for (int i = 0; i < 10; i++) {
                assertThat(running.get("/fast").status()).isEqualTo(204);
            }
            Evy.kill(sleeper);
        }
    }

    @ParameterizedTest
    @EnumSource
    void executor_eachRequest_isATask(Provider provider) throws Exception {
        List<Runnable> tasks = new ArrayList<>();
        Executor counting =
                task -> {
                    synchronized (tasks) {
                        tasks.add(task);
                    }
                    task.run();
                };
        try (Running running = serve(provider, counting, x -> x.sendResponseHeaders(204, -1));
                Caller caller = running.caller()) {
            for (int i = 0; i < 3; i++) {
                assertThat(caller.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(204);
            }

            assertThat(tasks).hasSize(3);
        }
    }

    /* The JDK's server closes the connection. */
    @Test
    void executor_refuses_clientGets500() throws Exception {
        Executor refusing =
                task -> {
                    throw new RejectedExecutionException("full");
                };
        try (Running running = serve(Provider.EVY, refusing, x -> x.sendResponseHeaders(204, -1))) {
            assertThat(running.get("/").status()).isEqualTo(500);
        }
    }
}
