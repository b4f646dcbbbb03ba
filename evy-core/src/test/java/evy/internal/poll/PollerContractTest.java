package evy.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What every backend's poller does. */
@ParameterizedClass
@MethodSource("evy.internal.poll.SocketBench#backends")
@Timeout(30)
class PollerContractTest {
    private static final long FOREVER = -1;
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);

    @Parameter Backend backend;

    private SocketBench bench;
    private Poller poller;

    @BeforeEach
    void open() throws IOException {
        bench = new SocketBench(backend);
        poller = backend.openPoller();
    }

    @AfterEach
    void close() throws IOException {
        poller.close();
        bench.close();
    }

    @Test
    void poll_nothingArmed_zero() throws IOException {
        assertThat(poller.poll(0)).isZero();
    }

    @Test
    void poll_timeout_neverShorter() throws IOException {
        for (long nanos : new long[] {1, 100_000, 1_000_001, 3_500_000}) {
            long start = System.nanoTime();

            assertThat(poller.poll(nanos)).isZero();

            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void wakeup_before_nextPollReturnsAtOnce() throws IOException {
        poller.wakeup();
        poller.wakeup();

        assertThat(poller.poll(FOREVER)).isZero();
    }

    @Test
    void wakeup_afterAnother_endsEachPoll() throws IOException {
        for (int i = 0; i < 1000; i++) {
            poller.wakeup();
            assertThat(poller.poll(FOREVER)).isZero();
        }
    }

    @Test
    void wakeup_fromAnyThread_endsThePoll() throws Exception {
        for (Thread.Builder builder :
                new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
            Thread thread = builder.start(poller::wakeup);

            assertThat(poller.poll(FOREVER)).isZero();
            thread.join();
        }
    }

    @Test
    void wakeup_thenOtherSourceForgotten_notLost() throws IOException {
        RecordingSource source = new RecordingSource(bench.pair()[0]);
        poller.arm(source, Source.READ, false);

        poller.wakeup();
        poller.forget(source);

        assertThat(poller.poll(FOREVER)).isZero();
    }

    @Test
    void wakeup_manyThreads_allEndInAPoll() throws Exception {
        int threads = 4;
        int rounds = 2000;
        var asked = new AtomicInteger();
        var wakers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            wakers[i] =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int round = 0; round < rounds; round++) {
                                            asked.incrementAndGet();
                                            poller.wakeup();
                                        }
                                    });
        }

        // a lost wake-up leaves this loop in its last poll
        while (asked.get() < threads * rounds) {
            poller.poll(FOREVER);
        }

        for (Thread waker : wakers) {
            waker.join();
        }
    }

    @Test
    void arm_readable_reported() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);
        poller.arm(source, Source.READ, false);
        poller.poll(0);
        source.takeSeen();

        pair[0].write(new byte[1], 0, 1);

        assertThat(poller.poll(LONG_NANOS)).isEqualTo(1);
        assertThat(source.takeSeen() & Source.READ).isEqualTo(Source.READ);
    }

    @Test
    void arm_readyBefore_reported() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);
        pair[0].write(new byte[1], 0, 1);
        bench.await(pair[1], Source.READ);

        poller.arm(source, Source.READ, false);

        assertThat(poller.poll(LONG_NANOS)).isEqualTo(1);
        assertThat(source.takeSeen() & Source.READ).isEqualTo(Source.READ);
    }

    @Test
    void arm_writable_reported() throws IOException {
        RecordingSource source = new RecordingSource(bench.pair()[0]);

        poller.arm(source, Source.WRITE, false);

        assertThat(poller.poll(LONG_NANOS)).isEqualTo(1);
        assertThat(source.takeSeen()).isEqualTo(Source.WRITE);
    }

    @Test
    void arm_bothDirections_bothReported() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);
        pair[0].write(new byte[1], 0, 1);
        bench.await(pair[1], Source.READ);

        poller.arm(source, Source.READ, false);
        poller.arm(source, Source.WRITE, false);
        poller.poll(LONG_NANOS);

        assertThat(source.takeSeen()).isEqualTo(Source.READ | Source.WRITE);
    }

    @Test
    void arm_readAllThenMoreComes_reportedAgain() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);

        for (int i = 0; i < 100; i++) {
            poller.arm(source, Source.READ, false);
            pair[0].write(new byte[1], 0, 1);
            while ((source.takeSeen() & Source.READ) == 0) {
                poller.poll(LONG_NANOS);
            }
            assertThat(bench.read(pair[1], new byte[8])).isEqualTo(1);
        }
    }

    @Test
    void arm_retriggerUnread_reportedAgain() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);
        pair[0].write(new byte[1], 0, 1);
        bench.await(pair[1], Source.READ);
        poller.arm(source, Source.READ, false);
        poller.poll(LONG_NANOS);
        source.takeSeen();

        poller.arm(source, Source.READ, true);

        assertThat(poller.poll(LONG_NANOS)).isEqualTo(1);
        assertThat(source.takeSeen() & Source.READ).isEqualTo(Source.READ);
    }

    @Test
    void arm_peerCloses_readable() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);
        poller.arm(source, Source.READ, false);
        poller.poll(0);
        source.takeSeen();

        bench.close(pair[0]);

        poller.poll(LONG_NANOS);
        assertThat(source.takeSeen() & Source.READ).isEqualTo(Source.READ);
    }

    @Test
    void arm_connecting_writableWhenConnected() throws IOException {
        NonBlockingSocket listener = bench.listen(SocketBench.LOOPBACK);
        NonBlockingSocket client = bench.open(false);
        RecordingSource source = new RecordingSource(client);
        client.connect(listener.localAddress());

        poller.arm(source, Source.WRITE, false);
        while ((source.takeSeen() & Source.WRITE) == 0) {
            poller.poll(LONG_NANOS);
        }

        assertThat(client.finishConnect()).isTrue();
    }

    @Test
    void arm_connectingButFinishedOtherwise_doesNotSpin() throws IOException {
        NonBlockingSocket listener = bench.listen(SocketBench.LOOPBACK);
        NonBlockingSocket client = bench.open(false);
        RecordingSource source = new RecordingSource(client);
        client.connect(listener.localAddress());
        poller.arm(source, Source.WRITE, false);
        bench.accept(listener);
        while (!client.finishConnect()) {
            Thread.onSpinWait();
        }
        poller.poll(LONG_NANOS);
        long start = System.nanoTime();

        poller.poll(20_000_000);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void arm_listenerWithConnection_readable() throws IOException {
        NonBlockingSocket listener = bench.listen(SocketBench.LOOPBACK);
        RecordingSource source = new RecordingSource(listener);
        poller.arm(source, Source.READ, false);

        bench.connect(listener.localAddress());

        while ((source.takeSeen() & Source.READ) == 0) {
            poller.poll(LONG_NANOS);
        }
        assertThat(bench.accept(listener)).isNotNull();
    }

    @Test
    void arm_closed_namesIt() throws IOException {
        NonBlockingSocket socket = bench.open(false);
        RecordingSource source = new RecordingSource(socket);
        bench.close(socket);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> poller.arm(source, Source.READ, false))
                .withMessageContaining("is not open");
    }

    @Test
    void forget_armed_notReported() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);
        poller.arm(source, Source.READ, false);
        poller.poll(0);
        source.takeSeen();

        poller.forget(source);
        pair[0].write(new byte[1], 0, 1);
        bench.await(pair[1], Source.READ);

        assertThat(poller.poll(0)).isZero();
        assertThat(source.reports()).isZero();
    }

    @Test
    void forget_thenArmedHereOrElsewhere_reported() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);
        pair[0].write(new byte[1], 0, 1);
        bench.await(pair[1], Source.READ);
        poller.arm(source, Source.READ, false);
        poller.forget(source);

        try (Poller other = backend.openPoller()) {
            other.arm(source, Source.READ, false);
            assertThat(other.poll(LONG_NANOS)).isEqualTo(1);
            other.forget(source);
        }
        poller.arm(source, Source.READ, false);

        assertThat(poller.poll(LONG_NANOS)).isEqualTo(1);
    }

    @Test
    void forget_neverArmed_nothing() throws IOException {
        RecordingSource source = new RecordingSource(bench.open(false));

        assertThatNoException().isThrownBy(() -> poller.forget(source));
    }

    @Test
    void forget_listenerThenClosed_portIsFree() throws IOException {
        NonBlockingSocket listener = bench.listen(SocketBench.LOOPBACK);
        RecordingSource source = new RecordingSource(listener);
        poller.arm(source, Source.READ, false);
        InetSocketAddress address = listener.localAddress();

        poller.forget(source);
        bench.close(listener);

        NonBlockingSocket next = bench.open(true);
        next.bind(address.getAddress(), address.getPort());
        next.listen(1);
        assertThat(next.localAddress()).isEqualTo(address);
    }

    @Test
    void close_sourceArmed_socketStaysOpenAndIsFree() throws IOException {
        NonBlockingSocket[] pair = bench.pair();
        RecordingSource source = new RecordingSource(pair[1]);
        poller.arm(source, Source.READ, false);

        poller.close();
        pair[0].write(new byte[1], 0, 1);

        assertThat(bench.read(pair[1], new byte[1])).isEqualTo(1);
        assertThat(source.registration).isNull();
    }

    @Test
    void close_thenUsed_saysSo() {
        poller.close();
        poller.close();

        assertThatNoException().isThrownBy(poller::wakeup);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> poller.poll(0))
                .withMessageContaining("poller is closed");
    }
}
