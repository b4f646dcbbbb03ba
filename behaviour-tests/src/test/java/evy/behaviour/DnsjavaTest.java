package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.DnsServer.Query;
import evy.behaviour.DnsServer.Reply;
import evy.behaviour.DnsServer.Rr;
import evy.io.dns.Dns;
import evy.io.dns.DnsOptions;
import evy.io.dns.DnsjavaOptions;
import evy.io.dns.DnsjavaResolver;
import evy.io.dns.Family;
import evy.io.dns.LookupException;
import evy.io.dns.LookupException.Reason;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualClock;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** Asking name servers by the library dnsjava. */
@ExtendWith(LeakCheckExtension.class)
class DnsjavaTest {
    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);

    /* For an answer that is to come: a busy machine may take longer for one than such an attempt. */
    private static final int SOME = 9;

    /** Its thread and selector stay when they have once been made. */
    @BeforeAll
    static void startDnsjava() throws Exception {
        System.setProperty("dnsjava.nio.selector_timeout", "10"); // how often it looks at the time
        try (DnsServer server = DnsServer.of("first.test 192.0.2.1")) {
            dns(server).lookup("first.test");
        }
    }

    private static Dns dns(DnsServer... servers) {
        return dns(options(servers).withAttempts(ATTEMPT, 1));
    }

    private static Dns dns(DnsjavaOptions options) {
        return new Dns(new DnsjavaResolver(options), DnsFixtures.OPTIONS);
    }

    private static DnsjavaOptions options(DnsServer... servers) {
        return DnsjavaOptions.of(
                Stream.of(servers).map(DnsServer::address).toArray(InetSocketAddress[]::new));
    }

    private static DnsServer server(Function<Query, List<Reply>> script) throws IOException {
        return new DnsServer(script);
    }

    @Test
    @Spec({"DNS5", "DNS1"})
    void lookup_anyFamily_asksForBothAndReturnsBoth() throws Exception {
        try (DnsServer server = DnsServer.of("a.test 192.0.2.1", "a.test 2001:db8::1")) {
            Dns dns = dns(server);

            List<InetAddress> found = Evy.run(() -> dns.lookup("a.test"));

            assertThat(DnsFixtures.texts(found))
                    .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
            assertThat(server.count(DnsServer.A)).isEqualTo(1);
            assertThat(server.count(DnsServer.AAAA)).isEqualTo(1);
        }
    }

    @Test
    @Spec("DNS5")
    void lookup_oneFamily_asksForThatOnly() throws Exception {
        try (DnsServer server = DnsServer.of("a.test 192.0.2.1", "a.test 2001:db8::1")) {
            Dns dns = dns(server);

            assertThat(DnsFixtures.texts(dns.lookup("a.test", Family.INET6)))
                    .containsExactly("2001:db8:0:0:0:0:0:1");
            assertThat(server.count(DnsServer.A)).isZero();
        }
    }

    @Test
    @Spec("DNS4")
    void lookup_oneFamilyFails_answersWithTheOther() throws Exception {
        Function<Query, List<Reply>> onlyFour =
                query ->
                        query.type() == DnsServer.A
                                ? List.of(Reply.of(Rr.a(query.name(), "192.0.2.1", 60)))
                                : List.of(Reply.serverFailure());
        try (DnsServer server = server(onlyFour)) {
            assertThat(DnsFixtures.texts(dns(server).lookup("a.test")))
                    .containsExactly("192.0.2.1");
        }
    }

    @Test
    @Spec("DNS4")
    void lookup_oneFamilyIsNeverAnswered_answersWithTheOther() throws Exception {
        Function<Query, List<Reply>> onlySix =
                query ->
                        query.type() == DnsServer.AAAA
                                ? List.of(DnsServer.answer(query, "a.test 2001:db8::1"))
                                : List.of();
        try (DnsServer server = server(onlySix)) {
            Dns dns = dns(options(server).withAttempts(SHORT, SOME));

            assertThat(DnsFixtures.texts(dns.lookup("a.test")))
                    .containsExactly("2001:db8:0:0:0:0:0:1");
        }
    }

    @Test
    @Spec("DNS6")
    void lookup_noSuchName_saysSo() throws Exception {
        try (DnsServer server = DnsServer.of("a.test 192.0.2.1")) {
            Dns dns = dns(server);

            LookupException e =
                    catchThrowableOfType(LookupException.class, () -> dns.lookup("b.test"));

            assertThat(e).hasMessage("b.test: no such name (resolver 'dnsjava')");
            assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_NAME);
        }
    }

    @Test
    @Spec("DNS6")
    void lookup_nameWithoutAddress_saysSo() throws Exception {
        try (DnsServer server = DnsServer.of("a.test 192.0.2.1")) {
            Dns dns = dns(server);

            LookupException e =
                    catchThrowableOfType(
                            LookupException.class, () -> dns.lookup("a.test", Family.INET6));

            assertThat(e).hasMessage("a.test: no IPv6 address (resolver 'dnsjava')");
            assertThat(e.reason()).isEqualTo(Reason.NO_ADDRESS);
        }
    }

    @Test
    @Spec({"DNS6", "DNS7"})
    void lookup_serverIsSilent_timesOut() throws Exception {
        try (DnsServer server = server(query -> List.of())) {
            Dns dns = dns(options(server).withAttempts(SHORT, 1));
            long start = System.nanoTime();

            LookupException e =
                    catchThrowableOfType(LookupException.class, () -> dns.lookup("a.test"));

            assertThat(e.reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(e)
                    .hasMessageStartingWith("a.test: timed out, 2 attempts of 50 ms")
                    .hasMessageContaining("try again");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2 * SHORT.toNanos());
            // it was sent both, and may not have read the last one yet
            NetFixtures.awaitTrue("both attempts", () -> server.count(DnsServer.A) >= 2);
            assertThat(server.count(DnsServer.A)).isEqualTo(2);
        }
    }

    @Test
    @Spec("DNS6")
    void lookup_serverFails_saysTryAgain() throws Exception {
        try (DnsServer server = server(query -> List.of(Reply.serverFailure()))) {
            Dns dns = dns(server);

            LookupException e =
                    catchThrowableOfType(LookupException.class, () -> dns.lookup("a.test"));

            assertThat(e.isTemporary()).as(e.toString()).isTrue();
            assertThat(e).hasMessageContaining("a.test");
        }
    }

    @Test
    @Spec("DNS6")
    void lookup_nobodyListens_saysTryAgain() throws Exception {
        DnsjavaOptions gone;
        try (DnsServer server = DnsServer.of()) {
            gone = options(server).withAttempts(ATTEMPT, 0);
        }
        Dns dns = dns(gone);

        LookupException e = catchThrowableOfType(LookupException.class, () -> dns.lookup("a.test"));

        assertThat(e.isTemporary()).as(e.toString()).isTrue();
        assertThat(e).hasMessageStartingWith("a.test: no server can be reached");
    }

    @Test
    @Spec("DNS7")
    void lookup_truncatedAnswer_isAskedForByTcp() throws Exception {
        Function<Query, List<Reply>> tooLong =
                query -> {
                    Reply reply = DnsServer.answer(query, "a.test 192.0.2.1");
                    return List.of(query.tcp() ? reply : reply.withTruncation());
                };
        try (DnsServer server = server(tooLong)) {
            assertThat(DnsFixtures.texts(dns(server).lookup("a.test", Family.INET)))
                    .containsExactly("192.0.2.1");
            assertThat(server.queries).extracting(Query::tcp).containsExactly(false, true);
        }
    }

    @Test
    @Spec("DNS7")
    void lookup_answerFromElsewhere_isIgnored() throws Exception {
        Function<Query, List<Reply>> forged =
                query ->
                        List.of(
                                DnsServer.answer(query, "a.test 192.0.2.66").fromElsewhere(),
                                DnsServer.answer(query, "a.test 192.0.2.1"));
        try (DnsServer server = server(forged)) {
            assertThat(DnsFixtures.texts(dns(server).lookup("a.test", Family.INET)))
                    .containsExactly("192.0.2.1");
            assertThat(server.queries).hasSize(1);
        }
    }

    @Test
    @Spec("DNS7")
    void lookup_answerWithWrongId_isNotTakenAndNotFatal() throws Exception {
        Function<Query, List<Reply>> forged =
                query -> {
                    Reply real = DnsServer.answer(query, "a.test 192.0.2.1");
                    Reply wrong = DnsServer.answer(query, "a.test 192.0.2.66").withWrongId();
                    return query.tcp() ? List.of(real) : List.of(wrong, real);
                };
        try (DnsServer server = server(forged)) {
            assertThat(DnsFixtures.texts(dns(server).lookup("a.test", Family.INET)))
                    .containsExactly("192.0.2.1");
        }
    }

    @Test
    @Spec("DNS7")
    void lookup_firstServerIsSilent_theSecondIsAsked() throws Exception {
        try (DnsServer silent = server(query -> List.of());
                DnsServer second = DnsServer.of("a.test 192.0.2.1")) {
            Dns dns = dns(options(silent, second).withAttempts(SHORT, SOME));

            assertThat(DnsFixtures.texts(dns.lookup("a.test", Family.INET)))
                    .containsExactly("192.0.2.1");
            NetFixtures.awaitTrue("a query", () -> !silent.queries.isEmpty());
        }
    }

    @Test
    @Spec("DNS2")
    void lookup_shortName_isLookedForInTheSearchDomainsThenAsItIs() throws Exception {
        try (DnsServer server = DnsServer.of("box 192.0.2.1", "host.corp.test 192.0.2.2")) {
            Dns dns = dns(options(server).withSearch("corp.test"));

            assertThat(DnsFixtures.texts(dns.lookup("host", Family.INET)))
                    .containsExactly("192.0.2.2");
            assertThat(DnsFixtures.texts(dns.lookup("box", Family.INET)))
                    .containsExactly("192.0.2.1");
            assertThat(server.queries)
                    .extracting(Query::name)
                    .containsExactly("host.corp.test", "box.corp.test", "box");
        }
    }

    @Test
    @Spec("DNS5")
    void lookup_alias_isFollowedAndTold() throws Exception {
        Function<Query, List<Reply>> alias =
                query ->
                        query.type() == DnsServer.A
                                ? List.of(
                                        Reply.of(
                                                Rr.cname("www.test", "true.test"),
                                                Rr.a("true.test", "192.0.2.1", 60)))
                                : List.of(Reply.of());
        try (DnsServer server = server(alias)) {
            Dns dns = dns(server);

            assertThat(DnsFixtures.texts(dns.lookup("www.test"))).containsExactly("192.0.2.1");
            assertThat(dns.canonicalName("www.test")).isEqualTo("true.test");
            assertThat(dns.aliases("www.test")).containsExactly("www.test");
        }
    }

    @Test
    @Spec("DNS2")
    void lookup_again_isNotAskedWhileTheRecordLives() throws Exception {
        Function<Query, List<Reply>> living =
                query -> List.of(Reply.of(Rr.a(query.name(), "192.0.2.1", 5)));
        try (DnsServer server = server(living)) {
            ManualClock clock = new ManualClock();
            DnsOptions options = DnsFixtures.OPTIONS.withClock(clock);
            Dns dns = new Dns(new DnsjavaResolver(options(server)), options);

            dns.lookup("a.test", Family.INET);
            clock.advance(Duration.ofMillis(4_999));
            dns.lookup("a.test", Family.INET);
            assertThat(server.queries).hasSize(1);
            clock.advance(Duration.ofMillis(1));
            dns.lookup("a.test", Family.INET);

            assertThat(server.queries).hasSize(2);
        }
    }

    @Test
    @Spec("DNS1")
    void name_asksForThePointer() throws Exception {
        Function<Query, List<Reply>> pointer =
                query ->
                        query.name().equals("9.2.0.192.in-addr.arpa")
                                ? List.of(Reply.of(Rr.ptr(query.name(), "nine.test")))
                                : List.of(Reply.noSuchName());
        try (DnsServer server = server(pointer)) {
            Dns dns = dns(server);

            assertThat(Evy.run(() -> dns.name(DnsFixtures.ip("192.0.2.9")))).isEqualTo("nine.test");
            assertThatThrownBy(() -> dns.name(DnsFixtures.ip("2001:db8::9")))
                    .isInstanceOf(LookupException.class)
                    .hasMessage("2001:db8:0:0:0:0:0:9: no name (resolver 'dnsjava')");
        }
    }

    @Test
    @Spec("DNS8")
    void lookup_tenAtOnce_areOnTheirWayAtOnce() throws Exception {
        CyclicBarrier together = new CyclicBarrier(10);
        Function<Query, List<Reply>> allOrNone =
                query -> {
                    try {
                        together.await(10, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    return List.of(Reply.of(Rr.a(query.name(), "192.0.2.1", 60)));
                };
        try (DnsServer server = server(allOrNone)) {
            Dns dns = dns(options(server).withAttempts(NetFixtures.LONG, 0));
            List<GreenThread<List<InetAddress>>> askers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String host = "host" + i + ".test";
                askers.add(Evy.spawn(() -> dns.lookup(host, Family.INET)));
            }

            for (GreenThread<List<InetAddress>> asker : askers) {
                assertThat(asker.join()).hasSize(1);
            }
        }
    }

    @Test
    @Spec("DNS8")
    void lookup_serverIsSlow_theHubGoesOnAndATimeoutEndsTheWait() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Function<Query, List<Reply>> slow =
                query -> {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return List.of(Reply.of(Rr.a(query.name(), "192.0.2.1", 60)));
                };
        try (DnsServer server = server(slow)) {
            Dns dns = dns(options(server).withAttempts(NetFixtures.LONG, 0));

            Evy.run(
                    () -> {
                        GreenThread<List<InetAddress>> asker =
                                Evy.spawn(() -> dns.lookup("a.test", Family.INET));
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ofMillis(10),
                                                        () -> dns.lookup("a.test", Family.INET)))
                                .isInstanceOf(Timeout.class);
                        assertThat(asker.isDone()).isFalse();
                        gate.countDown();
                        assertThat(asker.join()).hasSize(1);
                    });
        }
    }

    @Test
    void options_badValues_areRefusedWithTheirName() {
        assertThatThrownBy(() -> DnsjavaOptions.SYSTEM.withAttempts(Duration.ZERO, 1))
                .hasMessage("attempt must be > 0: PT0S");
        assertThatThrownBy(() -> DnsjavaOptions.SYSTEM.withAttempts(SHORT, -1))
                .hasMessage("number of retries must be >= 0: -1");
    }
}
