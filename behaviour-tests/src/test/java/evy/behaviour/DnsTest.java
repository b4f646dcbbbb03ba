package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.behaviour.DnsFixtures.InstantResolver;
import evy.behaviour.DnsFixtures.ManualResolver;
import evy.hubs.Hub;
import evy.io.dns.Answer;
import evy.io.dns.Dns;
import evy.io.dns.DnsOptions;
import evy.io.dns.DnsStatistics;
import evy.io.dns.Family;
import evy.io.dns.LookupException;
import evy.io.dns.LookupException.Reason;
import evy.io.dns.Resolver;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualClock;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** What askers see of cache, sharing, errors and cancellation, whoever is asked. */
@ExtendWith(LeakCheckExtension.class)
class DnsTest {
    private final ManualResolver manual = new ManualResolver();
    private final InstantResolver instant = new InstantResolver();

    @Test
    @Spec("DNS8")
    void lookup_manyAskForOneName_oneQuery() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        List<InetAddress> found =
                Evy.run(
                        () -> {
                            List<GreenThread<InetAddress>> askers = new ArrayList<>();
                            for (int i = 0; i < 100; i++) {
                                askers.add(Evy.spawn(() -> dns.getByName("one.test")));
                            }
                            NetFixtures.settle();
                            manual.answer(0, "192.0.2.1");
                            List<InetAddress> all = new ArrayList<>();
                            for (GreenThread<InetAddress> asker : askers) {
                                all.add(asker.join());
                            }
                            return all;
                        });

