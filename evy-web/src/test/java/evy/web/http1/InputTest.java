package evy.web.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When a connection has a buffer. */
@ExtendWith(LeakCheckExtension.class)
class InputTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(10);

    private final Buffers buffers = new Buffers();
    private final byte[] only = new byte[Buffers.SIZE];

    private Input input(Wire wire) {
        buffers.release(only);
        return new Input(
                wire, buffers, new Output(wire, buffers, SECOND), new Pace(SECOND, SECOND, 0));
    }

    private void assertGivenBack() {
        byte[] taken = buffers.take();
        assertThat(taken).isSameAs(only);
        buffers.release(taken);
    }

    /** A client that sends nothing, and a server that is asked in vain whether it has. */
    private final class SilentWire extends RecordingWire {
        private int tried;

        @Override
        public int tryRead(byte[] buffer, int offset, int length) {
            assertThat(buffer).isSameAs(only);
            tried++;
            return 0;
        }

        @Override
        public boolean awaitReadable(long nanos) {
            assertGivenBack();
            return false;
        }
    }

    @Test
    void awaitRequest_triedInVain_waitsWithoutABuffer() throws Exception {
        SilentWire wire = new SilentWire();

        assertThat(input(wire).awaitRequest(SECOND)).isFalse();

        assertThat(wire.tried).isOne();
        assertGivenBack();
    }

    private static void receive(Input input, int count) throws IOException {
        byte[] body = new byte[count];
        for (int done = 0; done < count; ) {
            done += input.readBody(body, done, count - done);
        }
    }

    @Test
    void awaitRequest_afterABodyReadDirectly_isOverInTimeWithoutABuffer() throws Exception {
        Evy.run(
                () -> {
                    InetAddress here = InetAddress.getLoopbackAddress();
                    try (GreenServerSocket listener = new GreenServerSocket();
                            GreenSocket client = new GreenSocket()) {
                        listener.bind(new InetSocketAddress(here, 0));
                        client.connect(listener.getLocalSocketAddress());
                        try (Wire wire = Wires.of(listener.accept())) {
                            Input input = input(wire);
                            client.sendAll(new byte[8192]);
                            receive(input, 8192);

                            assertThat(input.awaitRequest(MOMENT)).isFalse();

                            assertGivenBack();
                            client.sendAll(new byte[3]);
                            assertThat(input.awaitRequest(SECOND * 10)).isTrue();
                            assertThat(input.buffered()).isEqualTo(3);
                        }
                    }
                });
    }

    @Test
    void read_noTimeLeft_timesOutAtOnce() throws Exception {
        Evy.run(
                () -> {
                    InetAddress here = InetAddress.getLoopbackAddress();
                    try (GreenServerSocket listener = new GreenServerSocket()) {
                        listener.bind(new InetSocketAddress(here, 0));
                        try (GreenSocket green = new GreenSocket();
                                Socket platform = new Socket(here, listener.getLocalPort())) {
                            green.connect(listener.getLocalSocketAddress());
                            for (Socket socket : List.of(green, platform)) {
                                Wire wire = Wires.of(socket);
                                assertThatThrownBy(() -> wire.read(new byte[1], 0, 1, 0))
                                        .isInstanceOf(SocketTimeoutException.class);
                            }
                        }
                    }
                });
    }
}
