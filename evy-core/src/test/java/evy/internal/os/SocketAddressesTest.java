package evy.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

class SocketAddressesTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(32, 8);

    private InetSocketAddress roundTrip(int family, InetAddress address, int port)
            throws SocketException {
        // what an earlier call has left must not show through
        memory.fill((byte) 0x55);
        SocketAddresses.write(memory, family, address, port);
        return SocketAddresses.read(memory);
    }

    @Test
    void write_ipv4_roundTrip() throws SocketException {
        InetAddress address = InetAddress.ofLiteral("192.0.2.200");

        assertThat(roundTrip(LinuxAbi.AF_INET, address, 65_535))
                .isEqualTo(new InetSocketAddress(address, 65_535));
        assertThat(SocketAddresses.write(memory, LinuxAbi.AF_INET, address, 1)).isEqualTo(16);
    }

    @Test
    void write_ipv4OnIpv6Socket_mappedAndBack() throws SocketException {
        InetAddress address = InetAddress.ofLiteral("192.0.2.200");

        assertThat(roundTrip(LinuxAbi.AF_INET6, address, 8080))
                .isEqualTo(new InetSocketAddress(address, 8080));
        assertThat(SocketAddresses.write(memory, LinuxAbi.AF_INET6, address, 1)).isEqualTo(28);
    }

    @Test
    void write_wildcardOnIpv6Socket_bothProtocols() throws SocketException {
        InetAddress address = InetAddress.ofLiteral("0.0.0.0");

        assertThat(roundTrip(LinuxAbi.AF_INET6, address, 80).getAddress())
                .isEqualTo(InetAddress.ofLiteral("::"));
    }

    @Test
    void write_ipv6WithScope_kept() throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1:2").getAddress();
        Inet6Address address = Inet6Address.getByAddress(null, bytes, 7);

        InetSocketAddress read = roundTrip(LinuxAbi.AF_INET6, address, 443);

        assertThat(read.getAddress()).isEqualTo(address);
        assertThat(((Inet6Address) read.getAddress()).getScopeId()).isEqualTo(7);
        assertThat(read.getPort()).isEqualTo(443);
    }

    @Test
    void write_ipv6OnIpv4Socket_refused() {
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> roundTrip(LinuxAbi.AF_INET, InetAddress.ofLiteral("::1"), 1))
                .withMessageStartingWith("Protocol family unavailable");
    }

    @Test
    void read_otherFamily_refused() {
        memory.set(ValueLayout.JAVA_SHORT, 0, (short) 1);

        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> SocketAddresses.read(memory))
                .withMessageContaining("1");
    }
}
