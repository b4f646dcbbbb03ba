package evy.web;

import evy.Evy;
import evy.hubs.Hub;
import evy.sync.Event;

/**
 * Asks for the page of all green threads where there are very many of them, as text and as JSON,
 * and prints how long that took and for how long another green thread of their hub, which is the
 * server's, too, had to wait for its turn meanwhile. Run by hand; {@code main} takes how many there
 * are, and how many times it asks.
 */
final class DebugPagesLoad {
    private static final String PAGE = "/debug/green-threads";
    private static final double MILLION = 1e6;

    private static volatile long longestNanos;
    private static volatile boolean over;

    private DebugPagesLoad() {}

    /**
     * Measures and prints.
     *
     * @param args how many green threads, 10 000 if not given; how many rounds, 5 if not given
     */
    public static void main(String... args) throws Exception {
        int count = args.length < 1 ? 10_000 : Integer.parseInt(args[0]);
        int rounds = args.length < 2 ? 5 : Integer.parseInt(args[1]);
        Event<String> end = new Event<>();
        try (WebServer server = Servers.start(DebugPages.at("/debug/"));
                RawClient client = RawClient.to(server)) {
            Hub hub = Hub.getDefault();
            Evy.spawn(hub, () -> spawnAll(count, end)).join();
            var ticker = Evy.spawn(hub, DebugPagesLoad::tick);
            for (int round = 0; round < rounds; round++) {
                measure(client, PAGE);
                measure(client, PAGE + ".json");
            }
            over = true;
            ticker.join();
            end.send("over");
        }
    }

    private static void spawnAll(int count, Event<String> end) {
        for (int i = 0; i < count; i++) {
            Evy.spawn(() -> end.await());
        }
    }

    private static void tick() {
        long last = System.nanoTime();
        while (!over) {
            Evy.yield();
            long now = System.nanoTime();
            longestNanos = Math.max(longestNanos, now - last);
            last = now;
        }
    }

    @SuppressWarnings("SystemOut")
    private static void measure(RawClient client, String page) throws Exception {
        System.gc(); // its pauses are not what is measured
        Evy.spawn(Hub.getDefault(), () -> Evy.yield()).join(); // so the ticker has seen that one
        longestNanos = 0;
        long begun = System.nanoTime();
        Reply reply = client.get(page);
        long took = System.nanoTime() - begun;
        System.out.println(
                "%s: status %d, %d bytes in %.0f ms; longest wait for a turn %.1f ms"
                        .formatted(
                                page,
                                reply.status(),
                                reply.body().length,
                                took / MILLION,
                                longestNanos / MILLION));
    }
}