        assertThat(found).hasSize(100).containsOnly(DnsFixtures.ip("192.0.2.1"));
        assertThat(manual.asked).containsExactly("one.test ANY");
        assertThat(dns.statistics().joined()).isEqualTo(99);
    }

    @Test
    @Spec("DNS8")
    void lookup_whileItWaits_othersRun() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        int ticks =
                Evy.run(
                        () -> {
                            GreenThread<InetAddress> asker =
                                    Evy.spawn(() -> dns.getByName("slow.test"));
                            int ran = 0;
                            while (ran < 10) {
                                Evy.sleep(Duration.ofMillis(1));
                                ran++;
                            }
                            assertThat(asker.isDone()).isFalse();
                            manual.answer(0, "192.0.2.1");
                            asker.join();
                            return ran;
                        });

        assertThat(ticks).isEqualTo(10);
    }

    @Test
    void lookup_oneAskerIsKilled_theOthersGetTheirAnswer() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        Evy.run(
                () -> {
                    GreenThread<InetAddress> first = Evy.spawn(() -> dns.getByName("a.test"));
                    GreenThread<InetAddress> second = Evy.spawn(() -> dns.getByName("a.test"));
                    NetFixtures.settle();
                    Evy.kill(first);

                    assertThat(first.isDone()).isTrue();
                    assertThatThrownBy(first::join).isInstanceOf(GreenThreadExit.class);
                    assertThat(manual.pending.getFirst().isCancelled()).isFalse();
                    manual.answer(0, "192.0.2.1");
                    assertThat(second.join()).isEqualTo(DnsFixtures.ip("192.0.2.1"));
                });
    }

    @Test
    void lookup_timeoutAroundIt_endsTheWaitAtOnceAndOtherAskersGoOn() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        Evy.run(
                () -> {
                    GreenThread<InetAddress> patient = Evy.spawn(() -> dns.getByName("a.test"));
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    Duration.ofMillis(5),
                                                    () -> dns.getByName("a.test")))
                            .isInstanceOf(Timeout.class);

                    manual.answer(0, "192.0.2.1");
                    assertThat(patient.join()).isEqualTo(DnsFixtures.ip("192.0.2.1"));
                });
    }

    @Test
    void lookup_allAskersGone_takesTheQuestionBack() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        Evy.run(
                () -> {
                    GreenThread<InetAddress> asker = Evy.spawn(() -> dns.getByName("a.test"));
                    NetFixtures.settle();
                    Evy.kill(asker);
                });

        assertThat(manual.pending.getFirst().isCancelled()).isTrue();
        assertThat(dns.statistics().running()).isZero();
    }

    @Test
    void lookup_askedAgainAfterItWasTakenBack_asksAnew() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        InetAddress found =
                Evy.run(
                        () -> {
                            GreenThread<InetAddress> gone =
                                    Evy.spawn(() -> dns.getByName("a.test"));
                            NetFixtures.settle();
                            Evy.kill(gone);
                            GreenThread<InetAddress> next =
                                    Evy.spawn(() -> dns.getByName("a.test"));
                            NetFixtures.settle();
                            manual.answer(1, "192.0.2.2");
                            return next.join();
                        });

        assertThat(found).isEqualTo(DnsFixtures.ip("192.0.2.2"));
    }

    @Test
    void lookup_askedWhileItIsTakenBack_isAskedAgainForTheNewcomer() throws Exception {
        SlowToCancel resolver = new SlowToCancel();
        Dns dns = new Dns(resolver, DnsFixtures.OPTIONS);

        try (var newcomer =
                NetFixtures.Platform.start(
                        () -> {
                            resolver.cancelling.await();
                            return dns.getByName("a.test").getHostAddress();
                        })) {
            Evy.run(
                    () -> {
                        GreenThread<InetAddress> gone = Evy.spawn(() -> dns.getByName("a.test"));
                        NetFixtures.settle();
                        resolver.joined = () -> dns.statistics().joined() == 1;
                        Evy.kill(gone);
                    });

            assertThat(newcomer.get()).isEqualTo("192.0.2.3");
        }
        assertThat(dns.statistics().running()).isZero();
    }

    /** The first question's cancel takes until somebody has joined; the second is answered. */
    private static final class SlowToCancel implements Resolver {
        private final CountDownLatch cancelling = new CountDownLatch(1);
        private volatile BooleanSupplier joined = () -> true;
        private final AtomicInteger questions = new AtomicInteger();

        @Override
        public String name() {
            return "slow to cancel";
        }

        @Override
        public CompletableFuture<Answer> addresses(String host, Family family) {
            if (questions.incrementAndGet() > 1) {
                return CompletableFuture.completedFuture(
                        Answer.of(List.of(DnsFixtures.ip("192.0.2.3"))));
            }
            return new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    cancelling.countDown();
                    while (!joined.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                    return super.cancel(mayInterruptIfRunning);
                }
            };
        }

        @Override
        public CompletableFuture<String> name(InetAddress address) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void lookup_interrupted_goesOnAndKeepsTheStatus() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        try (var asker =
                NetFixtures.Platform.start(
                        () -> {
                            Thread.currentThread().interrupt();
                            String found = dns.getByName("a.test").getHostAddress();
                            return found + Thread.interrupted();
                        })) {
            // its only asker lets go of the first question, and asks again
            NetFixtures.awaitTrue("a question", () -> manual.pending.size() == 2);
            manual.answer(1, "192.0.2.1");

            assertThat(asker.get()).isEqualTo("192.0.2.1true");
        }
    }

    @Test
    void lookup_killedBeforeItWaits_leavesNoInterruptBehind() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);
        GreenThreadExit exit = new GreenThreadExit();

        boolean interrupted =
                Evy.run(
                        () -> {
                            Evy.current().raise(exit);
                            assertThatThrownBy(() -> dns.lookup("a.test")).isSameAs(exit);
                            return Thread.currentThread().isInterrupted();
                        });

        assertThat(interrupted).isFalse();
        assertThat(dns.statistics().running()).isZero();
    }

    @Test
    void lookup_timeoutForEver_waitsOnAPlatformThread() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS.withTimeout(DnsOptions.FOREVER));

        try (var asker = NetFixtures.Platform.start(() -> dns.getByName("a.test"))) {
            NetFixtures.awaitTrue("a question", () -> !manual.pending.isEmpty());
            manual.answer(0, "192.0.2.1");

            assertThat(asker.get()).isEqualTo(DnsFixtures.ip("192.0.2.1"));
        }
    }

    @Test
    @Spec({"DNS1", "DNS6"})
    void lookup_noAnswerInTime_saysHostTimeAndResolver() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS.withTimeout(Duration.ofMillis(20)));

        LookupException e =
                Evy.run(
                        () ->
                                catchThrowableOfType(
                                        LookupException.class, () -> dns.lookup("slow.test")));

        assertThat(e)
                .hasMessage(
                        "slow.test: timed out after 20 ms (resolver 'manual'); try again later");
        assertThat(e.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(e.isTemporary()).isTrue();
        assertThat(dns.statistics().timeouts()).isEqualTo(1);
    }

    @Test
    @Spec("DNS1")
    void options_outOfRange_areRefused() {
        DnsOptions usual = DnsOptions.DEFAULT;
        Duration past = Duration.ofSeconds(-1);

        assertThatThrownBy(() -> usual.withTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout must be > 0: PT0S");
        assertThatThrownBy(() -> usual.withTimeToLive(past, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time to live must be >= 0: PT-1S");
        assertThatThrownBy(() -> usual.withTimeToLive(Duration.ZERO, past))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("negative time to live must be >= 0: PT-1S");
        assertThatThrownBy(() -> usual.withCacheSize(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cache size must be >= 0: -1");
    }

    @Test
    @Spec("DNS1")
    void options_usual_giveUpAfterTenSeconds() {
        assertThat(DnsOptions.DEFAULT.timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    @Spec("DNS2")
    void lookup_again_comesFromTheCacheUntilItIsTooOld() throws Exception {
        ManualClock clock = new ManualClock();
        Dns dns =
                instant.dns(
                        DnsFixtures.OPTIONS
                                .withClock(clock)
                                .withTimeToLive(Duration.ofSeconds(30), Duration.ZERO));

        dns.lookup("a.test");
        clock.advance(Duration.ofSeconds(30).minusNanos(1));
        dns.lookup("A.Test");
        assertThat(instant.asked).hasSize(1);
        clock.advance(Duration.ofNanos(1));
        dns.lookup("a.test");

        assertThat(instant.asked).hasSize(2);
        assertThat(dns.statistics().hits()).isEqualTo(1);
    }

    @Test
    @Spec("DNS2")
    void lookup_answerSaysHowLongItHolds_isKeptThatLong() throws Exception {
        ManualClock clock = new ManualClock();
        Dns dns = instant.dns(DnsFixtures.OPTIONS.withClock(clock));
        instant.answering(
                new Answer(
                        List.of(DnsFixtures.ip("192.0.2.1")),
                        null,
                        List.of(),
                        Duration.ofSeconds(1)));

        dns.lookup("a.test");
        clock.advance(Duration.ofSeconds(1));
        dns.lookup("a.test");

        assertThat(instant.asked).hasSize(2);
    }

    @Test
    @Spec("DNS2")
    void cache_full_dropsTheLeastRecentlyUsed() throws Exception {
        Dns dns =
                instant.dns(
                        DnsFixtures.OPTIONS
                                .withCacheSize(2)
                                .withTimeToLive(DnsOptions.FOREVER, Duration.ZERO));

        dns.lookup("a.test");
        dns.lookup("b.test");
        dns.lookup("a.test");
        dns.lookup("c.test");
        dns.lookup("a.test");
        dns.lookup("b.test");

        assertThat(instant.asked)
                .containsExactly("a.test ANY", "b.test ANY", "c.test ANY", "b.test ANY");
        assertThat(dns.statistics().cached()).isEqualTo(2);
    }

    @Test
    void cache_sizeZero_keepsNothing() throws Exception {
        Dns dns = instant.dns(DnsFixtures.OPTIONS.withCacheSize(0));

        dns.lookup("a.test");
        dns.lookup("a.test");

        assertThat(instant.asked).hasSize(2);
    }

    @Test
    void flush_whileAQuestionIsOnItsWay_keepsNothingOfIt() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        Evy.run(
                () -> {
                    GreenThread<InetAddress> before = Evy.spawn(() -> dns.getByName("a.test"));
                    NetFixtures.settle();
                    dns.flush();
                    GreenThread<InetAddress> after = Evy.spawn(() -> dns.getByName("a.test"));
                    NetFixtures.settle();
                    manual.answer(0, "192.0.2.1");
                    assertThat(before.join()).isEqualTo(DnsFixtures.ip("192.0.2.1"));
                    assertThat(dns.statistics().cached()).isZero();
                    manual.answer(1, "192.0.2.2");
                    assertThat(after.join()).isEqualTo(DnsFixtures.ip("192.0.2.2"));
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"NO_SUCH_NAME", "NO_ADDRESS"})
    @Spec("DNS6")
    void lookup_noSuchName_isKeptAndEachAskerGetsAnExceptionOfItsOwn(Reason reason) {
        Dns dns = instant.failing(reason).dns(DnsFixtures.OPTIONS);

        LookupException first =
                catchThrowableOfType(LookupException.class, () -> dns.lookup("a.test"));
        LookupException second =
                catchThrowableOfType(LookupException.class, () -> dns.lookup("a.test"));

        assertThat(instant.asked).hasSize(1);
        assertThat(second).isNotSameAs(first).hasMessage(first.getMessage());
        assertThat(second.reason()).isEqualTo(reason);
        assertThat(dns.statistics().negativeHits()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"TIMED_OUT", "TRY_AGAIN", "FAILED"})
    @Spec("DNS6")
    void lookup_thatFailedForNow_isNotKept(Reason reason) {
        Dns dns = instant.failing(reason).dns(DnsFixtures.OPTIONS);

        assertThatThrownBy(() -> dns.lookup("a.test")).isInstanceOf(LookupException.class);
        assertThatThrownBy(() -> dns.lookup("a.test")).isInstanceOf(LookupException.class);

        assertThat(instant.asked).hasSize(2);
    }

    @Test
    void lookup_resolverThrows_isAnErrorThatNamesTheHost() {
        Dns dns =
                new Dns(
                        new Resolver() {
                            @Override
                            public String name() {
                                return "broken";
                            }

                            @Override
                            public CompletableFuture<Answer> addresses(String host, Family family) {
                                throw new IllegalStateException("out of order");
                            }

                            @Override
                            public CompletableFuture<String> name(InetAddress address) {
                                throw new IllegalStateException("out of order");
                            }
                        },
                        DnsFixtures.OPTIONS);

        assertThatThrownBy(() -> dns.lookup("a.test"))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining("a.test: ")
                .hasMessageContaining("out of order")
                .hasMessageContaining("'broken'");
        assertThat(dns.statistics().running()).isZero();
    }

    @Test
    void lookup_inAHubsCallback_isRefusedAndLeavesNothing() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);
        var refused = new CompletableFuture<Throwable>();

        Hub.getDefault()
                .schedule(
                        Duration.ZERO,
                        () -> refused.complete(catchThrowable(() -> dns.lookup("a.test"))));

        assertThat(refused.get()).isInstanceOf(IllegalStateException.class);
        assertThat(dns.statistics().running()).isZero();
    }

    @Test
    void lookup_fromAnotherHub_sharesTheQuestion() throws Exception {
        Dns dns = manual.dns(DnsFixtures.OPTIONS);

        try (Hub other = Hub.open()) {
            GreenThread<InetAddress> here = Evy.spawn(() -> dns.getByName("a.test"));
            GreenThread<InetAddress> there = Evy.spawn(other, () -> dns.getByName("a.test"));
            NetFixtures.awaitTrue(
                    "both",
                    () -> {
                        DnsStatistics now = dns.statistics();
                        return now.queries() + now.joined() == 2;
                    });
            manual.answer(0, "192.0.2.1");

            assertThat(here.join()).isEqualTo(there.join());
        }
        assertThat(manual.asked).hasSize(1);
    }

    @Test
    @Spec("DNS5")
    void lookup_inAnyOrder_ipv4ComesFirstAsInTheJdk() throws Exception {
        Dns dns =
                instant.answering("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2")
                        .dns(DnsFixtures.OPTIONS);

        assertThat(DnsFixtures.texts(dns.lookup("a.test")))
                .containsExactly(
                        "192.0.2.1", "192.0.2.2", "2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:2");
        assertThat(DnsFixtures.texts(dns.lookup("a.test", Family.INET6)))
                .containsExactly("2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:2");
        assertThat(dns.lookup("a.test").getFirst().getHostName()).isEqualTo("a.test");
    }

    @Test
    @Spec("DNS5")
    void lookup_nameInAnyScript_isAskedForInAscii() throws Exception {
        Dns dns = instant.dns(DnsFixtures.OPTIONS);

        dns.lookup("Bücher.test");

        assertThat(instant.asked).containsExactly("xn--bcher-kva.test ANY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "256.1.1.1",
                "1.2.3.4.5",
                "0x7f.1",
                "0x7f000001",
                "a.123",
                "::g",
                "[127.0.0.1]",
                "1::2::3",
                "fe80::1%nosuchinterface"
            })
    @Spec({"DNS1", "DNS5"})
    void lookup_almostAnAddress_isAnErrorAndNotAskedFor(String host) {
        Dns dns = instant.dns(DnsFixtures.OPTIONS);

        assertThatThrownBy(() -> dns.lookup(host))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining(host);
        assertThat(instant.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..test", ".test", "a.\0.test", ".", " "})
    void lookup_noValidName_isAnErrorThatNamesIt(String host) {
        Dns dns = instant.failing(Reason.NO_SUCH_NAME).dns(DnsFixtures.OPTIONS);

        assertThatThrownBy(() -> dns.lookup(host))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining(host.replace('\0', '?'));
    }

    @Test
    void lookup_nameTooLong_isAnError() {
        Dns dns = instant.dns(DnsFixtures.OPTIONS);

        assertThatThrownBy(() -> dns.lookup("a".repeat(64) + ".test"))
                .hasMessageContaining("1 to 63");
        assertThatThrownBy(() -> dns.lookup("a.".repeat(127) + "test"))
                .hasMessageContaining("longer than 253");
        assertThat(instant.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "192.0.2.1",
                "::1",
                "[::1]",
                "2001:db8::5",
                "1.2",
                "1",
                "0177.0.0.1"
            })
    @Spec("DNS1")
    void lookup_address_isTheSameAsInTheJdk(String host) throws Exception {
        Dns dns = instant.dns(DnsFixtures.OPTIONS);

        assertThat(dns.getAllByName(host)).isEqualTo(InetAddress.getAllByName(host));
        assertThat(instant.asked).isEmpty();
    }

    @Test
    void lookup_empty_isLoopbackAsInTheJdk() throws Exception {
        Dns dns = instant.dns(DnsFixtures.OPTIONS);

        assertThat(dns.getAllByName("")).isEqualTo(InetAddress.getAllByName(""));
    }

    @Test
    void name_isAskedOnceAndKept() throws Exception {
        Dns dns = instant.dns(DnsFixtures.OPTIONS);

        assertThat(dns.name(DnsFixtures.ip("192.0.2.9"))).isEqualTo("named.test");
        assertThat(dns.name(DnsFixtures.ip("192.0.2.9"))).isEqualTo("named.test");

        assertThat(instant.asked).containsExactly("192.0.2.9");
    }

    @Test
    void canonicalName_resolverTells_isThat() throws Exception {
        Dns dns =
                instant.answering(
                                new Answer(
                                        List.of(DnsFixtures.ip("192.0.2.1")),
                                        "true.test",
                                        List.of("www.test"),
                                        null))
                        .dns(DnsFixtures.OPTIONS);

        assertThat(dns.canonicalName("www.test")).isEqualTo("true.test");
        assertThat(dns.aliases("www.test")).containsExactly("www.test");
    }

    @Test
    void canonicalName_resolverDoesNotTell_isTheNameOfItsAddress() throws Exception {
        Dns dns = instant.dns(DnsFixtures.OPTIONS);

        assertThat(dns.canonicalName("www.test")).isEqualTo("named.test");
        assertThat(dns.canonicalName("192.0.2.1")).isEqualTo("named.test");
        assertThat(dns.aliases("www.test")).isEmpty();
    }
}
