package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Many connections at once: idle ones cost little, slow ones hurt nobody else. */
@ExtendWith(LeakCheckExtension.class)
class ManyConnectionsIT {
    /* Each takes two descriptors, as both ends are in this program. */
    private static final int IDLE = Integer.getInteger("evy.web.idle", 2000);
    private static final int SLOW = 200;
    private static final long MOST_HEAP_BYTES = 12 * 1024;

    private static List<Socket> connect(WebServer server, int count, String request)
            throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            sockets.add(socket);
            socket.getOutputStream().write(Servers.bytes(request));
        }
        return sockets;
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void connections_idle_holdNoBuffers() throws Exception {
        WebOptions options = Servers.QUIET.withMaxConnections(IDLE + 10);
        try (var server = Servers.start(r -> Response.text("hello"), options)) {
            long before = usedHeap();
            List<Socket> sockets = connect(server, IDLE, Servers.get("/"));
            for (Socket socket : sockets) {
                assertThat(new RawClient(socket).reply().text()).isEqualTo("hello");
            }
            long each = (usedHeap() - before) / IDLE;

            assertThat(each).isLessThan(MOST_HEAP_BYTES);
            try (var client = RawClient.to(server)) {
                assertThat(client.get("/").text()).isEqualTo("hello");
            }
            closeAll(sockets);
        }
    }

    /** The 99th percentile of a client's requests, while others send a byte now and then. */
    private static Duration lateness(WebServer server, List<Socket> slow) throws IOException {
        long[] nanos = new long[2000];
        try (var client = RawClient.to(server)) {
            for (int i = 0; i < nanos.length; i++) {
                if (!slow.isEmpty()) {
                    slow.get(i % slow.size()).getOutputStream().write('x');
                }
                long start = System.nanoTime();
                assertThat(client.get("/").text()).isEqualTo("hello");
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        return Duration.ofNanos(nanos[nanos.length * 99 / 100]);
    }

    @Test
    void connections_slow_doNotHurtOthers() throws Exception {
        WebOptions options = Servers.QUIET.withHeadTimeout(Duration.ofSeconds(50));
        try (var server = Servers.start(r -> Response.text("hello"), options)) {
            Duration alone = lateness(server, List.of());
            List<Socket> slow = connect(server, SLOW, "GET / HTTP/1.1\r\nX-Slow: ");
            Duration beside = lateness(server, slow);
            System.out.printf(
                    "p99 alone %d us, beside %d slow clients %d us%n",
                    alone.toNanos() / 1000, SLOW, beside.toNanos() / 1000);

            assertThat(beside).isLessThan(alone.multipliedBy(3).plusSeconds(1));
            assertThat(server.connections()).isGreaterThanOrEqualTo(SLOW);
            closeAll(slow);
        }
    }
}
