package evy.greenness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every library of the matrix, with the agent and without, and the table of that.
 *
 * <p>What is wrong with a library is asserted to be what is known to be wrong with it: what breaks
 * is seen, and so is what is mended.
 */
@Tag("greenness")
@ExtendWith(LeakCheckExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GreennessIT {
    private static final Path ROOT = Path.of(System.getProperty("evy.root", ".."));

    /* Above the limits of the table: a machine that others use holds threads up for longer than that. */
    private static final long HARD_GAP_LIMIT_MILLIS = 200;
    private static final int HARD_LIMIT_DELAYS = 5;

    /* They wait on when they are interrupted. */
    private static final Set<String> UNINTERRUPTIBLE = Set.of("RabbitMQ client");

    private final Map<String, Measurement> withAgent = new HashMap<>();
    private final Map<String, Measurement> without = new HashMap<>();
    private final StringBuilder figures = new StringBuilder();
    private String startUp = "";
    private Peers peers;

    @BeforeAll
    @Timeout(150)
    void startPeers() {
        peers = Peers.start(Rows.all().stream().map(Row::peer).collect(Collectors.toSet()));
    }

    static Stream<String> libraries() {
        return Rows.libraries();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    @Timeout(150)
    void library_calledByGreenThreads_isAsGreenAsIsKnown(String library) throws Exception {
        PeerProcess peer = peers.get(Rows.of(library).peer());

        Measurement plain = measure(library, false, peer);
        without.put(library, plain);
        assertAsKnown(plain);

        assumeAgent();
        Measurement patched = measure(library, true, peer);
        withAgent.put(library, patched);
        assertAsKnown(patched);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void agent_atStartUp_costsLittle() throws Exception {
        assumeAgent();

        long cost = StartUp.costMillis();

        startUp = StartUp.text(cost);
        figures.append("{\"startUpMillis\": ").append(cost).append("}\n");
        assertThat(cost).as("milliseconds").isLessThan(5_000);
    }

    private static void assumeAgent() {
        assumeTrue(Files.exists(Jvm.AGENT), () -> "no agent: " + Jvm.AGENT);
    }

    private Measurement measure(String library, boolean agent, PeerProcess peer)
            throws IOException, InterruptedException {
        String printed =
                Jvm.run(
                        agent ? Jvm.agentFlags() : Jvm.flags(),
                        Runner.class,
                        library,
                        String.valueOf(agent),
                        PeerProcess.host(),
                        peer.port());
        String json = printed.lines().filter(l -> l.startsWith("{\"library\"")).findFirst().get();
        figures.append(json).append('\n');
        return Measurement.parse(json);
    }

    private static void assertAsKnown(Measurement measurement) {
        Set<Finding> found = EnumSet.noneOf(Finding.class);
        found.addAll(Finding.of(measurement));
        if (measurement.round().gapMillis() <= HARD_GAP_LIMIT_MILLIS) {
            found.remove(Finding.TICKER);
        }
        if (measurement.round().totalMillis() < HARD_LIMIT_DELAYS * Runner.DELAY.toMillis()) {
            found.remove(Finding.OVERLAP);
        }
        assertThat(found).as(measurement.toJson()).isEqualTo(known(measurement));
    }

    private static Set<Finding> known(Measurement measurement) {
        return UNINTERRUPTIBLE.contains(measurement.library()) ? Set.of(Finding.TIMEOUT) : Set.of();
    }

    @AfterAll
    void writeTable() throws Exception {
        peers.close();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "greenness.jsonl"), figures);
        List<String> all = Rows.libraries().toList();
        boolean complete = withAgent.keySet().containsAll(all) && without.keySet().containsAll(all);
        if (complete && withAgent.values().stream().allMatch(m -> m.hub().equals("epoll"))) {
            String text = new GreennessTable(withAgent, without).text(startUp);
            Files.writeString(ROOT.resolve("docs").resolve("greenness.md"), text);
        }
    }
}
