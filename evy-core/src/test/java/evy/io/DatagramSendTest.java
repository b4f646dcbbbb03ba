package evy.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.hubs.Hub;
import evy.internal.poll.NonBlockingDatagram;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Sending while the system has no room, which loopback never brings about. */
class DatagramSendTest {
    private static final InetSocketAddress TO = new InetSocketAddress("127.0.0.1", 9);

    /** A socket that has no room the first so many times. */
    private static GreenDatagramSocket full(int times, AtomicInteger tries) throws IOException {
        NonBlockingDatagram real = GreenSocketImpl.backendOf(Hub.current()).openDatagram();
        NonBlockingDatagram socket =
                (NonBlockingDatagram)
                        Proxy.newProxyInstance(
                                NonBlockingDatagram.class.getClassLoader(),
                                new Class<?>[] {NonBlockingDatagram.class},
                                (proxy, method, arguments) -> {
                                    if (method.getName().equals("send")) {
                                        return tries.getAndIncrement() >= times;
                                    }
                                    return invoke(real, method, arguments);
                                });
        return new GreenDatagramSocket(DatagramLink.of(socket));
    }

    private static @Nullable Object invoke(
            Object target, java.lang.reflect.Method method, Object @Nullable [] arguments)
            throws ReflectiveOperationException {
        method.setAccessible(true);
        return method.invoke(target, arguments);
    }

    @Test
    void sendTo_noRoom_waitsForIt() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (GreenDatagramSocket socket = full(1, tries)) {
            assertThat(socket.sendTo(new byte[3], TO)).isEqualTo(3);
            assertThat(tries).hasValue(2);
            tries.set(0);
            assertThat(socket.sendTo(ByteBuffer.allocate(3), TO)).isEqualTo(3);
            assertThat(tries).hasValue(2);
        }
    }

    @Test
    void receive_nothingThere_waitsForIt() throws Exception {
        try (GreenDatagramSocket socket = full(0, new AtomicInteger())) {
            socket.bind(new InetSocketAddress("127.0.0.1", 0));
            socket.setTimeout(Duration.ofMillis(10));

            assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(3)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("Receive timed out");
        }
    }

    @Test
    void links_inListings_areNamedByTheirEndsUntilTheyAreClosed() throws Exception {
        DatagramLink datagrams = DatagramLink.open();
        assertThat(datagrams.toString()).startsWith("datagrams ");
        datagrams.closeQuietly();
        assertThat(datagrams).hasToString("closed");

        StreamLink stream =
                new StreamLink(GreenSocketImpl.backendOf(Hub.current()).openSocket(false));
        assertThat(stream.toString()).endsWith(":0");
        stream.closeQuietly();
        assertThat(stream).hasToString("closed");
    }

    @Test
    void sendTo_noRoomForTooLong_timesOut() throws Exception {
        try (GreenDatagramSocket socket = full(Integer.MAX_VALUE, new AtomicInteger())) {
            socket.setTimeout(Duration.ofMillis(10));

            assertThatThrownBy(() -> socket.sendTo(new byte[3], TO))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("Send timed out");
            assertThatThrownBy(() -> socket.send(new DatagramPacket(new byte[3], 3, TO)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void sendTo_noRoomInNonBlockingMode_saysSo() throws Exception {
        try (GreenDatagramSocket socket = full(Integer.MAX_VALUE, new AtomicInteger())) {
            socket.setBlocking(false);

            assertThatThrownBy(() -> socket.sendTo(new byte[3], TO))
                    .isInstanceOf(WouldBlockException.class);
        }
    }
}
