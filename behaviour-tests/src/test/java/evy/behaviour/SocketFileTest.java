package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.io.GreenSocket;
import evy.io.SocketPair;
import evy.io.WouldBlockException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** Sending files. */
@ExtendWith(LeakCheckExtension.class)
class SocketFileTest {
    /** More than one step of sending, and no multiple of it. */
    private static final int SIZE = 700_001;

    @TempDir Path directory;

    /** The two ways to say which file. */
    private enum Way {
        PATH {
            @Override
            long send(GreenSocket socket, Path file, long position, long count) throws IOException {
                return socket.sendFile(file, position, count);
            }
        },
        CHANNEL {
            @Override
            long send(GreenSocket socket, Path file, long position, long count) throws IOException {
                try (FileChannel channel = FileChannel.open(file)) {
                    long sent = socket.sendFile(channel, position, count);
                    assertThat(channel.position()).isEqualTo(position + sent);
                    return sent;
                }
            }
        };

        abstract long send(GreenSocket socket, Path file, long position, long count)
                throws IOException;
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    /** Sends and closes, so that all that arrives can be looked at. */
    private static GreenThread<Long> spawnSending(Way way, Pair pair, Path file, long at, long n) {
        return Evy.spawn(
                () -> {
                    long sent = way.send(pair.client(), file, at, n);
                    pair.client().shutdownOutput();
                    return sent;
                });
    }

