package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

class BackdoorClientTest {
    @Test
    void address_hostAndPort_isThat() throws Exception {
        assertThat(BackdoorClient.address("127.0.0.1:3000"))
                .isEqualTo(new InetSocketAddress("127.0.0.1", 3000));
        assertThat(BackdoorClient.address("[::1]:3000"))
                .isEqualTo(new InetSocketAddress("::1", 3000));
    }

    @Test
    void address_portAlone_isOnThisMachine() throws Exception {
        var expected = new InetSocketAddress("localhost", 3000);

        assertThat(BackdoorClient.address("3000")).isEqualTo(expected);
        assertThat(BackdoorClient.address(":3000")).isEqualTo(expected);
    }

    @Test
    void address_file_isAUnixSocket() throws Exception {
        var expected = UnixDomainSocketAddress.of("/run/app.sock");

        assertThat(BackdoorClient.address("/run/app.sock")).isEqualTo(expected);
        assertThat(BackdoorClient.address("unix:/run/app.sock")).isEqualTo(expected);
    }

    @Test
    void address_nonsense_isRefused() {
        assertThatThrownBy(() -> BackdoorClient.address("host:x"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("'host:x' is no place to connect to; use evy backdoor");
        assertThatThrownBy(() -> BackdoorClient.address("host:0"))
                .hasMessage("'host:0': port must be in 1 to 65535");
        assertThatThrownBy(() -> BackdoorClient.run())
                .hasMessage("use evy backdoor [--token] HOST:PORT|PORT|FILE");
    }
}
