package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.debug.Debug;
import evy.debug.GreenThreadLoad;
import evy.debug.HubLoad;
import evy.debug.Overview;
import evy.debug.OverviewQuery;
import evy.hubs.GreenThreadState;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubOptions;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.tpool.Tpool;
import evy.tpool.TpoolStatistics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import javax.management.ObjectName;

/** The program at a glance. */
@ExtendWith(LeakCheckExtension.class)
class OverviewTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void overview_someWaitSomeStartLater_countsThemByStateAndKind() throws Exception {
        Event<Void> end = new Event<>();
        try (Hub hub = Hub.open(HubOptions.DEFAULT.named("counted"))) {
            for (int i = 0; i < 30; i++) {
                Evy.spawn(hub, () -> end.await());
            }
            var later = Evy.spawn(hub, () -> Evy.spawnAfter(LONG, () -> {})).join();
            hub.letAllRun();

            Overview overview = Debug.overview(new OverviewQuery(5, ORDER, "counted"));

            assertThat(overview.matching()).isEqualTo(31);
            assertThat(overview.greenThreads()).hasSize(5);
            assertThat(overview.kinds()).containsEntry("event", 30L).containsEntry("start", 1L);
            assertThat(overview.states())
                    .containsEntry(GreenThreadState.WAITING, 30L)
                    .containsEntry(GreenThreadState.DELAYED, 1L);
            assertThat(load(overview, "counted").hub().statistics().live()).isEqualTo(31);
            later.cancel();
            end.send(null);
        }
    }

    @Test
    void overview_oneComputes_itAndItsHubAreBusy() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (Hub hub = Hub.open(HubOptions.DEFAULT.named("computing"))) {
            var busy = Evy.spawn(hub, () -> spin(stop));
            var query = new OverviewQuery(1, OverviewQuery.Order.BUSY, "computing");

            Overview overview = await(query, o -> share(o) > 0);

            GreenThreadLoad first = overview.greenThreads().getFirst();
            assertThat(first.id()).isEqualTo(busy.thread().threadId());
            assertThat(load(overview, "computing").busy()).isPositive();
            stop.set(true);
            busy.join();
        }
    }

    private static Object spin(AtomicBoolean stop) {
        while (!stop.get()) {
            Evy.yield();
        }
        return stop;
    }

    private static double share(Overview overview) {
        List<GreenThreadLoad> rows = overview.greenThreads();
        return rows.isEmpty() ? 0 : rows.getFirst().busy();
    }

    @Test
    void overview_hubBlocked_saysSoAndForHowLong() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try (Hub hub = Hub.open(HubOptions.DEFAULT.named("blocked"))) {
            hub.execute(
                    () -> {
                        blocked.countDown();
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            blocked.await();

            Overview overview = await(QUERY, o -> lag(o).compareTo(Duration.ofMillis(50)) > 0);

            assertThat(load(overview, "blocked").hub().answered()).isFalse();
            assertThat(overview.text()).contains("BLOCKED, looked at from outside");
            release.countDown();
        }
    }

    private static Duration lag(Overview overview) {
        return load(overview, "blocked").longestLag();
    }

    @Test
    void overview_hubIdle_isLeftAlone() throws Exception {
        try (Hub hub = Hub.open(HubOptions.DEFAULT.named("idle"))) {
            Debug.overview();
            hub.letAllRun();
            long before = hub.statistics().messages();

            HubLoad load = load(Debug.overview(), "idle");

            // the walk along its green threads: a step, and the end of it
            assertThat(load.hub().statistics().messages() - before).isLessThanOrEqualTo(4);
            assertThat(load.hub().answered()).isTrue();
        }
    }

    @Test
    void statistics_callsUnderWay_areCounted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        var call =
                Evy.spawn(
                        () ->
                                Tpool.execute(
                                        () -> {
                                            begun.countDown();
                                            return end.await(
                                                    20, java.util.concurrent.TimeUnit.SECONDS);
                                        }));
        begun.await();

        TpoolStatistics statistics = Tpool.statistics();

        end.countDown();
        assertThat(call.join()).isTrue();
        assertThat(statistics.busy()).isPositive();
        assertThat(statistics.threads()).isBetween(statistics.busy(), statistics.size());
        assertThat(Debug.overview().json()).contains("\"tpool\":{\"size\":" + statistics.size());
    }

    @Test
    void overviewJson_byJmx_isHad() throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        var name = new ObjectName(Debug.MBEAN_NAME);
        try (var _ = Debug.registerMBean()) {
            String[] types = {"int", "java.lang.String", "java.lang.String"};
            Object[] arguments = {3, "BUSY", ""};

            Object json = server.invoke(name, "overviewJson", arguments, types);

            assertThat(json.toString()).startsWith("{\"time\":").contains("\"hubs\":[");
        }
    }

    @Test
    void overview_inGreenThread_letsOthersRun() throws Exception {
        var ran = new AtomicBoolean();
        Evy.run(
                () -> {
                    var other = Evy.spawnN(() -> ran.set(true));
                    Debug.overview();
                    return other;
                });

        assertThat(ran).isTrue();
        assertThat(Greenlet.currentOrNull()).isNull();
    }

    @Test
    void query_tooManyRows_isRefused() {
        assertThatThrownBy(() -> new OverviewQuery(1_001, ORDER, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows must be in 0 to 1000: 1001");
    }

    private static final OverviewQuery.Order ORDER = OverviewQuery.Order.WAITING;
    private static final OverviewQuery QUERY = OverviewQuery.DEFAULT;

    private static HubLoad load(Overview overview, String hub) {
        return overview.hubs().stream()
                .filter(load -> load.hub().name().equals(hub))
                .findFirst()
                .orElseThrow();
    }

    private static Overview await(OverviewQuery query, Predicate<Overview> condition)
            throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (true) {
            Overview overview = Debug.overview(query);
            if (condition.test(overview) || System.nanoTime() - end > 0) {
                return overview;
            }
        }
    }
}
