package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.NetFixtures.Pair;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The streams of a socket, and who keeps it open. What Python has by {@code dup} and {@code
 * makefile}, objects that close on their own, the JDK has not: a socket and its streams are one,
 * and whoever closes one closes all.
 */
@ExtendWith(LeakCheckExtension.class)
class SocketStreamTest {
    // life-time

    @Test
    @Spec({"SOCK26", "SOCK27", "SOCK30", "TEST4"})
    void closingAStreamOrTheSocket_closesAllOfIt() throws Exception {
        Evy.run(
                () -> {
                    for (int which = 0; which < 3; which++) {
                        try (Pair pair = Pair.open()) {
                            GreenSocket client = pair.client();
                            InputStream in = client.getInputStream();
                            OutputStream out = client.getOutputStream();

                            List.of(client, in, out).get(which).close();

                            assertThat(client.isClosed()).isTrue();
                            assertThatThrownBy(() -> in.read())
                                    .isInstanceOf(SocketException.class)
                                    .hasMessageContaining("losed");
                            assertThatThrownBy(() -> out.write(1))
                                    .isInstanceOf(SocketException.class)
                                    .hasMessageContaining("losed");
                            assertThat(pair.server().recv(1)).isEmpty();
                            in.close();
                            out.close();
                            client.close();
                        }
                    }
                });
    }

    @Test
    @Spec("SOCK27")
    void closedByThePeer_whatItHadSentCanBeReadAllTheSame() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        InputStream in = pair.server().getInputStream();
                        pair.client().sendAll("last words".getBytes());
                        pair.client().close();

