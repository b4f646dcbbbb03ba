package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a stopping server does with connections that were taken over. */
@ExtendWith(LeakCheckExtension.class)
class TakeoverTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final CountDownLatch taken = new CountDownLatch(1);

    private static void say(Takeover connection, String text) {
        try {
            connection.output().write(Servers.bytes(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes over, waits for input, and says {@code end} when it ends. */
    private App listening(boolean idle, Leave leave) {
        return request -> {
            Takeover connection = request.takeOver();
            connection.setIdle(idle);
            connection.onStop(() -> leave.of(connection));
            taken.countDown();
            if (connection.input().read() == '.') {
                say(connection, "end");
            }
            return Response.handled();
        };
    }

    @FunctionalInterface
    private interface Leave {
        void of(Takeover connection);
    }

    @Test
    @Spec({"WSGI7", "WSGI50"})
    void onStop_idle_saysFarewellAndIsClosed() throws Exception {
        App app =
                listening(
                        true,
                        connection -> {
                            Evy.sleep(Duration.ofMillis(5)); // it may wait
                            say(connection, "farewell");
                        });
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            taken.await();

            assertThat(server.stop(LONG)).isTrue();

            assertThat(client.rest()).isEqualTo("farewell");
        }
    }

    @Test
    @Spec({"WSGI7", "WSGI50"})
    void onStop_busy_isToldAndWaitedFor() throws Exception {
        App app = listening(false, connection -> say(connection, "farewell "));
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            taken.await();

            server.shutdown();
            assertThat(client.exactly(9)).asString().isEqualTo("farewell ");
            client.send(".");

            assertThat(client.rest()).isEqualTo("end");
            assertThat(server.stop(LONG)).isTrue();
        }
    }

    @Test
    @Spec({"WSGI8", "WSGI50"})
    void onStop_doesNotEnd_isCutOffWithTheConnection() throws Exception {
        CountDownLatch unwound = new CountDownLatch(1);
        App app =
                listening(
                        true,
                        connection -> {
                            try {
                                Evy.sleep(Duration.ofDays(1));
                            } finally {
                                unwound.countDown();
                            }
                        });
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            taken.await();

            assertThat(server.stop(Duration.ofMillis(20))).isFalse();

            assertThat(unwound.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.rest()).isIn("", "<reset>");
        }
    }

    @Test
    @Spec({"WSGI7", "WSGI50"})
    void onStop_fails_isClosedAllTheSame() throws Exception {
        App app =
                listening(
                        true,
                        connection -> {
                            throw new IllegalStateException("as it should");
                        });
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            taken.await();

            assertThat(server.stop(LONG)).isTrue();

            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    @Spec({"WSGI7", "WSGI50"})
    void onStop_stopsAlready_runsAtOnce() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        App app =
                request -> {
                    Takeover connection = request.takeOver();
                    taken.countDown();
                    stopping.await();
                    CountDownLatch told = new CountDownLatch(1);
                    connection.onStop(told::countDown);
                    told.await();
                    say(connection, "told");
                    return Response.handled();
                };
        try (var server = Servers.start(app);
                var fresh = RawClient.to(server);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            taken.await();
            server.shutdown();
            assertThat(fresh.isAtEnd()).isTrue(); // so it has begun to stop
            stopping.countDown();

            assertThat(client.rest()).isEqualTo("told");
        }
    }
}
