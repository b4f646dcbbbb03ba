package evy.tools.backdoor;

import evy.Evy;
import evy.hubs.Hub;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what a session costs the server beside it: the time from when a request is due to its
 * answer, 1000 requests a second, in turns without a session, with one that evaluates a line a
 * second, and with one that does so at the back door of another process: that takes cores from the
 * server, but does not touch it. Before that, the hub's own CPU time for a line. Run by hand;
 * {@code main} takes the number of rounds, and how many times the lines are evaluated ahead of
 * them.
 */
final class BackdoorLoad {
    private static final String OPEN = "open";
    private static final Map<String, ?> BINDINGS = Map.of("counts", Map.of("a", 1, "b", 5));
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
     * @param args how many rounds, 5 if not given; how many times all lines go ahead, 1 if not
     *     given
     */
    @SuppressWarnings("SystemOut")
    public static void main(String... args) throws Exception {
        if (args.length == 1 && args[0].equals(OPEN)) {
            open();
            return;
        }
        var rounds = args.length < 1 ? 5 : Integer.parseInt(args[0]);
        var ahead = args.length < 2 ? 1 : Integer.parseInt(args[1]);
        var other = startOther();
        var server = Evy.listen("localhost", 0);
        var serving = Evy.spawn(Hub.getDefault(), () -> Evy.serve(server, BackdoorLoad::echo));
        try (var door = Door.open(BINDINGS);
                var client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                var here = door.session();
                var there = session(other)) {
            client.setTcpNoDelay(true);
            for (var i = 0; i < ahead; i++) {
                for (var line : LINES) {
                    here.say(line); // the first lines of a JVM's life are another matter
                    there.say(line);
                }
            }
            System.out.println("a line takes the hub  " + hubMicros(here) + " us of its CPU time");
            measure(client);
            for (var i = 0; i < rounds; i++) {
                System.out.println("no session            " + measure(client));
                System.out.println("a session             " + measure(client, here));
                System.out.println("in another process    " + measure(client, there));
            }
        } finally {
            serving.kill();
            server.close();
            other.destroy();
        }
    }

    @SuppressWarnings("SystemOut")
    private static void open() throws IOException {
        try (var door = Door.open(BINDINGS)) {
            System.out.println(door.port());
            while (System.in.read() >= 0) {
                // until whoever started this has gone
            }
        }
    }

    private static Process startOther() throws IOException {
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(BackdoorLoad.class.getName(), OPEN));
        return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    }

    private static Talk session(Process other) throws IOException {
        var port = Integer.parseInt(other.inputReader().readLine());
        var talk = new Talk(new Socket(InetAddress.getLoopbackAddress(), port));
        talk.untilPrompt();
        return talk;
    }

    /* The median: what a line keeps the other green threads of its hub waiting for. */
    private static long hubMicros(Talk talk) throws IOException {
        var hub =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals(Hub.getDefault().name()))
                        .findAny()
                        .orElseThrow();
        var threads = ManagementFactory.getThreadMXBean();
        var micros = new long[20 * LINES.size()];
        for (var i = 0; i < micros.length; i++) {
            var before = threads.getThreadCpuTime(hub.threadId());
            talk.say(LINES.get(i % LINES.size()));
            micros[i] = (threads.getThreadCpuTime(hub.threadId()) - before) / 1000;
        }
        Arrays.sort(micros);
        return micros[micros.length / 2];
    }

    private static String measure(Socket client, Talk talk) throws Exception {
        var typing = Thread.ofPlatform().daemon().start(() -> type(talk));
        var measured = measure(client);
        typing.join();
        return measured;
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
