package evy.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.internal.os.Descriptors;
import evy.internal.os.Epoll;
import evy.internal.os.Platform;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.net.StandardSocketOptions;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What only descriptor numbers can do. */
@Timeout(30)
class EpollPollerTest {
    private static final long LONG_NANOS = 20_000_000_000L;

    private SocketBench bench;
    private EpollPoller poller;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Platform.unavailable() == null);
        bench = new SocketBench(new EpollBackend());
        poller = EpollPoller.open();
    }

    @AfterEach
    void close() throws IOException {
        if (poller != null) {
            poller.close();
            bench.close();
        }
    }

    @Test
    void arm_numberHeldByAnother_formerIsLostOnce() throws IOException {
        NonBlockingSocket[] former = bench.pair();
        RecordingSource formerSource = new RecordingSource(former[0]);
        poller.arm(formerSource, Source.READ, false);
        bench.close(former[0]);
        NonBlockingSocket[] next = pairWith(formerSource.fd());
        RecordingSource nextSource = new RecordingSource(next[0]);

        poller.arm(nextSource, Source.READ, false);
        next[1].write(new byte[1], 0, 1);
        while ((nextSource.takeSeen() & Source.READ) == 0) {
            poller.poll(LONG_NANOS);
        }
        poller.forget(formerSource);
        next[1].write(new byte[1], 0, 1);

        assertThat(formerSource.losses()).isEqualTo(1);
        assertThat(formerSource.reports()).isZero();
        assertThat(nextSource.losses()).isZero();
        assertThat(poller.poll(LONG_NANOS)).isEqualTo(1);
    }

    /** A pair whose first socket has this number, which is free. */
    private NonBlockingSocket[] pairWith(int fd) throws IOException {
        NonBlockingSocket listener = bench.listen(SocketBench.LOOPBACK);
        while (listener.fd() == fd) {
            // the lowest number is used first, so the listener took it: hand it back
            NonBlockingSocket second = bench.listen(SocketBench.LOOPBACK);
            bench.close(listener);
            listener = second;
        }
        NonBlockingSocket client = bench.connect(listener.localAddress());
        assertThat(client.fd()).isEqualTo(fd);
        return new NonBlockingSocket[] {client, bench.accept(listener)};
    }

    @Test
    void arm_sameOpenNumberTwice_secondTakesOver() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource first = new RecordingSource(pair[0]);
        RecordingSource second = new RecordingSource(pair[0]);
        poller.arm(first, Source.READ, false);

        poller.arm(second, Source.WRITE, false);
        poller.poll(LONG_NANOS);

        assertThat(first.losses()).isEqualTo(1);
        assertThat(first.reports()).isZero();
        assertThat(second.takeSeen()).isEqualTo(Source.WRITE);
    }

    @Test
    void poll_eventOfAFormerLife_ignored() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[0]);
        poller.arm(source, Source.READ, false);
        poller.poll(LONG_NANOS);
        source.takeSeen();

        // an event is under way when the source comes back under the same number
        pair[1].write(new byte[1], 0, 1);
        bench.await(pair[0], Source.READ);
        source.generation++;

        assertThat(poller.poll(0)).isZero();
        assertThat(source.reports()).isZero();
    }

    @Test
    void arm_notADescriptor_namesTheNumber() {
        RecordingSource source = new RecordingSource(-1, null);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> poller.arm(source, Source.READ, false))
                .withMessage("descriptor -1 is not open");
    }

    @Test
    void arm_numberNeverOpened_namesTheNumber() {
        RecordingSource source = new RecordingSource(1_000_000, null);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> poller.arm(source, Source.READ, false))
                .withMessage("descriptor 1000000 is not open");
    }

    @Test
    void arm_regularFile_saysWhatToUse(@TempDir Path directory) throws IOException {
        Path path = Files.createFile(directory.resolve("plain"));
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            int fd = numberOf(path);
            RecordingSource source = new RecordingSource(fd, null);

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> poller.arm(source, Source.READ, false))
                    .withMessageStartingWith("descriptor " + fd + " is a regular file")
                    .withMessageEndingWith("always ready; use tpool");
            assertThat(file.length()).isZero();
        }
    }

    private static int numberOf(Path path) throws IOException {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                if (Files.exists(link) && Files.isSameFile(link, path)) {
                    return Integer.parseInt(link.getFileName().toString());
                }
            }
        }
        throw new AssertionError(path + " is not open");
    }

    @Test
    void arm_closedAndOpenedAgainUnderTheSameSource_retriggerRegistersAgain() throws IOException {
        NonBlockingSocket[] former = bench.pair();
        RecordingSource source = new RecordingSource(former[0]);
        poller.arm(source, Source.READ, false);
        bench.close(former[0]);
        NonBlockingSocket[] next = pairWith(source.fd());
        next[1].write(new byte[1], 0, 1);

        poller.arm(source, Source.READ, true);

        while ((source.takeSeen() & Source.READ) == 0) {
            poller.poll(LONG_NANOS);
        }
    }

    @Test
    void arm_closedBehindOurBack_retriggerSaysSoAndForgets() throws IOException {
        NonBlockingSocket socket = bench.open(false);
        RecordingSource source = new RecordingSource(socket);
        poller.arm(source, Source.READ, false);
        bench.close(socket);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> poller.arm(source, Source.READ, true))
                .withMessage("descriptor " + source.fd() + " is not open");
        assertThat(source.registration).isNull();
    }

    @Test
    void poll_moreReadyThanABatch_eachReportedOnce() throws IOException {
        List<RecordingSource> sources = new ArrayList<>();
        try {
            for (int i = 0; i < 1500; i++) {
                RecordingSource source = new RecordingSource(Epoll.eventFd(), null);
                sources.add(source);
                poller.arm(source, Source.READ | Source.WRITE, false);
            }

            int reported = 0;
            while (reported < sources.size()) {
                reported += poller.poll(LONG_NANOS);
            }

            assertThat(sources).allMatch(source -> source.reports() == 1);
            assertThat(poller.poll(0)).isZero();
        } finally {
            for (RecordingSource source : sources) {
                Descriptors.close(source.fd());
            }
        }
    }

    @Test
    void ready_peerHalfCloses_keepTrying() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[0]);
        pair[1].shutdownOutput();
        bench.await(pair[0], Source.READ);

        poller.arm(source, Source.READ, false);
        poller.poll(LONG_NANOS);

        assertThat(source.takeSeen()).isEqualTo(Source.READ | Source.WRITE | Source.KEEP_TRYING);
    }

    @Test
    void ready_urgentData_keepTrying() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[0]);
        pair[1].sendUrgent(1);

        poller.arm(source, Source.READ, false);
        int seen = 0;
        while ((seen & Source.READ) == 0) {
            poller.poll(LONG_NANOS);
            seen |= source.takeSeen();
        }

        assertThat(seen & Source.KEEP_TRYING).isEqualTo(Source.KEEP_TRYING);
    }

    @Test
    void ready_reset_bothDirections() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[0]);
        pair[1].setOption(StandardSocketOptions.SO_LINGER, 0);
        bench.close(pair[1]);
        bench.await(pair[0], Source.READ);

        poller.arm(source, Source.READ, false);
        poller.poll(LONG_NANOS);

        assertThat(source.takeSeen()).isEqualTo(Source.READ | Source.WRITE | Source.KEEP_TRYING);
    }

    @Test
    void close_whileOthersWakeIt_noStrangerIsWrittenTo() throws Exception {
        for (int round = 0; round < 50; round++) {
            EpollPoller victim = EpollPoller.open();
            Thread waker =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < 500; i++) {
                                            victim.wakeup();
                                        }
                                    });

            victim.close();
            int first = Epoll.eventFd();
            int second = Epoll.eventFd();
            waker.join();

            // reading an eventfd whose counter is 0 would block: EAGAIN, so nobody wrote to it
            for (int fd : new int[] {first, second}) {
                MemorySegment memory = MemorySegment.ofArray(new byte[8]);
                assertThat(Descriptors.read(fd, memory, 8)).isNegative();
                Descriptors.close(fd);
            }
        }
    }
}
