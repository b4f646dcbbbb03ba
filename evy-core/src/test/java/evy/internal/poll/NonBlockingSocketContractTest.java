package evy.internal.poll;

import static evy.internal.poll.NonBlockingSocket.EOF;
import static evy.internal.poll.NonBlockingSocket.WOULD_BLOCK;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Random;

/** What every backend's sockets do: connections and data. */
@ParameterizedClass
@MethodSource("evy.internal.poll.SocketBench#backends")
class NonBlockingSocketContractTest {
    private static final byte[] HELLO = "hello".getBytes(US_ASCII);

    @Parameter Backend backend;

    private SocketBench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new SocketBench(backend);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    @Test
    void connect_listener_bothSeeTheAddresses() throws IOException {
        NonBlockingSocket listener = bench.listen(SocketBench.LOOPBACK);

        NonBlockingSocket client = bench.connect(listener.localAddress());
        NonBlockingSocket accepted = bench.accept(listener);

        assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
        assertThat(client.remoteAddress()).isEqualTo(accepted.localAddress());
        assertThat(client.localAddress().getAddress()).isInstanceOf(Inet4Address.class);
        assertThat(client.finishConnect()).isTrue();
    }

    @Test
    void connect_nobodyListens_refused() throws IOException {
        NonBlockingSocket bound = bench.open(false);
        bound.bind(SocketBench.LOOPBACK, 0);
        InetSocketAddress remote = bound.localAddress();

        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> bench.connect(remote))
                .withMessageStartingWith("Connection refused");
    }

    @Test
    void connect_unresolved_namesTheHost() throws IOException {
        NonBlockingSocket socket = bench.open(false);
        InetSocketAddress remote = InetSocketAddress.createUnresolved("nowhere.invalid", 80);

        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> socket.connect(remote))
                .withMessageContaining("nowhere.invalid");
    }

    @Test
    void connect_wildcardAddress_meansThisMachine() throws IOException {
        NonBlockingSocket listener = bench.listen(InetAddress.ofLiteral("0.0.0.0"));
        int port = listener.localAddress().getPort();

        NonBlockingSocket client = bench.connect(new InetSocketAddress("0.0.0.0", port));

        assertThat(client.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void bind_ipv4_localAddressIsIpv4() throws IOException {
        NonBlockingSocket listener = bench.listen(SocketBench.LOOPBACK);

        assertThat(listener.localAddress().getAddress()).isEqualTo(SocketBench.LOOPBACK);
        assertThat(listener.localAddress().getPort()).isPositive();
        assertThat(listener.remoteAddress()).isNull();
    }

    @Test
    void bind_wildcard_takesBothProtocols() throws IOException {
        NonBlockingSocket listener = bench.listen(InetAddress.ofLiteral("0.0.0.0"));
        int port = listener.localAddress().getPort();

        bench.connect(new InetSocketAddress(SocketBench.LOOPBACK, port));
        bench.accept(listener);
        if (Ipv6.AVAILABLE) {
            NonBlockingSocket client = bench.connect(new InetSocketAddress(Ipv6.LOOPBACK, port));
            NonBlockingSocket accepted = bench.accept(listener);
            assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
            assertThat(client.remoteAddress().getAddress()).isEqualTo(Ipv6.LOOPBACK);
        }
    }

    @Test
    void bind_portTaken_inUse() throws IOException {
        NonBlockingSocket first = bench.listen(SocketBench.LOOPBACK);
        NonBlockingSocket second = bench.open(true);

        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> second.bind(SocketBench.LOOPBACK, first.localAddress().getPort()))
                .withMessageStartingWith("Address already in use");
    }

    @Test
    void bind_foreignAddress_refused() throws IOException {
        NonBlockingSocket socket = bench.open(true);

        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> socket.bind(InetAddress.ofLiteral("192.0.2.1"), 0))
                .withMessageStartingWith("Cannot assign requested address");
    }

    @Test
    void accept_nobodyWaits_null() throws IOException {
        NonBlockingSocket listener = bench.listen(SocketBench.LOOPBACK);

        assertThat(listener.accept()).isNull();
    }

    @Test
    void remoteAddress_notConnected_null() throws IOException {
        assertThat(bench.open(false).remoteAddress()).isNull();
    }

    @Test
    void read_nothingSent_wouldBlock() throws IOException {
        NonBlockingSocket[] pair = bench.pair();

        assertThat(pair[0].read(new byte[1], 0, 1, false)).isEqualTo(WOULD_BLOCK);
        assertThat(pair[0].read(new byte[1], 0, 1, true)).isEqualTo(WOULD_BLOCK);
        assertThat(pair[0].read(ByteBuffer.allocateDirect(1))).isEqualTo(WOULD_BLOCK);
        assertThat(pair[0].available()).isZero();
    }

    @Test
    void read_noRoom_zero() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        bench.close(pair[1]);
        bench.await(pair[0], Source.READ);

        assertThat(pair[0].read(new byte[1], 1, 0, false)).isZero();
        assertThat(pair[0].read(ByteBuffer.allocate(0))).isZero();
        assertThat(pair[0].write(new byte[0], 0, 0)).isZero();
        assertThat(pair[0].write(ByteBuffer.allocateDirect(0))).isZero();
    }

    @Test
    void read_outsideTheArray_refused() throws IOException {
        NonBlockingSocket socket = bench.pair()[0];

        assertThatThrownBy(() -> socket.read(new byte[4], 2, 3, false))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> socket.write(new byte[4], -1, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void write_partOfAnArray_arrives() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        byte[] buffer = new byte[8];

        int written = pair[0].write(HELLO, 1, 3);
        bench.await(pair[1], Source.READ);
        int read = pair[1].read(buffer, 2, 6, false);

        assertThat(written).isEqualTo(3);
        assertThat(read).isEqualTo(3);
        assertThat(buffer).isEqualTo(new byte[] {0, 0, 'e', 'l', 'l', 0, 0, 0});
    }

    @Test
    void write_buffersOfAllKinds_arrive() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        ByteBuffer direct = ByteBuffer.allocateDirect(5).put(HELLO).flip();
        ByteBuffer heap = ByteBuffer.wrap(HELLO).position(1).slice();
        ByteBuffer readOnly = ByteBuffer.wrap(HELLO).position(2).asReadOnlyBuffer();
        ByteBuffer target = ByteBuffer.allocateDirect(20).position(1);

        for (ByteBuffer buffer : new ByteBuffer[] {direct, heap, readOnly}) {
            pair[0].write(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
        }
        while (target.position() < 13) {
            if (pair[1].read(target) == WOULD_BLOCK) {
                bench.await(pair[1], Source.READ);
            }
        }

        byte[] arrived = new byte[12];
        target.get(1, arrived);
        assertThat(new String(arrived, US_ASCII)).isEqualTo("helloellollo");
    }

    @Test
    void read_heapBuffer_respectsPositionAndLimit() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        ByteBuffer target = ByteBuffer.allocate(9).position(2).slice().position(1).limit(4);

        pair[0].write(HELLO, 0, 5);
        bench.await(pair[1], Source.READ);
        int n = pair[1].read(target);

        assertThat(n).isEqualTo(3);
        assertThat(target.position()).isEqualTo(4);
        assertThat(target.array()).isEqualTo(new byte[] {0, 0, 0, 'h', 'e', 'l', 0, 0, 0});
    }

    @Test
    void read_readOnlyBuffer_refused() throws IOException {
        NonBlockingSocket socket = bench.pair()[0];

        for (ByteBuffer buffer :
                new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(1)}) {
            assertThatThrownBy(() -> socket.read(buffer.asReadOnlyBuffer()))
                    .isInstanceOfAny(ReadOnlyBufferException.class, IllegalArgumentException.class);
        }
    }

    @Test
    void read_peek_leavesTheBytes() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        byte[] buffer = new byte[8];
        pair[0].write(HELLO, 0, 5);
        bench.await(pair[1], Source.READ);

        assertThat(pair[1].read(buffer, 0, 2, true)).isEqualTo(2);
        assertThat(pair[1].read(buffer, 1, 7, true)).isEqualTo(5);
        assertThat(buffer).isEqualTo("hhello\0\0".getBytes(US_ASCII));
        assertThat(pair[1].available()).isEqualTo(5);
        assertThat(pair[1].read(buffer, 0, 3, false)).isEqualTo(3);
        assertThat(pair[1].read(ByteBuffer.wrap(buffer, 3, 5))).isEqualTo(2);
        assertThat(buffer).startsWith(HELLO);
        assertThat(pair[1].read(buffer, 0, 8, false)).isEqualTo(WOULD_BLOCK);
    }

    @Test
    void read_peekThenPeerCloses_bytesThenEof() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        byte[] buffer = new byte[8];
        pair[0].write(HELLO, 0, 5);
        pair[0].shutdownOutput();
        bench.await(pair[1], Source.READ);

        assertThat(pair[1].read(buffer, 0, 8, true)).isEqualTo(5);
        assertThat(pair[1].read(buffer, 0, 8, true)).isEqualTo(5);
        assertThat(pair[1].read(buffer, 0, 8, false)).isEqualTo(5);
        bench.await(pair[1], Source.READ);
        assertThat(pair[1].read(buffer, 0, 8, true)).isEqualTo(EOF);
        assertThat(pair[1].read(buffer, 0, 8, false)).isEqualTo(EOF);
    }

    @Test
    void read_peerClosed_eofEachTime() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        bench.close(pair[0]);

        assertThat(bench.read(pair[1], new byte[1])).isEqualTo(EOF);
        assertThat(pair[1].read(new byte[1], 0, 1, false)).isEqualTo(EOF);
        assertThat(pair[1].read(ByteBuffer.allocateDirect(1))).isEqualTo(EOF);
    }

    @Test
    void read_peerReset_saysSoEachTime() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        reset(pair[0]);
        bench.await(pair[1], Source.READ);

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> pair[1].read(new byte[1], 0, 1, false))
                    .withMessage("Connection reset");
        }
    }

    @Test
    void write_peerReset_throws() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        reset(pair[0]);
        bench.await(pair[1], Source.READ);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> pair[1].write(HELLO, 0, 5))
                    .isInstanceOf(SocketException.class)
                    .message()
                    .containsAnyOf("Broken pipe", "Connection reset");
        }
    }

    private void reset(NonBlockingSocket socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        bench.close(socket);
    }

    @Test
    void write_moreThanFits_partsUntilDone() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        pair[0].setOption(StandardSocketOptions.SO_SNDBUF, 20_000);
        byte[] data = new byte[1 << 20];
        new Random(1).nextBytes(data);
        ByteBuffer received = ByteBuffer.allocate(data.length);
        byte[] chunk = new byte[50_000];
        int sent = 0;
        boolean refused = false;

        while (received.hasRemaining()) {
            int written = pair[0].write(data, sent, data.length - sent);
            sent += Math.max(0, written);
            refused |= written == WOULD_BLOCK;
            // after a refusal only: else the receiver would keep up with the sender
            if (written <= 0) {
                int read = pair[1].read(chunk, 0, chunk.length, false);
                received.put(chunk, 0, Math.max(0, read));
            }
        }

        assertThat(received.array()).isEqualTo(data);
        assertThat(refused).isTrue();
    }

    @Test
    void shutdownOutput_peerReadsEof_otherDirectionGoesOn() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        byte[] buffer = new byte[8];

        pair[0].write(HELLO, 0, 5);
        pair[0].shutdownOutput();

        assertThat(bench.read(pair[1], buffer)).isEqualTo(5);
        assertThat(bench.read(pair[1], buffer)).isEqualTo(EOF);
        assertThat(pair[1].write(HELLO, 0, 4)).isEqualTo(4);
        assertThat(bench.read(pair[0], buffer)).isEqualTo(4);
    }

    @Test
    void shutdownOutput_thenWrite_brokenPipe() throws IOException {
        NonBlockingSocket socket = bench.pair()[0];
        socket.shutdownOutput();

        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> socket.write(HELLO, 0, 5))
                .withMessage("Broken pipe");
    }

    @Test
    void shutdownInput_dataThereAndComing_eof() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        byte[] buffer = new byte[8];
        pair[0].write(HELLO, 0, 5);
        bench.await(pair[1], Source.READ);
        pair[1].read(buffer, 0, 1, true);

        pair[1].shutdownInput();
        pair[0].write(HELLO, 0, 5);

        assertThat(pair[1].read(buffer, 0, 8, false)).isEqualTo(EOF);
        assertThat(pair[1].read(buffer, 0, 8, true)).isEqualTo(EOF);
        assertThat(pair[1].read(ByteBuffer.allocateDirect(1))).isEqualTo(EOF);
        assertThat(pair[1].available()).isZero();
        assertThat(pair[1].write(HELLO, 0, 5)).isEqualTo(5);
    }

    @Test
    void sendUrgent_inline_arrivesInOrder() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        pair[1].setOption(SocketExtras.OOB_INLINE, true);
        byte[] buffer = new byte[8];
        StringBuilder arrived = new StringBuilder();

        pair[0].write(HELLO, 0, 2);
        pair[0].sendUrgent('!');
        pair[0].write(HELLO, 2, 3);
        while (arrived.length() < 6) {
            arrived.append(new String(buffer, 0, bench.read(pair[1], buffer), US_ASCII));
        }

        assertThat(arrived).hasToString("he!llo");
    }

    @Test
    void close_thenUse_socketClosed() throws IOException {
        NonBlockingSocket socket = bench.pair()[0];
        bench.close(socket);

        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> socket.read(new byte[1], 0, 1, false))
                .withMessage("Socket closed");
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> socket.write(HELLO, 0, 5))
                .withMessage("Socket closed");
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> socket.bind(SocketBench.LOOPBACK, 0))
                .withMessageContaining("Socket closed");
    }

    @Test
    void close_lingeringWithUnsentData_returnsAtOnce() throws IOException {
        NonBlockingSocket socket = bench.pair()[0];
        socket.setOption(StandardSocketOptions.SO_LINGER, 60);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, 20_000);
        byte[] data = new byte[1 << 16];
        while (socket.write(data, 0, data.length) != WOULD_BLOCK) {
            // until both buffers are full
        }
        long start = System.nanoTime();

        bench.close(socket);

        assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
    }
}
