package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.Timeout;
import evy.testkit.LeakCheckExtension;
import evy.web.WebOptions;
import evy.web.WebServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Ten thousand open sockets, whose other ends are in another program. */
@ExtendWith(LeakCheckExtension.class)
class WebSocketStressIT {
    private static final int SOCKETS = Integer.getInteger("evy.websocket.sockets", 10_000);
    private static final int SECONDS = 5;
    private static final int BACKLOG = 20;
    private static final byte[] LARGE = new byte[256 * 1024];
    private static final long MOST_HEAP_BYTES = 12 * 1024;
    private static final WebSocketOptions OPTIONS =
            WebSocketOptions.DEFAULT.withKeepAlive(Duration.ofMinutes(2), Duration.ofMinutes(5));

    /** A server whose connections are all in one room. */
    private static WebServer room(Broadcast room) throws Exception {
        return WebServer.start(
                new InetSocketAddress("localhost", 0),
                WebSocketApp.of(
                        ws -> {
                            try (var seat = room.join(ws)) {
                                ws.forEach(_ -> {});
                            }
                        },
                        OPTIONS),
                WebOptions.DEFAULT.withLog(_ -> {}).withMaxConnections(SOCKETS + 100));
    }

    private static Program crowd(WebServer server, int readers, int sleepers) throws Exception {
        return Program.start(
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Crowd.class.getName(),
                        Integer.toString(server.port()),
                        Integer.toString(readers),
                        Integer.toString(sleepers)));
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    @Test
    @Tag("stress")
    void broadcast_everySecondToTenThousand_allGetAll() throws Exception {
        Broadcast room = new Broadcast(100, Broadcast.SlowReader.CLOSE);
        try (WebServer server = room(room)) {
            long before = usedHeap();
            try (Program crowd = crowd(server, SOCKETS, 0)) {
                crowd.lineWith("open");
                long each = (usedHeap() - before) / SOCKETS;
                long cpu = cpuNanos();
                for (int i = 0; i < SECONDS; i++) {
                    room.send(new Message.Text("the time is " + i));
                    crowd.lineWith("all got " + (i + 1));
                    Evy.sleep(Duration.ofSeconds(1));
                }
                long micros = TimeUnit.NANOSECONDS.toMicros(cpuNanos() - cpu) / SECONDS / SOCKETS;
                System.out.printf(
                        "%d sockets: %d bytes of heap each, %d us of CPU for a message to one%n",
                        SOCKETS, each, micros);

                assertThat(each).isLessThan(MOST_HEAP_BYTES);
                assertThat(room.size()).isEqualTo(SOCKETS);
            }
        }
    }

    /** Whoever does not read stops only a sender that is told to wait. */
    @ParameterizedTest
    @EnumSource(Broadcast.SlowReader.class)
    void broadcast_twentyOfTwoHundredNeverRead_othersGetAll(Broadcast.SlowReader policy)
            throws Exception {
        broadcast(policy, 180, 20);
    }

    @ParameterizedTest
    @Tag("stress")
    @EnumSource(Broadcast.SlowReader.class)
    void broadcast_manyNeverRead_othersGetAll(Broadcast.SlowReader policy) throws Exception {
        broadcast(policy, SOCKETS / 10, SOCKETS / 100);
    }

    private static void broadcast(Broadcast.SlowReader policy, int readers, int sleepers)
            throws Exception {
        Broadcast room = new Broadcast(BACKLOG, policy);
        try (WebServer server = room(room);
                Program crowd = crowd(server, readers, sleepers)) {
            crowd.lineWith("open");
            int sent = 0;
            while (sent < 2 * BACKLOG && sendOne(room, policy)) {
                sent++;
                crowd.lineWith("all got " + sent);
            }

            switch (policy) {
                case DROP -> assertThat(room.dropped()).isPositive();
                case CLOSE -> assertThat(room.size()).isEqualTo(readers);
                case BLOCK -> assertThat(sent).isBetween(BACKLOG, 2 * BACKLOG - 1);
            }
            if (policy != Broadcast.SlowReader.BLOCK) {
                assertThat(sent).isEqualTo(2 * BACKLOG);
            }
        }
    }

    /* A message more than a socket's buffers hold; who is told to wait does so for a moment. */
    private static boolean sendOne(Broadcast room, Broadcast.SlowReader policy) throws Exception {
        Message message = new Message.Binary(LARGE);
        if (policy != Broadcast.SlowReader.BLOCK) {
            room.send(message);
            return true;
        }
        return Evy.run(() -> Timeout.call(Duration.ofSeconds(1), () -> send(room, message), false));
    }

    private static boolean send(Broadcast room, Message message) throws InterruptedException {
        room.send(message);
        return true;
    }
}
