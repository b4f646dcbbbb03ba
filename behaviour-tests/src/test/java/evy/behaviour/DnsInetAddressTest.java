package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.behaviour.DnsFixtures.ManualResolver;
import evy.io.dns.Dns;
import evy.io.dns.LookupException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** The JDK's own look-ups, on green threads and on others. */
@ExtendWith(LeakCheckExtension.class)
class DnsInetAddressTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ManualResolver resolver = new ManualResolver();

    /* The JDK keeps what it was told for a while, so each test has a name of its own. */
    private final String host = "jdk" + NUMBER.incrementAndGet() + ".test";
    private Dns before;

    @BeforeEach
    void configure() {
        before = Dns.configured();
        Dns.configure(resolver.dns(DnsFixtures.OPTIONS));
    }

    @AfterEach
    void restore() {
        Dns.configure(before);
    }

    private void awaitQuestion() {
        NetFixtures.awaitTrue("a question", () -> !resolver.pending.isEmpty());
    }

    @Test
    @Spec("DNS1")
    void getByName_onAGreenThread_letsOthersRun() throws Exception {
        Evy.run(
                () -> {
                    GreenThread<InetAddress> asker = Evy.spawn(() -> InetAddress.getByName(host));
                    awaitQuestion();
                    for (int tick = 0; tick < 10; tick++) {
                        Evy.sleep(Duration.ofMillis(1));
                    }
                    assertThat(asker.isDone()).isFalse();
                    resolver.answer(0, "192.0.2.1");

                    assertThat(asker.join().toString()).isEqualTo(host + "/192.0.2.1");
                });
    }

    @Test
    void getAllByName_onAGreenThread_hasTheOrderOfTheJdk() throws Exception {
        Evy.run(
                () -> {
                    GreenThread<InetAddress[]> asker =
                            Evy.spawn(() -> InetAddress.getAllByName(host));
                    awaitQuestion();
                    resolver.answer(0, "2001:db8::1", "192.0.2.1");

                    assertThat(DnsFixtures.texts(List.of(asker.join())))
                            .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
                });
    }

    @Test
    @Spec("DNS8")
    void getByName_manyAskForOneName_oneQuery() throws Exception {
        Evy.run(
                () -> {
                    List<GreenThread<InetAddress>> askers = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        askers.add(Evy.spawn(() -> InetAddress.getByName(host)));
                    }
                    awaitQuestion();
                    NetFixtures.settle();
                    resolver.answer(0, "192.0.2.1");

                    for (GreenThread<InetAddress> asker : askers) {
                        assertThat(asker.join().getHostAddress()).isEqualTo("192.0.2.1");
                    }
                });

        assertThat(resolver.asked).hasSize(1);
    }

    @Test
    void getByName_killed_endsAtOnceAndTheNameCanBeAskedForAgain() throws Exception {
        Evy.run(
                () -> {
                    GreenThread<InetAddress> asker = Evy.spawn(() -> InetAddress.getByName(host));
                    awaitQuestion();
                    Evy.kill(asker);
                    assertThat(asker.isDone()).isTrue();
                    assertThatThrownBy(asker::join).isInstanceOf(GreenThreadExit.class);

                    GreenThread<InetAddress> again = Evy.spawn(() -> InetAddress.getByName(host));
                    NetFixtures.awaitTrue("asked again", () -> resolver.pending.size() == 2);
                    resolver.answer(1, "192.0.2.2");

                    assertThat(again.join().getHostAddress()).isEqualTo("192.0.2.2");
                });
    }

    @Test
    void getByName_timeoutAroundIt_isThatTimeout() throws Exception {
        Evy.run(
                () ->
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ofMillis(5),
                                                        () -> InetAddress.getByName(host)))
                                .isInstanceOf(Timeout.class));
    }

    @Test
    @Spec("DNS6")
    void getByName_noSuchName_hasOurMessage() throws Exception {
        Evy.run(
                () -> {
                    GreenThread<InetAddress> asker = Evy.spawn(() -> InetAddress.getByName(host));
                    awaitQuestion();
                    resolver.pending
                            .getFirst()
                            .completeExceptionally(
                                    new LookupException(
                                            LookupException.Reason.NO_SUCH_NAME,
                                            host + ": scripted"));

                    assertThatThrownBy(asker::join)
                            .isInstanceOf(UnknownHostException.class)
                            .hasMessage(host + ": scripted");
                });
    }

    @Test
    void getCanonicalHostName_onAGreenThread_letsOthersRun() throws Exception {
        Evy.run(
                () -> {
                    InetAddress address = DnsFixtures.ip("192.0.2.77");
                    GreenThread<String> asker = Evy.spawn(address::getCanonicalHostName);
                    NetFixtures.awaitTrue("asked", () -> !resolver.pendingNames.isEmpty());
                    Evy.sleep(Duration.ofMillis(1));
                    resolver.pendingNames.getFirst().complete(host);
                    awaitQuestion(); // the JDK checks that the name has the address
                    resolver.answer(0, "192.0.2.77");

                    assertThat(asker.join()).isEqualTo(host);
                });
    }

    @Test
    void getByName_onAnotherVirtualThreadOfTheHub_isGreen() throws Exception {
        Evy.run(
                () -> {
                    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                        Future<InetAddress> asker =
                                executor.submit(() -> InetAddress.getByName(host));
                        awaitQuestion();
                        resolver.answer(0, "192.0.2.1");

                        assertThat(asker.get().getHostAddress()).isEqualTo("192.0.2.1");
                    }
                });
    }

    @Test
    @Spec("DNS9")
    void getByName_onAPlatformThread_isTheJdksOwn() throws Exception {
        InetAddress found = InetAddress.getByName("LocalHost");

        assertThat(found.isLoopbackAddress()).isTrue();
        assertThat(resolver.asked).isEmpty();
    }

    @Test
    @Spec("DNS9")
    void getByName_onAnyOtherVirtualThread_isTheJdksOwn() throws Exception {
        List<InetAddress> found = new ArrayList<>();

        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                found.add(InetAddress.getByName("LOCALhost"));
                            } catch (UnknownHostException e) {
                                throw new AssertionError(e);
                            }
                        })
                .join();

        assertThat(found.getFirst().isLoopbackAddress()).isTrue();
        assertThat(resolver.asked).isEmpty();
    }
}
