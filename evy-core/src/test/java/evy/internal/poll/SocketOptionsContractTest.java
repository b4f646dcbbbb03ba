package evy.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import static java.net.StandardSocketOptions.IP_TOS;
import static java.net.StandardSocketOptions.SO_KEEPALIVE;
import static java.net.StandardSocketOptions.SO_LINGER;
import static java.net.StandardSocketOptions.SO_RCVBUF;
import static java.net.StandardSocketOptions.SO_REUSEADDR;
import static java.net.StandardSocketOptions.SO_REUSEPORT;
import static java.net.StandardSocketOptions.SO_SNDBUF;
import static java.net.StandardSocketOptions.TCP_NODELAY;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.SocketOption;

/** What every backend's sockets do: options. */
@ParameterizedClass
@MethodSource("evy.internal.poll.SocketBench#backends")
class SocketOptionsContractTest {
    @Parameter Backend backend;

    private SocketBench bench;
    private NonBlockingSocket socket;

    @BeforeEach
    void open() throws IOException {
        bench = new SocketBench(backend);
        socket = bench.open(false);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    @Test
    void setOption_flag_roundTrip() throws IOException {
        assertRoundTrip(SO_KEEPALIVE, true);
        assertRoundTrip(SO_REUSEADDR, true);
        assertRoundTrip(TCP_NODELAY, true);
        assertRoundTrip(TCP_NODELAY, false);
        assertRoundTrip(SocketExtras.OOB_INLINE, true);
        if (socket.supportedOptions(false).contains(SO_REUSEPORT)) {
            assertRoundTrip(SO_REUSEPORT, true);
        }
    }

    @Test
    void setOption_number_roundTrip() throws IOException {
        assertRoundTrip(SO_SNDBUF, 20_000);
        assertRoundTrip(SO_RCVBUF, 30_000);
        assertRoundTrip(SO_LINGER, 5);
        assertRoundTrip(SO_LINGER, 0);
        assertRoundTrip(SO_LINGER, -1);
        assertRoundTrip(IP_TOS, 0x10);
    }

    private <T> void assertRoundTrip(SocketOption<T> option, T value) throws IOException {
        socket.setOption(option, value);

        assertThat(socket.getOption(option)).as(option.name()).isEqualTo(value);
    }

    @Test
    void setOption_lingerTooLong_cutAsInTheJdk() throws IOException {
        socket.setOption(SO_LINGER, 100_000);

        assertThat(socket.getOption(SO_LINGER)).isEqualTo(65_535);
    }

    @Test
    void setOption_outOfRange_namesOptionAndValue() {
        assertRefused(SO_RCVBUF, -1, "SO_RCVBUF must be >= 0: -1");
        assertRefused(SO_SNDBUF, -2, "SO_SNDBUF must be >= 0: -2");
        assertRefused(IP_TOS, 256, "IP_TOS must be in [0, 255]: 256");
        assertRefused(SO_KEEPALIVE, null, "SO_KEEPALIVE must be of Boolean: null");
    }

    private <T> void assertRefused(SocketOption<T> option, T value, String message) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> socket.setOption(option, value))
                .withMessage(message);
    }

    @Test
    void setOption_notSupported_namesIt() throws IOException {
        NonBlockingSocket listener = bench.open(true);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> listener.setOption(TCP_NODELAY, true))
                .withMessageContaining("TCP_NODELAY");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> listener.getOption(SocketExtras.OOB_INLINE))
                .withMessageContaining("SO_OOBINLINE");
    }

    @Test
    void openSocket_listening_reusesAddresses() throws IOException {
        assertThat(bench.open(true).getOption(SO_REUSEADDR)).isTrue();
        assertThat(socket.getOption(SO_REUSEADDR)).isFalse();
    }

    @Test
    void supportedOptions_all_canBeAsked() throws IOException {
        NonBlockingSocket listener = bench.open(true);

        for (SocketOption<?> option : socket.supportedOptions(false)) {
            assertThat((Object) socket.getOption(option)).isInstanceOf(option.type());
        }
        for (SocketOption<?> option : listener.supportedOptions(true)) {
            assertThat((Object) listener.getOption(option)).isInstanceOf(option.type());
        }
    }

    @Test
    void supportedOptions_extendedOnesOfTheJdk_roundTrip() throws IOException {
        for (SocketOption<?> option : socket.supportedOptions(false)) {
            if (option.name().equals("TCP_KEEPIDLE")) {
                @SuppressWarnings("unchecked")
                SocketOption<Integer> idle = (SocketOption<Integer>) option;
                assertRoundTrip(idle, 77);
            }
        }
    }
}
