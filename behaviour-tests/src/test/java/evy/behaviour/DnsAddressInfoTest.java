package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.behaviour.DnsFixtures.InstantResolver;
import evy.io.dns.AddressHints;
import evy.io.dns.AddressHints.Flag;
import evy.io.dns.AddressInfo;
import evy.io.dns.Answer;
import evy.io.dns.Dns;
import evy.io.dns.Family;
import evy.io.dns.LookupException;
import evy.io.dns.NameInfo;
import evy.io.dns.Transport;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;

/** {@code getaddrinfo} and {@code getnameinfo}. */
@ExtendWith(LeakCheckExtension.class)
class DnsAddressInfoTest {
    private static final AddressHints HINTS = AddressHints.DEFAULT;

    private final InstantResolver resolver = new InstantResolver();
    private final Dns dns = resolver.dns(DnsFixtures.OPTIONS);

    private static List<String> addresses(List<AddressInfo> found) {
        return found.stream().map(info -> info.address().getAddress().getHostAddress()).toList();
    }

    @Test
    @Spec("DNS5")
    void addressInfo_hostAndPort_isOneEntryForEachAddress() throws Exception {
        resolver.answering("192.0.2.1", "2001:db8::1");

        List<AddressInfo> found = dns.addressInfo("a.test", "8080", HINTS);

        assertThat(addresses(found)).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(found).allMatch(info -> info.address().getPort() == 8080);
        assertThat(found).allMatch(info -> info.transport() == Transport.TCP);
        assertThat(found).allMatch(info -> info.canonicalName() == null);
    }

    @Test
    @Spec("DNS5")
    void addressInfo_family_filters() throws Exception {
        resolver.answering("192.0.2.1", "2001:db8::1");

        assertThat(addresses(dns.addressInfo("a.test", null, HINTS.withFamily(Family.INET))))
                .containsExactly("192.0.2.1");
        assertThat(addresses(dns.addressInfo("a.test", null, HINTS.withFamily(Family.INET6))))
                .containsExactly("2001:db8:0:0:0:0:0:1");
        assertThatThrownBy(() -> dns.addressInfo("192.0.2.1", null, HINTS.withFamily(Family.INET6)))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining("192.0.2.1: no IPv6 address");
    }