                        assertThat(in.readNBytes(4)).asString().isEqualTo("last");
                        assertThat(in.readAllBytes()).asString().isEqualTo(" words");
                        assertThat(in.read()).isEqualTo(-1);
                    }
                });
    }

    @Test
    @Spec({"SOCK27", "SOCK35"})
    void streamHeldAndSocketDropped_staysOpenUntilTheStreamIsDropped() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen();
                            Holder holder = new Holder(listener);
                            GreenSocket peer = listener.accept()) {
                        System.gc();
                        NetFixtures.settle();
                        holder.stream.write(7);
                        assertThat(peer.recv(9)).containsExactly(7);

                        holder.stream = OutputStream.nullOutputStream();

                        peer.setTimeout(Duration.ofMillis(20));
                        NetFixtures.awaitTrue("the end", () -> collectedAndAtEnd(peer));
                    }
                });
    }

    /** Holds no more of a socket than its stream. */
    private static final class Holder implements AutoCloseable {
        private OutputStream stream;

        Holder(GreenServerSocket listener) throws IOException {
            stream = Evy.connect(listener.address()).getOutputStream();
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    private static boolean collectedAndAtEnd(GreenSocket peer) {
        System.gc();
        try {
            return peer.recv(1).length == 0;
        } catch (SocketTimeoutException notYet) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Spec("SOCK30")
    void tryWithResources_closes_alsoAfterAnError() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Socket kept = pair.client();
                        assertThatThrownBy(
                                        () -> {
                                            try (kept) {
                                                throw new IllegalStateException("meant");
                                            }
                                        })
                                .hasMessage("meant");

                        assertThat(kept.isClosed()).isTrue();
                        assertThat(pair.server().recv(1)).isEmpty();
                    }
                });
    }

    /* eventlet: tests/greenio_test.py TestGreenIoLong, test_refcount.py */
    @Test
    @Spec("SOCK35")
    void pairsThatEnd_normallyOrByTimeout_leaveNoSocketAlive() throws Exception {
        List<WeakReference<?>> sockets = new ArrayList<>();
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        for (int i = 0; i < 10; i++) {
                            boolean normally = i % 2 == 0;
                            Evy.spawn(() -> converse(listener, normally, sockets)).join();
                        }
                    }
                });

        NetFixtures.awaitTrue(
                "the end of all",
                () -> {
                    System.gc();
                    return sockets.stream().allMatch(socket -> socket.get() == null);
                });
        assertThat(sockets).hasSize(40);
    }

    private static void converse(
            GreenServerSocket listener, boolean normally, List<WeakReference<?>> sockets)
            throws Exception {
        try (Pair pair = Pair.to(listener)) {
            for (GreenSocket socket : List.of(pair.client(), pair.server())) {
                sockets.add(new WeakReference<>(socket));
                sockets.add(new WeakReference<>(socket.descriptor()));
            }
            if (normally) {
                pair.client().sendAll(new byte[3]);
                assertThat(pair.server().recv(3)).hasSize(3);
            } else {
                pair.server().setTimeout(Duration.ofMillis(1));
                assertThatThrownBy(() -> pair.server().recv(1))
                        .isInstanceOf(SocketTimeoutException.class);
                Timeout timeout = new Timeout(Duration.ofMillis(1));
                assertThatThrownBy(() -> pair.client().recv(1)).isSameAs(timeout);
            }
        }
    }

    // reading

    @Test
    @Spec("SOCK28")
    void read_oneSomeAndAll_giveWhatWasSent() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        InputStream in = pair.server().getInputStream();
                        pair.client().sendAll("abc def\nrest".getBytes());
                        pair.client().shutdownOutput();

                        assertThat(in.read()).isEqualTo('a');
                        assertThat(in.readNBytes(2)).asString().isEqualTo("bc");
                        assertThat(in.skip(1)).isEqualTo(1);
                        assertThat(in.readNBytes(3)).asString().isEqualTo("def");
                        assertThat(in.readAllBytes()).asString().isEqualTo("\nrest");
                        assertThat(in.read(new byte[3])).isEqualTo(-1);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1_024})
    @Spec("SOCK28")
    void readLine_inPiecesAndWithoutEnd_givesLines(int buffer) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<Void> writer =
                                Evy.spawn(
                                        () -> {
                                            for (String part :
                                                    List.of("fir", "st\nsecond\n", "\nno end")) {
                                                pair.client().sendAll(part.getBytes());
                                                NetFixtures.settle();
                                            }
                                            pair.client().shutdownOutput();
                                        });
                        BufferedReader lines =
                                new BufferedReader(
                                        new InputStreamReader(pair.server().getInputStream()),
                                        buffer);

                        assertThat(lines.lines()).containsExactly("first", "second", "", "no end");
                        writer.join();
                    }
                });
    }

    @Test
    @Spec("SOCK28")
    void unbufferedReads_leaveWhatFollowsForAnother() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll("line\nfollows".getBytes());

                        assertThat(untilNewline(pair.server().getInputStream())).isEqualTo("line");
                        assertThat(pair.server().recv(99)).asString().isEqualTo("follows");
                    }
                });
    }

    private static String untilNewline(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec("SOCK29")
    void read_timedOutAgainAndAgain_losesNothing(boolean buffered) throws Exception {
        byte[] data = NetFixtures.pattern(3_000);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        InputStream raw = pair.server().getInputStream();
                        InputStream in = buffered ? new BufferedInputStream(raw, 100) : raw;
                        pair.server().setTimeout(Duration.ofMillis(1));
                        GreenThread<Void> writer = Evy.spawn(() -> sendSlowly(pair.client(), data));

                        byte[] received = new byte[data.length];
                        int done = 0;
                        int timeouts = 0;
                        while (done < data.length) {
                            try {
                                done += in.read(received, done, Math.min(70, data.length - done));
                            } catch (SocketTimeoutException e) {
                                timeouts++;
                            }
                        }

                        assertThat(received).isEqualTo(data);
                        assertThat(timeouts).isPositive();
                        writer.join();
                    }
                });
    }

    private static void sendSlowly(GreenSocket socket, byte[] data) throws IOException {
        for (int start = 0; start < data.length; start += 300) {
            socket.sendAll(Arrays.copyOfRange(data, start, start + 300));
            Evy.sleep(Duration.ofMillis(5));
        }
    }

    // writing

    @Test
    @Spec("SOCK29")
    void write_21Megabytes_goesOutWholeHoweverItIsWritten() throws Exception {
        byte[] data = NetFixtures.pattern(21_000_000);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<Void> writer =
                                Evy.spawn(
                                        () -> {
                                            OutputStream out = pair.client().getOutputStream();
                                            out.write(data, 0, 11_000_000);
                                            WritableByteChannel channel = Channels.newChannel(out);
                                            ByteBuffer rest =
                                                    ByteBuffer.wrap(data, 11_000_000, 10_000_000);
                                            channel.write(rest);
                                            assertThat(rest.hasRemaining()).isFalse();
                                            pair.client().shutdownOutput();
                                        });

                        byte[] received = new byte[data.length];
                        int n = pair.server().getInputStream().readNBytes(received, 0, data.length);

                        assertThat(n).isEqualTo(data.length);
                        assertThat(Arrays.equals(received, data)).isTrue();
                        assertThat(pair.server().recv(1)).isEmpty();
                        writer.join();
                    }
                });
    }

    @Test
    @Spec("SOCK28")
    void bufferedWrites_goOutWhenFlushedOrClosed() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        OutputStream out =
                                new BufferedOutputStream(pair.client().getOutputStream(), 1_024);
                        out.write("one ".getBytes());
                        assertThat(pair.server().tryRecvInto(new byte[9], 0, 9)).isZero();
                        out.flush();
                        assertThat(pair.server().recv(9)).asString().isEqualTo("one ");
                        out.write("two".getBytes());
                        out.close();

                        assertThat(pair.server().getInputStream().readAllBytes())
                                .asString()
                                .isEqualTo("two");
                        assertThat(pair.client().isClosed()).isTrue();
                    }
                });
    }
}
