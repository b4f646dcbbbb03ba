package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Requests made from a grammar and then damaged: the server answers every one, or refuses and
 * closes, and never takes for a request what is not one.
 */
@ExtendWith(LeakCheckExtension.class)
class FuzzTest {
    private static final int REQUESTS = Integer.getInteger("evy.fuzz.requests", 15_000);
    private static final int AT_ONCE = 50;
    private static final long SEED = Long.getLong("evy.fuzz.seed", 42);

    private int requests; // sent so far

    @Test
    void conversations_damaged_areAnsweredOrRefused() throws Exception {
        converse(() -> requests < REQUESTS);
    }

    /** So many that also what happens seldom has happened. */
    @Test
    @Tag("stress")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void conversations_aMillionRequests_areAnsweredOrRefused() throws Exception {
        converse(() -> requests < 1_000_000);
    }

    private void converse(BooleanSupplier more) throws Exception {
        Set<String> statuses = ConcurrentHashMap.newKeySet();
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        WebOptions options =
                WebOptions.DEFAULT
                        .withLogFormat("status {status_code}")
                        .withLog(line -> note(line, statuses, failures));
        try (var listener = new MemoryListener();
                var server = WebServer.start(listener, Servers::echo, options)) {
            for (long seed = SEED; more.getAsBoolean(); seed += AT_ONCE) {
                List<Round> rounds = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    rounds.add(begin(listener, seed + i));
                }
                for (Round round : rounds) {
                    check(round);
                }
            }
            assertThat(server.isAccepting()).isTrue();
            assertThat(server.connections()).isZero();
        }
        assertThat(failures).isEmpty();
        assertThat(statuses).contains("status 200", "status 400");
    }

    private static void note(String line, Set<String> statuses, List<String> failures) {
        if (line.startsWith("status ")) {
            statuses.add(line);
        } else if (line.contains("\tat ")) { // something failed within
            failures.add(line);
        }
    }

    /** The same conversation twice, once in one piece and once in two. */
    private record Round(long seed, int cut, MemorySocket whole, MemorySocket pieces) {}

    private Round begin(MemoryListener listener, long seed) {
        Random random = new Random(seed);
        byte[] bytes = Damage.of(conversation(random), random);
        int cut = 1 + random.nextInt(bytes.length);
        return new Round(seed, cut, listener.connect(bytes), listener.connect(bytes, cut));
    }

    private static void check(Round round) throws InterruptedException {
        String whole = round.whole().response();
        String what = "seed " + round.seed() + ", cut " + round.cut();
        assertThat(undated(round.pieces().response())).as(what).isEqualTo(undated(whole));
        assertThat(refusals(whole)).as(what).isLessThanOrEqualTo(1);
    }

    private static String undated(String response) {
        return response.replaceAll("Date: [^\r]*\r\n", "");
    }

    /** How many responses say that the connection is closed for the client's fault. */
    private static int refusals(String responses) {
        return responses.split("HTTP/1.1 [45]\\d\\d [^\r]*\r\n", -1).length - 1;
    }

    private byte[] conversation(Random random) {
        StringBuilder all = new StringBuilder();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            all.append(request(random));
        }
        requests += 2 * count;
        return all.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String request(Random random) {
        String path = "/" + random.nextInt(1000);
        String body = Servers.repeat("x", random.nextInt(40));
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            lines.add("X-" + i + ":" + Servers.repeat(" ", random.nextInt(3)) + "v" + i);
        }
        return switch (random.nextInt(4)) {
            case 0 -> Servers.get(path, lines.toArray(String[]::new));
            case 1 -> {
                lines.add("Content-Length: " + body.length());
                yield Servers.request("POST", path, lines.toArray(String[]::new)) + body;
            }
            case 2 -> {
                lines.add("Transfer-Encoding: chunked");
                yield Servers.request("PUT", path, lines.toArray(String[]::new))
                        + chunks(body, random);
            }
            default -> "GET " + path + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        };
    }

    private static String chunks(String body, Random random) {
        StringBuilder chunks = new StringBuilder();
        for (int at = 0; at < body.length(); ) {
            int n = Math.min(body.length() - at, 1 + random.nextInt(20));
            chunks.append(Integer.toHexString(n)).append(random.nextBoolean() ? "" : ";a=\"b\"");
            chunks.append("\r\n").append(body, at, at + n).append("\r\n");
            at += n;
        }
        return chunks.append("0\r\n").append(random.nextBoolean() ? "" : "T: t\r\n") + "\r\n";
    }
}
