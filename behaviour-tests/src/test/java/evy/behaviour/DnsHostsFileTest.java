package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.behaviour.DnsFixtures.InstantResolver;
import evy.io.dns.Dns;
import evy.io.dns.Family;
import evy.io.dns.LookupException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualClock;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The table that is asked before anybody else is. */
@ExtendWith(LeakCheckExtension.class)
class DnsHostsFileTest {
    @TempDir private Path folder;
    private Path file;
    private Dns dns;
    private final InstantResolver resolver = new InstantResolver();
    private final ManualClock clock = new ManualClock();

    @BeforeEach
    void setUp() {
        file = folder.resolve("hosts");
        dns = resolver.dns(DnsFixtures.OPTIONS.withHostsFile(file).withClock(clock));
    }

    private void write(String... lines) throws IOException {
        Files.write(file, List.of(lines), StandardCharsets.UTF_8);
    }

    @Test
    @Spec("DNS2")
    void lookup_hostIsListed_nobodyElseIsAsked() throws Exception {
        write("192.0.2.10 listed.test");

        assertThat(DnsFixtures.texts(dns.lookup("listed.test"))).containsExactly("192.0.2.10");
        assertThat(resolver.asked).isEmpty();
        assertThat(dns.statistics().hostsHits()).isEqualTo(1);
    }

    @Test
    @Spec("DNS2")
    void lookup_hostIsNotListed_theResolverIsAsked() throws Exception {
        write("192.0.2.10 listed.test");

        assertThat(DnsFixtures.texts(dns.lookup("other.test"))).containsExactly("192.0.2.1");
        assertThat(resolver.asked).containsExactly("other.test ANY");
    }

    @Test
    @Spec("DNS2")
    void lookup_hostIsListedWithTheOtherFamily_theResolverIsAskedForThisOne() throws Exception {
        write("192.0.2.10 listed.test");
        resolver.answering("2001:db8::1");

        assertThat(DnsFixtures.texts(dns.lookup("listed.test", Family.INET6)))
                .containsExactly("2001:db8:0:0:0:0:0:1");
        assertThat(DnsFixtures.texts(dns.lookup("listed.test"))).containsExactly("192.0.2.10");
    }

    @Test
    @Spec("DNS2")
    void lookup_hostIsListedAndTheNetworkIsDead_answersAllTheSame() throws Exception {
        write("192.0.2.10 listed.test");
        resolver.failing(LookupException.Reason.TIMED_OUT);

        assertThat(DnsFixtures.texts(dns.lookup("listed.test"))).containsExactly("192.0.2.10");
    }

    @Test
    @Spec("DNS3")
    void parse_commentsAliasesCaseAndBothFamilies() throws Exception {
        write(
                "# 192.0.2.99 commented.test",
                "",
                "   \t ",
                "192.0.2.1\tOne.Test  uno.test\tein # 192.0.2.98 inline.test",
                "2001:db8::1 one.test",
                "  192.0.2.2 two.test#no-space",
                "192.0.2.3",
                "not-an-address three.test",
                "256.0.0.1 four.test");
        resolver.failing(LookupException.Reason.NO_SUCH_NAME);

        assertThat(DnsFixtures.texts(dns.lookup("ONE.test")))
                .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(DnsFixtures.texts(dns.lookup("one.test."))).hasSize(2);
        assertThat(DnsFixtures.texts(dns.lookup("UNO.TEST"))).containsExactly("192.0.2.1");
        assertThat(DnsFixtures.texts(dns.lookup("ein"))).containsExactly("192.0.2.1");
        assertThat(DnsFixtures.texts(dns.lookup("two.test"))).containsExactly("192.0.2.2");
        for (String unknown : List.of("commented.test", "inline.test", "three.test", "four.test")) {
            assertThatThrownBy(() -> dns.lookup(unknown)).isInstanceOf(LookupException.class);
        }
    }

    @Test
    @Spec("DNS3")
    void parse_linkLocalAddress_isLeftOut() throws Exception {
        write("fe80::1%lo0 link.test", "fe80::2 link.test", "192.0.2.4 link.test");

        assertThat(DnsFixtures.texts(dns.lookup("link.test"))).containsExactly("192.0.2.4");
    }

    @Test
    @Spec("DNS3")
    void parse_bytesOfAnyCharset_areNoError() throws Exception {
        Files.write(file, "192.0.2.5 five.test # \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(DnsFixtures.texts(dns.lookup("five.test"))).containsExactly("192.0.2.5");
    }

    @Test
    @Spec("DNS3")
    void file_changed_isReadAgainAfterTenSeconds() throws Exception {
        write("192.0.2.1 moved.test");
        assertThat(DnsFixtures.texts(dns.lookup("moved.test"))).containsExactly("192.0.2.1");
        write("192.0.2.2 moved.test");

        clock.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(DnsFixtures.texts(dns.lookup("moved.test"))).containsExactly("192.0.2.1");
        clock.advance(Duration.ofNanos(1));

        assertThat(DnsFixtures.texts(dns.lookup("moved.test"))).containsExactly("192.0.2.2");
    }

    @Test
    @Spec("DNS3")
    void file_changed_isReadAgainAfterAFlush() throws Exception {
        write("192.0.2.1 moved.test");
        dns.lookup("moved.test");
        write("192.0.2.2 moved.test");

        dns.flush();

        assertThat(DnsFixtures.texts(dns.lookup("moved.test"))).containsExactly("192.0.2.2");
    }

    @Test
    @Spec("DNS3")
    void file_missing_isEmptyAndMayComeLater() throws Exception {
        assertThat(DnsFixtures.texts(dns.lookup("late.test"))).containsExactly("192.0.2.1");

        write("192.0.2.6 late.test");
        clock.advance(Duration.ofSeconds(10));

        assertThat(DnsFixtures.texts(dns.lookup("late.test"))).containsExactly("192.0.2.6");
    }

    @Test
    @Spec("DNS3")
    void file_isAFolder_isEmpty() throws Exception {
        Dns odd = resolver.dns(DnsFixtures.OPTIONS.withHostsFile(folder));

        assertThat(DnsFixtures.texts(odd.lookup("a.test"))).containsExactly("192.0.2.1");
    }

    @Test
    @Spec("DNS3")
    void lookup_onAGreenThread_isTheSame() throws Exception {
        write("192.0.2.10 listed.test");

        InetAddress found = Evy.run(() -> dns.getByName("listed.test"));

        assertThat(found.getHostAddress()).isEqualTo("192.0.2.10");
    }

    @Test
    void name_addressIsListed_isItsFirstName() throws Exception {
        write("192.0.2.1 first.test alias.test", "192.0.2.1 second.test");

        assertThat(dns.name(DnsFixtures.ip("192.0.2.1"))).isEqualTo("first.test");
        assertThat(dns.canonicalName("alias.test")).isEqualTo("first.test");
        assertThat(dns.aliases("first.test")).containsExactly("alias.test");
        assertThat(resolver.asked).isEmpty();
    }

    @Test
    @Spec("DNS2")
    void lookup_localhostNotListed_isLoopbackAndNotAskedFor() throws Exception {
        assertThat(dns.getByName("localhost").isLoopbackAddress()).isTrue();
        assertThat(DnsFixtures.texts(dns.lookup("LOCALHOST", Family.INET6)))
                .containsExactly("0:0:0:0:0:0:0:1");
        assertThat(resolver.asked).isEmpty();
    }
}