    @Test
    @Spec("DNS5")
    void addressInfo_anyTransport_isOneEntryForEach() throws Exception {
        List<AddressInfo> found = dns.addressInfo("192.0.2.1", "80", HINTS.withTransport(null));

        assertThat(found)
                .extracting(AddressInfo::transport)
                .containsExactly(Transport.TCP, Transport.UDP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https", "ssh"})
    @Spec("DNS5")
    void addressInfo_serviceName_isFoundInTheSystemsTable(String service) throws Exception {
        int port = List.of(80, 443, 22).get(List.of("http", "https", "ssh").indexOf(service));

        assertThat(dns.addressInfo("192.0.2.1", service, HINTS))
                .singleElement()
                .satisfies(info -> assertThat(info.address().getPort()).isEqualTo(port));
    }

    @Test
    @Spec("DNS5")
    void addressInfo_unknownService_isAnErrorThatNamesIt() {
        assertThatThrownBy(() -> dns.addressInfo("a.test", "nosuchservice", HINTS))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining("'nosuchservice'");
        assertThatThrownBy(
                        () -> dns.addressInfo("a.test", "http", HINTS.with(Flag.NUMERIC_SERVICE)))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining("'http'");
        assertThat(resolver.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"65536", "99999999999999999999"})
    @Spec("DNS5")
    void addressInfo_numberThatIsNoPort_isRefused(String service) {
        assertThatThrownBy(() -> dns.addressInfo("a.test", service, HINTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be 0 to 65535: " + service);
    }

    @Test
    @Spec("DNS5")
    void addressInfo_noHost_isLoopbackOrTheWildcard() throws Exception {
        assertThat(addresses(dns.addressInfo(null, "80", HINTS)))
                .containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(addresses(dns.addressInfo(null, "80", HINTS.with(Flag.PASSIVE))))
                .containsExactly("0.0.0.0", "0:0:0:0:0:0:0:0");
        assertThat(
                        addresses(
                                dns.addressInfo(
                                        null,
                                        "80",
                                        HINTS.with(Flag.PASSIVE).withFamily(Family.INET))))
                .containsExactly("0.0.0.0");
        assertThatThrownBy(() -> dns.addressInfo(null, null, HINTS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Spec("DNS5")
    void addressInfo_numericHost_looksNothingUp() throws Exception {
        AddressHints numeric = HINTS.with(Flag.NUMERIC_HOST);

        assertThat(addresses(dns.addressInfo("192.0.2.5", "80", numeric)))
                .containsExactly("192.0.2.5");
        assertThatThrownBy(() -> dns.addressInfo("a.test", "80", numeric))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining("'a.test'");
        assertThat(resolver.asked).isEmpty();
    }

    @Test
    @Spec("DNS5")
    void addressInfo_canonicalName_isToldIfAskedFor() throws Exception {
        resolver.answering(
                new Answer(
                        List.of(DnsFixtures.ip("192.0.2.1")),
                        "true.test",
                        List.of("a.test"),
                        null));

        assertThat(dns.addressInfo("a.test", "80", HINTS.with(Flag.CANONICAL_NAME)))
                .extracting(AddressInfo::canonicalName)
                .containsExactly("true.test");
    }

    @Test
    @Spec("DNS5")
    void addressInfo_v4Mapped_isAnIpv6AddressIfThereIsNoOther() throws Exception {
        AddressHints mapped = HINTS.withFamily(Family.INET6).with(Flag.V4_MAPPED);
        resolver.answering("192.0.2.1");

        InetAddress only =
                dns.addressInfo("four.test", null, mapped).getFirst().address().getAddress();
        resolver.answering("192.0.2.1", "2001:db8::1");

        assertThat(only).isInstanceOf(Inet6Address.class);
        assertThat(only.getHostAddress()).isEqualTo("0:0:0:0:0:ffff:c000:201");
        assertThat(addresses(dns.addressInfo("both.test", null, mapped)))
                .containsExactly("2001:db8:0:0:0:0:0:1");
        assertThat(addresses(dns.addressInfo("both.test", null, mapped.with(Flag.ALL))))
                .containsExactly("2001:db8:0:0:0:0:0:1", "0:0:0:0:0:ffff:c000:201");
    }

    @Test
    @Spec("DNS5")
    void addressInfo_v4MappedButThereIsNeither_tellsOfBothLookups() {
        AddressHints mapped = HINTS.withFamily(Family.INET6).with(Flag.V4_MAPPED);
        resolver.failing(LookupException.Reason.NO_SUCH_NAME);

        assertThatThrownBy(() -> dns.addressInfo("no.test", null, mapped))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining("no.test")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    @Spec("DNS5")
    void addressInfo_noHostOfOneFamily_isThatFamilysWildcardOrLoopback() throws Exception {
        for (Family family : List.of(Family.INET, Family.INET6)) {
            AddressHints one = HINTS.withFamily(family);

            assertThat(addresses(dns.addressInfo(null, "80", one.with(Flag.PASSIVE))))
                    .containsExactly(family == Family.INET ? "0.0.0.0" : "0:0:0:0:0:0:0:0");
            assertThat(addresses(dns.addressInfo(null, "80", one)))
                    .containsExactly(family == Family.INET ? "127.0.0.1" : "0:0:0:0:0:0:0:1");
        }
    }

    @Test
    @Spec("DNS5")
    void addressInfo_addressConfigured_dropsFamiliesThisMachineHasNot() throws Exception {
        List<InetAddress> own =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(address -> !address.isLoopbackAddress())
                        .toList();
        resolver.answering("192.0.2.1", "2001:db8::1");
        AddressHints configured = HINTS.with(Flag.ADDRESS_CONFIGURED);
        List<Family> have =
                List.of(Family.INET, Family.INET6).stream()
                        .filter(family -> own.stream().anyMatch(family::contains))
                        .toList();

        for (Family family : List.of(Family.INET, Family.INET6)) {
            if (have.contains(family)) {
                assertThat(dns.addressInfo("a.test", null, configured.withFamily(family)))
                        .hasSize(1);
            } else {
                assertThatThrownBy(
                                () ->
                                        dns.addressInfo(
                                                "a.test", null, configured.withFamily(family)))
                        .isInstanceOf(LookupException.class)
                        .hasMessageContaining("a.test");
            }
        }
        if (!have.isEmpty()) {
            assertThat(dns.addressInfo("a.test", null, configured)).hasSize(have.size());
        }
    }

    @Test
    @Spec("DNS5")
    void lookup_scopedAddress_keepsItsScope() throws Exception {
        Optional<NetworkInterface> any =
                NetworkInterface.networkInterfaces()
                        .filter(
                                face ->
                                        face.inetAddresses()
                                                .anyMatch(Inet6Address.class::isInstance))
                        .findAny();
        String scope = any.map(NetworkInterface::getName).orElse("1");

        InetAddress found = dns.getByName("fe80::1%" + scope);

        assertThat(found).isEqualTo(InetAddress.getByName("fe80::1%" + scope));
        assertThat(((Inet6Address) found).getScopeId()).isPositive();
    }

    @Test
    @Spec("DNS1")
    void nameInfo_addressAndPort_areNamed() throws Exception {
        InetSocketAddress web = new InetSocketAddress(DnsFixtures.ip("127.0.0.1"), 80);

        assertThat(dns.nameInfo(web)).isEqualTo(new NameInfo("named.test", "http"));
        assertThat(dns.nameInfo(web, NameInfo.Flag.NUMERIC_HOST))
                .isEqualTo(new NameInfo("127.0.0.1", "http"));
        assertThat(dns.nameInfo(web, NameInfo.Flag.NUMERIC_SERVICE))
                .isEqualTo(new NameInfo("named.test", "80"));
    }

    @Test
    @Spec("DNS1")
    void nameInfo_portOfDatagrams_hasAnotherName() throws Exception {
        InetSocketAddress syslog = new InetSocketAddress(DnsFixtures.ip("127.0.0.1"), 514);

        assertThat(dns.nameInfo(syslog).service()).isEqualTo("shell");
        assertThat(dns.nameInfo(syslog, NameInfo.Flag.DATAGRAM).service()).isEqualTo("syslog");
    }

    @Test
    @Spec("DNS1")
    void nameInfo_addressWithoutName_isNumericUnlessANameIsRequired() throws Exception {
        InetSocketAddress unnamed = new InetSocketAddress(DnsFixtures.ip("192.0.2.1"), 1);
        Dns nobody = resolver.nameless().dns(DnsFixtures.OPTIONS);

        assertThat(nobody.nameInfo(unnamed).host()).isEqualTo("192.0.2.1");
        assertThatThrownBy(() -> nobody.nameInfo(unnamed, NameInfo.Flag.NAME_REQUIRED))
                .isInstanceOf(LookupException.class)
                .hasMessageContaining("192.0.2.1");
    }

    @Test
    @Spec("DNS1")
    void nameInfo_flagsThatExcludeEachOther_areRefused() {
        InetSocketAddress any = new InetSocketAddress(DnsFixtures.ip("192.0.2.1"), 80);

        assertThatThrownBy(
                        () ->
                                dns.nameInfo(
                                        any,
                                        NameInfo.Flag.NAME_REQUIRED,
                                        NameInfo.Flag.NUMERIC_HOST))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dns.nameInfo(InetSocketAddress.createUnresolved("a.test", 80)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.test");
    }
}
