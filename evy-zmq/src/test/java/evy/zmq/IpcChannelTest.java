package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zmq.Options;
import zmq.io.net.ipc.IpcAddress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.List;

/** The Unix-domain channel that JeroMQ takes for one of TCP: each call reaches the one inside. */
class IpcChannelTest {
    @TempDir private Path folder;

    private ServerSocketChannel listener;
    private SelectorProvider provider;
    private SocketChannel channel;
    private SocketChannel inside;
    private SocketChannel peer;

    @BeforeEach
    void connect() throws IOException {
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of(folder.resolve("s"));
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(path);
        IpcAddress address = new IpcAddress(path.toString());
        provider = new IpcChooser(null).choose(address, new Options());
        channel = IpcChannel.to(path);
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.connect(new InetSocketAddress(0))).isTrue();
        peer = listener.accept();
        inside = SocketChannel.open(path);
        listener.accept().close();
    }

    @AfterEach
    void close() throws IOException {
        for (var each : List.of(channel, inside, peer, listener)) {
            each.close();
        }
    }

    @Test
    void connected_data_goesThroughTheOneInside() throws IOException {
        assertThat(channel.isConnected()).isTrue();
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(channel.finishConnect()).isTrue();
        assertThat(channel.write(ByteBuffer.wrap(new byte[] {1, 2}))).isEqualTo(2);
        assertThat(channel.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {3})})).isOne();
        ByteBuffer got = ByteBuffer.allocate(9);
        while (got.position() < 3) {
            assertThat(peer.read(got)).isPositive();
        }
        assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));

        peer.write(ByteBuffer.wrap(new byte[] {4, 5}));
        ByteBuffer first = ByteBuffer.allocate(1);
        ByteBuffer second = ByteBuffer.allocate(1);
        assertThat(channel.read(first)).isOne();
        assertThat(channel.read(new ByteBuffer[] {second})).isOne();
        assertThat(List.of(first.get(0), second.get(0))).containsExactly((byte) 4, (byte) 5);
    }

    @Test
    void shutdown_ofEachWay_endsIt() throws IOException {
        assertThat(channel.shutdownOutput()).isSameAs(channel);
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(channel.shutdownInput()).isSameAs(channel);
        assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void options_ofTcpOnly_arePassedOver() throws IOException {
        Options options = new Options();
        options.sndbuf = 30_000;
        options.rcvbuf = 40_000;

        ((IpcChannel) channel).setBuffers(options);

        assertThat(channel.getOption(StandardSocketOptions.SO_SNDBUF))
                .isGreaterThanOrEqualTo(30_000);
        assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF))
                .isGreaterThanOrEqualTo(40_000);
        assertThat(channel.setOption(StandardSocketOptions.TCP_NODELAY, true)).isSameAs(channel);
        assertThat(channel.supportedOptions()).doesNotContain(StandardSocketOptions.TCP_NODELAY);
        assertThat(channel.getRemoteAddress()).isEqualTo(channel.getLocalAddress());
        assertThat(channel.toString()).contains("SocketChannel");
    }

    @Test
    void abandon_closesTheOneInside() {
        IpcChannel accepted = new IpcChannel(inside);
        assertThatThrownBy(() -> accepted.connect(new InetSocketAddress(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("accepted: ");

        accepted.abandon();

        assertThat(inside.isOpen()).isFalse();
        assertThat(accepted.isOpen()).isFalse();
    }

    @Test
    void calls_thatJeroMqDoesNotMake_areRefusedByName() {
        assertRefused("bind", () -> channel.bind(null));
        assertRefused("socket", channel::socket);
    }

    @Test
    void provider_openingAnythingElse_isRefusedByName() {
        SelectorProvider unix = provider;
        assertRefused("openServerSocketChannel", unix::openServerSocketChannel);
        assertRefused("openDatagramChannel()", unix::openDatagramChannel);
        assertRefused(
                "openDatagramChannel(ProtocolFamily)",
                () -> unix.openDatagramChannel(StandardProtocolFamily.INET));
        assertRefused("openPipe", unix::openPipe);
        assertRefused("openSelector", unix::openSelector);
    }

    private static void assertRefused(String call, ThrowingCallable made) {
        assertThatThrownBy(made)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith(call);
    }
}
