package evy.tools.backdoor;

import evy.Evy;
import evy.hubs.Hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what a session costs the server beside it: the time from when a request is due to its
 * answer, 1000 requests a second, in turns without and with a session that evaluates a line a
 * second. Run by hand; {@code main} takes the number of rounds.
 */
final class BackdoorLoad {
    private static final int REQUESTS = 5_000;
    private static final long PERIOD_NANOS = 1_000_000;
    private static final List<String> LINES =
            List.of(
                    "counts.size()",
                    "for (var e : counts.entrySet()) { println(e); }",
                    "var sum = counts.values().stream().mapToInt(i -> i).sum()",
                    "String show(Object o) { return \"<\" + o + \">\"; }",
                    "show(counts)");

    private BackdoorLoad() {}

    /**
     * Measures and prints.
     *
     * @param args how many rounds; 5 if not given
     */
    @SuppressWarnings("SystemOut")
    public static void main(String... args) throws Exception {
        var rounds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
        var server = Evy.listen("localhost", 0);
        var serving = Evy.spawn(Hub.getDefault(), () -> Evy.serve(server, BackdoorLoad::echo));
        try (var door = Door.open(Map.of("counts", Map.of("a", 1, "b", 5)));
                var client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                var talk = door.session()) {
            client.setTcpNoDelay(true);
            for (var line : LINES) {
                talk.say(line); // the first line of a JVM's life is another matter
            }
            measure(client);
            for (var i = 0; i < rounds; i++) {
                System.out.println("without  " + measure(client));
                var typing = Thread.ofPlatform().daemon().start(() -> type(talk));
                System.out.println("with     " + measure(client));
                typing.join();
            }
        } finally {
            serving.kill();
            server.close();
        }
    }

    private static void echo(Socket client) throws IOException {
        client.setTcpNoDelay(true);
        client.getInputStream().transferTo(client.getOutputStream());
    }

    private static void type(Talk talk) {
        try {
            for (var line : LINES) {
                talk.say(line);
                Thread.sleep(900);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String measure(Socket client) throws IOException {
        var latencies = new long[REQUESTS];
        var start = System.nanoTime();
        for (var i = 0; i < REQUESTS; i++) {
            var due = start + i * PERIOD_NANOS;
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            client.getOutputStream().write(i);
            if (client.getInputStream().read() < 0) {
                throw new IOException("the server has closed the connection");
            }
            latencies[i] = System.nanoTime() - due;
        }
        Arrays.sort(latencies);
        return "p50 %d us, p99 %d us, p99.9 %d us"
                .formatted(
                        latencies[REQUESTS / 2] / 1000,
                        latencies[REQUESTS * 99 / 100] / 1000,
                        latencies[REQUESTS * 999 / 1000] / 1000);
    }
}
