package evy.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What channels throw of closed sockets, and of those of the other kind, comes as sockets say it.
 */
class NioChannelsTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(SocketBench.LOOPBACK, 0);

    private static void assertAllSay(@Nullable String message, List<ThrowingCallable> calls) {
        for (int i = 0; i < calls.size(); i++) {
            assertThatExceptionOfType(SocketException.class)
                    .as("call %d", i)
                    .isThrownBy(calls.get(i))
                    .withMessageContaining(message);
        }
    }

    @Test
    void socket_closed_saysSoToEveryCall() throws IOException {
        NioSocket socket = NioSocket.open(false);
        socket.close();

        assertAllSay(
                "Socket closed",
                List.of(
                        () -> socket.read(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                        () -> socket.read(new byte[1], 0, 1, true),
                        () -> socket.write(new ByteBuffer[] {ByteBuffer.allocate(1)}),
                        () -> socket.connect(ANY),
                        socket::finishConnect,
                        socket::localAddress,
                        socket::shutdownInput,
                        socket::shutdownOutput,
                        () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true),
                        () -> socket.getOption(StandardSocketOptions.TCP_NODELAY)));
        assertThat(socket.remoteAddress()).isNull();
    }

    @Test
    void listener_closed_saysSo() throws IOException {
        NioSocket listener = NioSocket.open(true);
        listener.close();

        assertAllSay("Socket closed", List.of(listener::accept, listener::localAddress));
    }

    @Test
    void listener_usedAsAStream_isRefused() throws IOException {
        NioSocket listener = NioSocket.open(true);
        try {
            assertAllSay(
                    "a listening socket cannot do this",
                    List.of(
                            () -> listener.read(ByteBuffer.allocate(1)),
                            () -> listener.write(ByteBuffer.allocate(1)),
                            listener::finishConnect));

            listener.listen(5);

            assertThat(listener.localAddress().getPort()).isPositive();
            assertThat(listener.toString()).contains("ServerSocketChannel");
        } finally {
            listener.close();
        }
    }

    @Test
    void stream_usedAsAListener_isRefused() throws IOException {
        NioSocket stream = NioSocket.open(false);
        try {
            assertAllSay("cannot listen", List.of(() -> stream.listen(5)));
            assertAllSay("not a listening socket", List.of(stream::accept));
            assertAllSay(
                    "Socket is not connected",
                    List.of(
                            () -> stream.read(ByteBuffer.allocate(1)),
                            () -> stream.write(ByteBuffer.allocate(1))));
            stream.shutdownOutput();
            stream.shutdownInput();

            assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(NonBlockingSocket.EOF);
            assertThat(stream.read(new ByteBuffer[0])).isEqualTo(NonBlockingSocket.EOF);
        } finally {
            stream.close();
        }
    }

    @Test
    void datagram_closed_saysSoToEveryCall() throws IOException {
        NioDatagram socket = NioDatagram.open();
        assertThat(socket.fd()).isEqualTo(-1);
        assertThat(socket.toString()).contains("DatagramChannel");
        socket.close();

        assertAllSay(
                "Socket closed",
                List.of(
                        () -> socket.receive(ByteBuffer.allocate(1)),
                        () -> socket.send(ByteBuffer.allocate(1), ANY),
                        () -> socket.bind(ANY),
                        () -> socket.connect(ANY),
                        socket::localAddress,
                        () -> socket.setOption(StandardSocketOptions.SO_RCVBUF, 5_000),
                        () -> socket.getOption(StandardSocketOptions.SO_RCVBUF)));
    }

    @Test
    void datagram_readOnlyBuffer_isRefused() throws IOException {
        NioDatagram socket = NioDatagram.open();
        try {
            assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
        } finally {
            socket.close();
        }
    }
}
