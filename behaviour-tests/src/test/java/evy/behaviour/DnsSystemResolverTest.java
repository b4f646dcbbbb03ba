package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.DnsFixtures.BlockingResolver;
import evy.io.dns.Dns;
import evy.io.dns.LookupException;
import evy.io.dns.LookupException.Reason;
import evy.io.dns.SystemResolver;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A resolver that blocks, as that of the operating system does, kept off the hub. */
@ExtendWith(LeakCheckExtension.class)
class DnsSystemResolverTest {
    private final BlockingResolver blocking = new BlockingResolver();
    private final SystemResolver resolver = new SystemResolver(blocking, 2);
    private final Dns dns = new Dns(resolver, DnsFixtures.OPTIONS);

    @AfterEach
    void tearDown() {
        blocking.open();
        resolver.close();
    }

    @Test
    @Spec({"DNS8", "DNS9"})
    void lookup_systemBlocks_theHubGoesOn() throws Exception {
        InetAddress found =
                Evy.run(
                        () -> {
                            GreenThread<InetAddress> asker =
                                    Evy.spawn(() -> dns.getByName("slow.test"));
                            NetFixtures.awaitTrue("asked", () -> !blocking.asked.isEmpty());
                            for (int tick = 0; tick < 10; tick++) {
                                Evy.sleep(Duration.ofMillis(1));
                            }
                            assertThat(asker.isDone()).isFalse();
                            blocking.open();
                            return asker.join();
                        });

        assertThat(found.toString()).isEqualTo("slow.test/192.0.2.7");
    }

    @Test
    @Spec("DNS8")
    void lookup_tenAtOnce_areAskedForAtOnce() throws Exception {
        CyclicBarrier together = new CyclicBarrier(10);
        InetAddressResolver allOrNone =
                new InetAddressResolver() {
                    @Override
                    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
                        try {
                            together.await(10, TimeUnit.SECONDS);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        return Stream.of(DnsFixtures.ip("192.0.2.1"));
                    }

                    @Override
                    public String lookupByAddress(byte[] address) throws UnknownHostException {
                        throw new UnknownHostException();
                    }
                };

        try (SystemResolver ten = new SystemResolver(allOrNone, 10)) {
            Dns wide = new Dns(ten, DnsFixtures.OPTIONS);
            List<GreenThread<InetAddress>> askers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String host = "host" + i + ".test";
                askers.add(Evy.spawn(() -> wide.getByName(host)));
            }

            for (GreenThread<InetAddress> asker : askers) {
                assertThat(asker.join()).isEqualTo(DnsFixtures.ip("192.0.2.1"));
            }
        }
    }

    @Test
    void lookup_allItsThreadsAreStuck_tpoolIsNot() throws Exception {
        Evy.run(
                () -> {
                    List<GreenThread<InetAddress>> askers = new ArrayList<>();
                    for (int i = 0; i < 2 * Tpool.DEFAULT_SIZE; i++) {
                        String host = "host" + i + ".test";
                        askers.add(Evy.spawn(() -> dns.getByName(host)));
                    }
                    NetFixtures.awaitTrue("stuck", () -> blocking.asked.size() == 2);

                    assertThat(Tpool.<String>execute(() -> "done")).isEqualTo("done");
                    assertThat(blocking.asked).hasSize(2);

                    blocking.open();
                    for (GreenThread<InetAddress> asker : askers) {
                        asker.join();
                    }
                });
    }

    @Test
    void lookup_timeoutAroundIt_endsTheWaitThoughTheSystemGoesOn() throws Exception {
        Evy.run(
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    Duration.ofMillis(5),
                                                    () -> dns.getByName("slow.test")))
                            .isInstanceOf(Timeout.class);
                    GreenThread<InetAddress> again = Evy.spawn(() -> dns.getByName("slow.test"));
                    NetFixtures.settle();
                    blocking.open();

                    assertThat(again.join()).isEqualTo(DnsFixtures.ip("192.0.2.7"));
                });

        assertThat(blocking.asked).containsExactly("slow.test");
    }

    @Test
    void lookup_nobodyWantsItBeforeAThreadIsFree_isNotMade() throws Exception {
        Evy.run(
                () -> {
                    GreenThread<InetAddress> first = Evy.spawn(() -> dns.getByName("a.test"));
                    GreenThread<InetAddress> second = Evy.spawn(() -> dns.getByName("b.test"));
                    NetFixtures.awaitTrue("stuck", () -> blocking.asked.size() == 2);
                    GreenThread<InetAddress> queued = Evy.spawn(() -> dns.getByName("c.test"));
                    NetFixtures.settle();
                    Evy.kill(queued);
                    blocking.open();
                    first.join();
                    second.join();
                    dns.lookup("d.test");
                });

        assertThat(blocking.asked).containsExactlyInAnyOrder("a.test", "b.test", "d.test");
    }

    @Test
    @Spec("DNS6")
    void lookup_systemKnowsNoSuchName_saysSo() {
        blocking.open();

        LookupException e =
                catchThrowableOfType(LookupException.class, () -> dns.lookup("nosuch.test"));

        assertThat(e).hasMessage("nosuch.test: no such name (resolver 'system')");
        assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_NAME);
        assertThat(e.isTemporary()).isFalse();
        assertThat(e).hasRootCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    @Spec("DNS6")
    void lookup_systemCannotTellNow_saysTryAgain() {
        blocking.open();

        LookupException e =
                catchThrowableOfType(LookupException.class, () -> dns.lookup("later.test"));

        assertThat(e)
                .hasMessage("later.test: temporary failure (resolver 'system'); try again later");
        assertThat(e.isTemporary()).isTrue();
    }

    @Test
    void name_isAskedOffTheHub() throws Exception {
        Evy.run(
                () -> {
                    GreenThread<String> asker =
                            Evy.spawn(() -> dns.name(DnsFixtures.ip("192.0.2.8")));
                    NetFixtures.awaitTrue("asked", () -> blocking.asked.contains("192.0.2.8"));
                    blocking.open();

                    assertThat(asker.join()).isEqualTo("blocking.test");
                });
    }

    @Test
    void close_questionsThatHaveNotBegun_fail() throws Exception {
        Evy.run(
                () -> {
                    for (String host : List.of("a.test", "b.test")) {
                        Evy.spawnN(() -> dns.lookup(host));
                    }
                    NetFixtures.awaitTrue("stuck", () -> blocking.asked.size() == 2);
                    GreenThread<InetAddress> queued = Evy.spawn(() -> dns.getByName("c.test"));
                    NetFixtures.settle();
                    resolver.close();

                    assertThatThrownBy(queued::join)
                            .isInstanceOf(LookupException.class)
                            .hasMessageContaining("c.test");
                    assertThatThrownBy(() -> dns.lookup("d.test"))
                            .isInstanceOf(LookupException.class)
                            .hasMessageContaining("d.test");
                });
    }

    @Test
    void threads_notPositive_isRefused() {
        assertThatThrownBy(() -> new SystemResolver(blocking, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    @Test
    @Spec("DNS9")
    void system_localhost_isFoundByTheOperatingSystem() throws Exception {
        try (SystemResolver real = new SystemResolver()) {
            Dns plain = new Dns(real, DnsFixtures.OPTIONS);

            InetAddress found = Evy.run(() -> plain.getByName("localhost"));

            assertThat(found.isLoopbackAddress()).isTrue();
        }
    }
}