    @ParameterizedTest
    @EnumSource
    @Spec("SOCK18")
    void sendFile_whole_arrivesThroughASmallConnection(Way way) throws Exception {
        byte[] content = NetFixtures.pattern(SIZE);
        Path file = file("größe 1.bin", content);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(16_384)) {
                        GreenThread<Long> sender = spawnSending(way, pair, file, 0, Long.MAX_VALUE);

                        assertThat(pair.server().getInputStream().readAllBytes())
                                .isEqualTo(content);
                        assertThat(sender.join()).isEqualTo(SIZE);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void sendFile_parts_areThoseAskedFor(Way way) throws Exception {
        byte[] content = NetFixtures.pattern(10_000);
        Path file = file("parts", content);
        Path empty = file("empty", new byte[0]);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenSocket client = pair.client();
                        assertThat(way.send(client, file, 5, 100)).isEqualTo(100);
                        assertThat(way.send(client, file, 9_990, 100)).isEqualTo(10);
                        assertThat(way.send(client, file, 10_000, 100)).isZero();
                        assertThat(way.send(client, file, 1L << 40, 100)).isZero();
                        assertThat(way.send(client, file, 0, 0)).isZero();
                        assertThat(way.send(client, empty, 0, 1)).isZero();
                        client.sendAll("end".getBytes());
                        client.shutdownOutput();

                        byte[] received = pair.server().getInputStream().readAllBytes();

                        assertThat(received).hasSize(113);
                        assertThat(Arrays.copyOf(received, 100))
                                .isEqualTo(Arrays.copyOfRange(content, 5, 105));
                        assertThat(Arrays.copyOfRange(received, 100, 110))
                                .isEqualTo(Arrays.copyOfRange(content, 9_990, 10_000));
                    }
                });
    }

    @Test
    void sendFile_byPathAlone_sendsAllOfIt() throws Exception {
        Path file = file("all", "all of it".getBytes());
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open();
                            SocketPair unix = SocketPair.open()) {
                        assertThat(pair.client().sendFile(file)).isEqualTo(9);
                        assertThat(pair.server().recv(20)).asString().isEqualTo("all of it");
                        assertThat(unix.first().sendFile(file)).isEqualTo(9);
                        assertThat(unix.second().recv(20)).asString().isEqualTo("all of it");
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    @Spec("SOCK20")
    void sendFile_badArguments_areRefusedByTheirValue(Way way) throws Exception {
        Path file = file("small", new byte[3]);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open();
                            GreenSocket fresh = new GreenSocket()) {
                        GreenSocket client = pair.client();
                        assertThatThrownBy(() -> way.send(client, file, -7, 1))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessage("position must be >= 0: -7");
                        assertThatThrownBy(() -> way.send(client, file, 0, -8))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessage("count must be >= 0: -8");
                        assertThatThrownBy(() -> way.send(client, directory.resolve("no"), 0, 1))
                                .isInstanceOf(NoSuchFileException.class)
                                .hasMessageContaining("no");
                        assertThatThrownBy(() -> way.send(fresh, file, 0, 1))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("not connected");
                        client.close();
                        assertThatThrownBy(() -> way.send(client, file, 0, 1))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                    }
                });
    }

    @Test
    void sendFile_noRegularFileOrNotReadable_isAnErrorAndTheSocketGoesOn() throws Exception {
        Path file = file("to write", new byte[3]);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open();
                            FileChannel writing =
                                    FileChannel.open(file, StandardOpenOption.WRITE)) {
                        assertThatThrownBy(() -> pair.client().sendFile(directory))
                                .isInstanceOf(IOException.class)
                                .hasMessageContaining(directory.toString());
                        assertThatThrownBy(() -> pair.client().sendFile(writing, 0, 1))
                                .isInstanceOf(NonReadableChannelException.class);
                        pair.client().sendAll("on".getBytes());
                        assertThat(pair.server().recv(9)).asString().isEqualTo("on");
                    }
                });
    }

    @Test
    void sendFile_fromAnotherFileSystem_works() throws Exception {
        URI zip = URI.create("jar:" + directory.resolve("a.zip").toUri());
        byte[] content = NetFixtures.pattern(300_000);
        Evy.run(
                () -> {
                    try (FileSystem system =
                                    FileSystems.newFileSystem(zip, Map.of("create", "true"));
                            Pair pair = Pair.open()) {
                        Path file = Files.write(system.getPath("inside"), content);
                        GreenThread<Long> sender =
                                spawnSending(Way.PATH, pair, file, 0, Long.MAX_VALUE);

                        assertThat(pair.server().getInputStream().readAllBytes())
                                .isEqualTo(content);
                        assertThat(sender.join()).isEqualTo(content.length);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void sendFile_cutOffMeanwhile_endsThere(Way way) throws Exception {
        Path file = file("shrinks", NetFixtures.pattern(3_000_000));
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192)) {
                        GreenThread<Long> sender = spawnSending(way, pair, file, 0, Long.MAX_VALUE);
                        byte[] first = NetFixtures.receive(pair.server(), 10_000);
                        try (FileChannel shorter =
                                FileChannel.open(file, StandardOpenOption.WRITE)) {
                            shorter.truncate(20_000);
                        }

                        byte[] rest = pair.server().getInputStream().readAllBytes();

                        assertThat(first).isEqualTo(NetFixtures.pattern(10_000));
                        assertThat(sender.join()).isEqualTo(10_000L + rest.length);
                        assertThat(rest.length).isBetween(10_000, 2_900_000);
                    }
                });
    }

    @Test
    @Spec({"SOCK7", "SOCK21"})
    void sendFile_timeOver_tellsHowMuchWasSentAndTheRestCanFollow() throws Exception {
        byte[] content = NetFixtures.pattern(3_000_000);
        Path file = file("slow", content);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192);
                            FileChannel channel = FileChannel.open(file)) {
                        pair.client().setTimeout(Duration.ofMillis(20));
                        SocketTimeoutException timeout =
                                timedOut(() -> pair.client().sendFile(channel, 0, Long.MAX_VALUE));
                        long sent = channel.position();
                        assertThat(sent).isPositive().isLessThan(content.length);
                        assertThat(timeout.bytesTransferred).isEqualTo((int) sent);

                        SocketTimeoutException again =
                                timedOut(() -> pair.client().sendFile(file, sent, 1_000_000));
                        long more = sent + again.bytesTransferred;

                        pair.client().setTimeout(null);
                        GreenThread<Long> sender =
                                spawnSending(Way.PATH, pair, file, more, Long.MAX_VALUE);
                        assertThat(pair.server().getInputStream().readAllBytes())
                                .isEqualTo(content);
                        assertThat(sender.join()).isEqualTo(content.length - more);
                    }
                });
    }

    private static SocketTimeoutException timedOut(ThrowingCallable call) {
        return catchThrowableOfType(SocketTimeoutException.class, call);
    }

    @Test
    @Spec("SOCK6")
    void sendFile_nonBlocking_sendsWhatFits() throws Exception {
        byte[] content = NetFixtures.pattern(3_000_000);
        Path file = file("fits", content);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192);
                            FileChannel channel = FileChannel.open(file)) {
                        pair.client().setBlocking(false);

                        assertThatThrownBy(() -> pair.client().sendFile(channel, 0, SIZE))
                                .isInstanceOf(WouldBlockException.class);

                        int sent = (int) channel.position();
                        assertThat(sent).isPositive();
                        pair.client().shutdownOutput();
                        assertThat(pair.server().getInputStream().readAllBytes())
                                .isEqualTo(Arrays.copyOf(content, sent));
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    @Spec("SOCK8")
    void sendFile_tornAway_sendsNothingMoreAndLeavesTheSocketUsable(Way way) throws Exception {
        byte[] content = NetFixtures.pattern(3_000_000);
        Path file = file("torn", content);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192)) {
                        GreenThread<Long> killed = spawnSending(way, pair, file, 0, SIZE);
                        NetFixtures.receive(pair.server(), 100); // it is on its way
                        NetFixtures.settle();
                        killed.kill();
                        Timeout timeout = new Timeout(Duration.ofMillis(20));
                        assertThatThrownBy(() -> way.send(pair.client(), file, 0, SIZE))
                                .isSameAs(timeout);
                        GreenThread<Void> last =
                                Evy.spawn(
                                        () -> {
                                            pair.client().sendAll("last".getBytes());
                                            pair.client().shutdownOutput();
                                        });

                        byte[] received = pair.server().getInputStream().readAllBytes();

                        last.join();
                        assertThat(
                                        new String(
                                                Arrays.copyOfRange(
                                                        received,
                                                        received.length - 4,
                                                        received.length)))
                                .isEqualTo("last");
                    }
                });
    }

    @Test
    @Spec("SOCK8")
    void sendFile_killed_channelTellsHowMuchWasSent() throws Exception {
        byte[] content = NetFixtures.pattern(3_000_000);
        Path file = file("killed", content);
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192);
                            FileChannel channel = FileChannel.open(file)) {
                        GreenThread<Long> sender =
                                Evy.spawn(() -> pair.client().sendFile(channel, 7, SIZE));
                        byte[] first = NetFixtures.receive(pair.server(), 100);
                        NetFixtures.settle();
                        sender.kill();
                        int sent = (int) channel.position() - 7;
                        pair.client().shutdownOutput();

                        byte[] rest = pair.server().getInputStream().readAllBytes();

                        assertThat(first.length + rest.length).isEqualTo(sent);
                        assertThat(rest).isEqualTo(Arrays.copyOfRange(content, 107, 7 + sent));
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"SOCK20", "SOCK24"})
    void sendFile_peerOrSocketCloses_isAnError(Way way) throws Exception {
        Path file = file("nobody", NetFixtures.pattern(3_000_000));
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192)) {
                        GreenThread<Long> sender = spawnSending(way, pair, file, 0, Long.MAX_VALUE);
                        NetFixtures.receive(pair.server(), 100);
                        pair.server().setSoLinger(true, 0);
                        pair.server().close();
                        assertThatThrownBy(sender::join)
                                .satisfies(
                                        e ->
                                                assertThat(socketError(e))
                                                        .isInstanceOf(SocketException.class));
                    }
                    try (Pair pair = Pair.withBuffers(8_192)) {
                        GreenThread<Long> sender = spawnSending(way, pair, file, 0, Long.MAX_VALUE);
                        NetFixtures.receive(pair.server(), 100);
                        NetFixtures.settle();
                        pair.client().close();
                        assertThatThrownBy(sender::join)
                                .satisfies(
                                        e ->
                                                assertThat(socketError(e))
                                                        .isInstanceOf(SocketException.class)
                                                        .hasMessageContaining("closed"));
                    }
                });
    }

    private static Throwable socketError(Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null && !(cause instanceof SocketException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    @ParameterizedTest
    @EnumSource
    void sendFile_toAPeerThatTakesAll_letsOthersRun(Way way) throws Exception {
        Path file = directory.resolve("long");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), 40_000_000);
        }
        try (Pair pair = Pair.open();
                Platform<Long> reader =
                        Platform.start(
                                () ->
                                        pair.server()
                                                .getInputStream()
                                                .transferTo(OutputStream.nullOutputStream()))) {
            int turns =
                    Evy.run(
                            () -> {
                                int[] counted = {0};
                                GreenThread<Void> other =
                                        Evy.spawn(
                                                () -> {
                                                    while (true) {
                                                        counted[0]++;
                                                        Evy.yield();
                                                    }
                                                });
                                way.send(pair.client(), file, 0, Long.MAX_VALUE);
                                pair.client().shutdownOutput();
                                other.kill();
                                return counted[0];
                            });

            assertThat(turns).isGreaterThanOrEqualTo(8);
            assertThat(reader.get()).isEqualTo(40_000_001);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendFile_fromPlatformThread_blocksIt(Way way) throws Exception {
        byte[] content = NetFixtures.pattern(SIZE);
        Path file = file("platform", content);
        try (Pair pair = Pair.withBuffers(16_384);
                Platform<Long> sender =
                        Platform.start(
                                () -> {
                                    long sent = way.send(pair.client(), file, 1, SIZE);
                                    pair.client().shutdownOutput();
                                    return sent;
                                })) {
            byte[] received = pair.server().getInputStream().readAllBytes();

            assertThat(received).isEqualTo(Arrays.copyOfRange(content, 1, SIZE));
            assertThat(sender.get()).isEqualTo(SIZE - 1L);
        }
    }
}
