package evy.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOptions;
import java.util.List;

/** What the JDK may ask of an implementation of sockets, though its own Socket never does. */
class GreenSocketImplTest {
    private interface Connect {
        void connect(GreenSocketImpl impl, ServerSocket to) throws IOException;
    }

    @Test
    void connect_byNameOrByAddress_connects() throws IOException {
        InetAddress host = InetAddress.getLoopbackAddress();
        List<Connect> ways =
                List.of(
                        (impl, to) -> impl.connect("127.0.0.1", to.getLocalPort()),
                        (impl, to) -> impl.connect(host, to.getLocalPort()));
        try (ServerSocket listener = new ServerSocket(0, 5, host)) {
            for (Connect way : ways) {
                GreenSocketImpl impl = new GreenSocketImpl(false);
                impl.create(true);
                try {
                    way.connect(impl, listener);
                    try (Socket accepted = listener.accept()) {
                        accepted.getOutputStream().write('x');

                        assertThat(impl.getInputStream().read()).isEqualTo('x');
                        impl.getOutputStream().write('y');
                        assertThat(accepted.getInputStream().read()).isEqualTo('y');
                        assertThat(impl.available()).isZero();
                    }
                } finally {
                    impl.close();
                }
            }
        }
    }

    @Test
    void create_ofDatagrams_isRefused() {
        assertThatThrownBy(() -> new GreenSocketImpl(false).create(false))
                .isInstanceOf(IOException.class)
                .hasMessage("a datagram socket is not a stream socket");
    }

    @Test
    void calls_beforeCreate_sayThatItIsNotConnected() throws IOException {
        GreenSocketImpl impl = new GreenSocketImpl(false);

        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        impl::available,
                        impl::shutdownInput,
                        impl::shutdownOutput,
                        () -> impl.listen(1))) {
            assertThatThrownBy(call)
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Socket is not connected");
        }
        assertThat(impl.supportedOptions()).isEmpty();
        impl.close(); // there is nothing to close
    }

    @Test
    void options_thatMakeNoSense_areRefused() throws IOException {
        GreenSocketImpl impl = new GreenSocketImpl(false);
        impl.create(true);
        try {
            assertThatThrownBy(() -> impl.setOption(SocketOptions.TCP_NODELAY, "yes"))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("cannot be set to yes");
            assertThatThrownBy(() -> impl.setOption(SocketOptions.SO_TIMEOUT, -1))
                    .isInstanceOf(SocketException.class)
                    .hasMessage("SO_TIMEOUT must be >= 0 ms: -1");
            assertThatThrownBy(() -> impl.getOption(77_777))
                    .isInstanceOf(SocketException.class)
                    .hasMessage("unknown socket option 77777");
            SocketAddress odd =
                    new SocketAddress() {
                        private static final long serialVersionUID = 1L;
                    };
            assertThatThrownBy(() -> impl.connect(odd, 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not an internet address");
        } finally {
            impl.close();
        }
    }
}
