package evy.io.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.spi.InetAddressResolver.LookupPolicy;

/** The JDK's own resolver, which the process has got already or gets now. */
class BuiltinResolverTest {
    private final BuiltinResolver resolver = new BuiltinResolver();

    @Test
    void lookup_ofLocalhost_isLoopback() throws Exception {
        assertThat(resolver.lookupByName("localhost", LookupPolicy.of(LookupPolicy.IPV4)))
                .isNotEmpty()
                .allMatch(InetAddress::isLoopbackAddress)
                .allMatch(Family.INET::contains);
    }

    @Test
    void lookup_ofLoopback_hasAName() throws Exception {
        assertThat(resolver.lookupByAddress(new byte[] {127, 0, 0, 1})).isNotEmpty();
    }

    @Test
    void family_inMessages_isNamed() {
        assertThat(Family.ANY.noun()).isEqualTo("address");
        assertThat(Family.INET.noun()).isEqualTo("IPv4 address");
        assertThat(Family.INET6.noun()).isEqualTo("IPv6 address");
    }
}
