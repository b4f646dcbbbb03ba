package evy.behaviour;

import static evy.behaviour.NetFixtures.awaitTrue;
import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Body;
import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.NetFixtures.FullBacklog;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.hubs.Descriptor;
import evy.hubs.Hub;
import evy.hubs.HubStatistics;
import evy.hubs.Listener;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.WouldBlockException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.SocketException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Waiting for descriptors: one reader and one writer, listeners, closing, numbers used again. */
@ExtendWith(LeakCheckExtension.class)
class DescriptorTest {
    private static final long FIVE_MILLIS = TimeUnit.MILLISECONDS.toNanos(5);

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    // waiting

    @Test
    @Spec("HUB12")
    void awaitReadable_dataComes_returnsTrueAndOthersRunMeanwhile() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Descriptor descriptor = pair.server().descriptor();
                        GreenThread<Boolean> waiting =
                                Evy.spawn(() -> descriptor.awaitReadable(Waiter.FOREVER));
                        settle();

                        assertThat(waiting.isDone()).isFalse();
                        assertThat(waiting.waitsFor()).isSameAs(descriptor);
                        assertThat(statistics().readers()).isEqualTo(1);

                        pair.client().sendAll(new byte[] {1});

                        assertThat(waiting.join()).isTrue();
                        assertThat(statistics().readers()).isZero();
                    }
                });
    }

    @Test
    @Spec({"HUB12", "SOCK8"})
    void awaitReadable_timeIsOver_returnsFalseAndLeavesNothing() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        long start = System.nanoTime();

                        boolean told = pair.server().descriptor().awaitReadable(FIVE_MILLIS);

                        assertThat(told).isFalse();
                        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(FIVE_MILLIS);
                        assertThat(statistics().readers()).isZero();
                        assertThat(statistics().timers()).isZero();
                    }
                });
    }

    @Test
    @Spec("HUB12")
    void awaitReadable_timeoutOrKill_throwsItAndLeavesNothing() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Descriptor descriptor = pair.server().descriptor();
                        IOException own = new IOException("raised instead");
                        GreenThread<Boolean> waiting =
                                Evy.spawn(() -> descriptor.awaitReadable(Waiter.FOREVER));
                        settle();

                        Evy.kill(waiting, own);
                        assertThatThrownBy(waiting::join).isSameAs(own);

                        Timeout timeout = new Timeout(Duration.ofMillis(5));
                        assertThatThrownBy(() -> descriptor.awaitReadable(Waiter.FOREVER))
                                .isSameAs(timeout);
                        assertThat(statistics().readers()).isZero();
                        assertThat(statistics().timers()).isZero();
                    }
                });
    }

    @Test
    @Spec("HUB12")
    void await_inCallback_isRefusedAndLeavesNoListener() throws Exception {
        Pair pair = Evy.run(Pair::open);
        try (pair) {
            Hub hub = Hub.getDefault();
            Descriptor descriptor = pair.server().descriptor();

            assertThatThrownBy(() -> hub.call(() -> descriptor.awaitReadable(Waiter.FOREVER)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("callback must not block")
                    .hasMessageContaining("descriptor");
            assertThatThrownBy(() -> hub.call(() -> descriptor.awaitWritable(Waiter.FOREVER)))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(hub.statistics().readers()).isZero();
            assertThat(hub.statistics().writers()).isZero();
        }
    }

    // one reader, one writer

    @Test
    @Spec("HUB13")
    void recv_secondReader_getsErrorThatNamesAll_firstGoesOn() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<byte[]> first = Evy.spawn(() -> pair.server().recv(10));
                        settle();
                        GreenThread<byte[]> second = Evy.spawn(() -> pair.server().recv(10));
                        settle();

                        assertThatThrownBy(second::join)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining(first.toString())
                                .hasMessageContaining(second.toString())
                                .hasMessageContaining(pair.server().descriptor().toString())
                                .hasMessageContaining("read")
                                .hasMessageContaining("allowSharing(true)");
                        pair.client().sendAll(new byte[] {7});
                        assertThat(first.join()).containsExactly(7);
                    }
                });
    }

    @Test
    @Spec("HUB13")
    void send_secondWriter_getsErrorThatNamesAll_firstGoesOn() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        byte[] data = NetFixtures.pattern(1_000_000);
                        GreenThread<Void> first = Evy.spawn(() -> pair.client().sendAll(data));
                        settle();
                        GreenThread<Void> second = Evy.spawn(() -> pair.client().sendAll(data));
                        settle();

                        assertThatThrownBy(second::join)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining(first.toString())
                                .hasMessageContaining(second.toString())
                                .hasMessageContaining("descriptor")
                                .hasMessageContaining("write");
                        byte[] received = NetFixtures.receive(pair.server(), data.length);
                        first.join();
                        assertThat(received).isEqualTo(data);
                    }
                });
    }

    @Test
    @Spec("HUB13")
    void accept_secondAcceptor_getsError_firstGoesOn() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        GreenThread<GreenSocket> first = Evy.spawn(listener::accept);
                        settle();

                        assertThatThrownBy(listener::accept)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining(first.toString());
                        GreenSocket client = Evy.connect(listener.address());
                        GreenSocket accepted = first.join();
                        new Pair(client, accepted).close();
                    }
                });
    }

    @Test
    @Spec("HUB13")
    void recv_secondReaderOnPlatformThread_getsErrorThatNamesBoth() throws Exception {
        Pair pair = Evy.run(Pair::open);
        try (pair) {
            GreenThread<byte[]> first = Evy.spawn(() -> pair.server().recv(10));
            awaitTrue("a reader", () -> first.waitsFor() != null);

            assertThatThrownBy(() -> pair.server().recv(10))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(first.toString())
                    .hasMessageContaining("thread '" + Thread.currentThread().getName() + "'");

            pair.client().sendAll(new byte[] {7});
            assertThat(first.join()).containsExactly(7);
        }
    }

    @Test
    @Spec({"HUB13", "HUB26"})
    void oneReaderAndOneWriter_atOnce_bothGoOn() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        byte[] data = NetFixtures.pattern(500_000);
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.client().recv(10));
                        GreenThread<Void> writer = Evy.spawn(() -> pair.client().sendAll(data));
                        awaitTrue(
                                "both waiting",
                                () ->
                                        reader.waitsFor() instanceof Descriptor
                                                && writer.waitsFor() instanceof Descriptor);

                        pair.server().sendAll("hello".getBytes());

                        assertThat(reader.join()).asString().isEqualTo("hello");
                        assertThat(writer.isDone()).isFalse();
                        assertThat(NetFixtures.receive(pair.server(), data.length)).isEqualTo(data);
                        writer.join();
                    }
                });
    }

    @Test
    @Spec("HUB26")
    void kill_ofReader_leavesWriterWaitingAndViceVersa() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        byte[] data = NetFixtures.pattern(500_000);
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.client().recv(10));
                        GreenThread<Void> writer = Evy.spawn(() -> pair.client().sendAll(data));
                        settle();

                        reader.kill();

                        assertThat(statistics().readers()).isZero();
                        assertThat(statistics().writers()).isEqualTo(1);
                        byte[] received = NetFixtures.receive(pair.server(), data.length);
                        writer.join();
                        assertThat(received).isEqualTo(data);

                        GreenThread<byte[]> reader2 = Evy.spawn(() -> pair.client().recv(10));
                        GreenThread<Void> writer2 = Evy.spawn(() -> pair.client().sendAll(data));
                        settle();

                        writer2.kill();

                        assertThat(statistics().readers()).isEqualTo(1);
                        pair.server().sendAll("still".getBytes());
                        assertThat(reader2.join()).asString().isEqualTo("still");
                    }
                });
    }

    // sharing

    @Test
    @Spec("HUB14")
    void allowSharing_severalReaders_shareTheData() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.server().descriptor().allowSharing(true);
                        List<GreenThread<byte[]>> readers = readers(pair, 3);

                        for (int i = 0; i < 3; i++) {
                            pair.client().sendAll(new byte[] {(byte) i});
                            int ended = i + 1;
                            awaitTrue(
                                    "another reader's end",
                                    () ->
                                            readers.stream().filter(GreenThread::isDone).count()
                                                    == ended);
                        }

                        List<Byte> all = new ArrayList<>();
                        for (GreenThread<byte[]> reader : readers) {
                            assertThat(reader.join()).hasSize(1);
                            all.add(reader.join()[0]);
                        }
                        assertThat(all).containsExactlyInAnyOrder((byte) 0, (byte) 1, (byte) 2);
                    }
                });
    }

    private static List<GreenThread<byte[]>> readers(Pair pair, int number) {
        List<GreenThread<byte[]>> readers = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            readers.add(Evy.spawn(() -> pair.server().recv(1)));
        }
        settle();
        return readers;
    }

    @Test
    @Spec("HUB14")
    void allowSharingForAll_holdsForDescriptorsMadeFromThenOn() throws Exception {
        Evy.run(
                () -> {
                    Pair shared;
                    Descriptor.allowSharingForAll(true);
                    try {
                        shared = Pair.open();
                    } finally {
                        Descriptor.allowSharingForAll(false);
                    }
                    try (shared;
                            Pair unshared = Pair.open()) {
                        List<GreenThread<byte[]>> readers = readers(shared, 2);
                        List<GreenThread<byte[]>> rivals = readers(unshared, 2);

                        shared.client().sendAll(new byte[] {1});
                        shared.client().sendAll(new byte[] {2});
                        readers.getFirst().join();
                        readers.getLast().join();
                        assertThatThrownBy(rivals.getLast()::join)
                                .isInstanceOf(IllegalStateException.class);
                        rivals.getFirst().kill();
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0"})
    @Spec("HUB14")
    void kill_ofPrimaryOrSecondaryReader_leavesTheOtherWorking(int killed, int left)
            throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.server().descriptor().allowSharing(true);
                        List<GreenThread<byte[]>> readers = readers(pair, 2);

                        readers.get(killed).kill();
                        pair.client().sendAll(new byte[] {5});

                        assertThat(readers.get(left).join()).containsExactly(5);
                        assertThat(readers.get(killed).isCancelled()).isTrue();
                        assertThat(statistics().readers()).isZero();
                    }
                });
    }

    @Test
    @Spec("HUB14")
    void allowSharing_takenBack_refusesTheNext() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Descriptor descriptor = pair.server().descriptor();
                        descriptor.allowSharing(true);
                        List<GreenThread<byte[]>> readers = readers(pair, 2);

                        descriptor.allowSharing(false);

                        assertThatThrownBy(() -> pair.server().recv(1))
                                .isInstanceOf(IllegalStateException.class);
                        readers.forEach(GreenThread::kill);
                        assertThat(statistics().readers()).isZero();
                    }
                });
    }

    // listeners

    @Test
    @Spec({"HUB25", "HUB26"})
    void onReadableAndOnWritable_bothReady_bothAreCalled() throws Exception {
        onHubOfItsOwn(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Descriptor descriptor = pair.server().descriptor();
                        AtomicInteger readable = new AtomicInteger();
                        AtomicInteger writable = new AtomicInteger();
                        pair.client().sendAll(new byte[] {1});

                        Listener reader = descriptor.onReadable(readable::incrementAndGet);
                        Listener writer = descriptor.onWritable(writable::incrementAndGet);
                        awaitTrue("both", () -> readable.get() > 0 && writable.get() > 0);

                        assertThat(reader.isReading()).isTrue();
                        assertThat(writer.isReading()).isFalse();
                        assertThat(reader.descriptor()).isSameAs(descriptor);
                        reader.cancel();
                        writer.cancel();
                        assertThat(statistics().readers()).isZero();
                        assertThat(statistics().writers()).isZero();
                    }
                });
    }

    @Test
    @Spec("HUB25")
    void cancel_ofListenerDueInTheSameTurn_preventsItsCall() throws Exception {
        onHubOfItsOwn(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Descriptor descriptor = pair.server().descriptor();
                        descriptor.allowSharing(true);
                        List<String> called = new CopyOnWriteArrayList<>();
                        Listener[] listeners = new Listener[2];
                        listeners[0] =
                                descriptor.onReadable(
                                        () -> {
                                            called.add("first");
                                            listeners[1].cancel();
                                        });
                        listeners[1] = descriptor.onReadable(() -> called.add("second"));

                        pair.client().sendAll(new byte[] {1});
                        awaitTrue("a call", () -> !called.isEmpty());
                        settle();

                        assertThat(called).containsOnly("first");
                        listeners[0].cancel();
                        assertThat(statistics().readers()).isZero();
                    }
                });
    }

    @Test
    @Spec("HUB25")
    void cancel_ofListenerBetweenOthers_keepsTheCountRight() throws Exception {
        onHubOfItsOwn(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Descriptor descriptor = pair.server().descriptor();
                        descriptor.allowSharing(true);
                        Listener[] listeners = new Listener[2];
                        listeners[0] = descriptor.onReadable(() -> listeners[1].cancel());
                        listeners[1] = descriptor.onReadable(() -> {});
                        GreenThread<Boolean> waiting =
                                Evy.spawn(() -> descriptor.awaitReadable(Waiter.FOREVER));
                        settle();
                        assertThat(statistics().readers()).isEqualTo(3);

                        pair.client().sendAll(new byte[] {1});

                        assertThat(waiting.join()).isTrue();
                        assertThat(statistics().readers()).as("only the first is left").isOne();
                        listeners[0].cancel();
                        assertThat(statistics().readers()).isZero();
                    }
                });
    }

    @Test
    @Spec("HUB25")
    void listenerCallback_thatCloses_tellsEachOtherOnce() throws Exception {
        onHubOfItsOwn(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Descriptor descriptor = pair.server().descriptor();
                        descriptor.allowSharing(true);
                        Listener closer = descriptor.onReadable(() -> closeQuietly(pair.server()));
                        GreenThread<Boolean> waiting =
                                Evy.spawn(() -> descriptor.awaitReadable(Waiter.FOREVER));
                        settle();

                        pair.client().sendAll(new byte[] {1});

                        assertThatThrownBy(waiting::join)
                                .isInstanceOf(SocketException.class)
                                .hasMessage("Socket closed");
                        closer.cancel();
                        assertThat(statistics().readers()).isZero();
                    }
                });
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Spec("HUB15")
    void close_withListeners_callsThemAndRemovesThem() throws Exception {
        onHubOfItsOwn(
                () -> {
                    try (Pair pair = Pair.open()) {
                        Descriptor descriptor = pair.server().descriptor();
                        List<String> called = new CopyOnWriteArrayList<>();
                        Listener reader = descriptor.onReadable(() -> called.add("reader"));

                        descriptor.close();
                        settle();

                        assertThat(called).containsExactly("reader");
                        assertThat(statistics().readers()).as("removed by the close").isZero();
                        reader.cancel();
                        assertThat(statistics().readers()).isZero();
                        assertThatThrownBy(() -> descriptor.onReadable(() -> {}))
                                .isInstanceOf(SocketException.class)
                                .hasMessage("Socket closed");
                        assertThatThrownBy(() -> descriptor.awaitWritable(FIVE_MILLIS))
                                .isInstanceOf(SocketException.class);
                    }
                });
    }

    // closing

    /** Who closes. */
    enum Closer {
        SAME_HUB,
        CALLBACK,
        OTHER_HUB,
        CALLBACK_OF_OTHER_HUB,
        PLATFORM_THREAD;

        void close(Hub other, Closeable closeable) throws Exception {
            switch (this) {
                case SAME_HUB -> closeable.close();
                case CALLBACK -> Hub.current().execute(() -> closeQuietly(closeable));
                case OTHER_HUB -> Evy.spawn(other, closeable::close).join();
                case CALLBACK_OF_OTHER_HUB -> other.execute(() -> closeQuietly(closeable));
                case PLATFORM_THREAD -> {
                    try (Platform<Void> thread =
                            Platform.start(
                                    () -> {
                                        closeable.close();
                                        return null;
                                    })) {
                        awaitTrue("the close", thread::isDone);
                    }
                }
            }
        }
    }

    private static void assertCloseWakes(Closer closer, Closeable socket, Callable<?> blocking)
            throws Exception {
        try (Hub other = closer.name().contains("OTHER") ? Hub.open() : null) {
            Evy.run(
                    () -> {
                        GreenThread<?> blocked = Evy.spawn(blocking);
                        awaitTrue("its wait", () -> blocked.waitsFor() instanceof Descriptor);

                        closer.close(other, socket);

                        assertThatThrownBy(blocked::join)
                                .isInstanceOf(SocketException.class)
                                .hasMessage("Socket closed");
                        assertThat(statistics().readers()).isZero();
                        assertThat(statistics().writers()).isZero();
                        assertThatThrownBy(blocking::call).isInstanceOf(SocketException.class);
                        assertThatCode(socket::close).doesNotThrowAnyException();
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"HUB16", "HUB17", "HUB18", "TEST4"})
    void close_whileReading_wakesTheReader(Closer closer) throws Exception {
        Pair pair = Evy.run(Pair::open);
        try (pair) {
            assertCloseWakes(closer, pair.server(), () -> pair.server().recv(10));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"HUB16", "HUB17", "HUB18"})
    void close_whileWriting_wakesTheWriter(Closer closer) throws Exception {
        Pair pair = Evy.run(() -> Pair.withBuffers(4_096));
        try (pair) {
            assertCloseWakes(
                    closer,
                    pair.client(),
                    () -> {
                        pair.client().sendAll(new byte[1_000_000]);
                        return null;
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"HUB16", "HUB17", "HUB18", "TEST4"})
    void close_whileAccepting_wakesTheAcceptor(Closer closer) throws Exception {
        GreenServerSocket listener = Evy.run(NetFixtures::listen);
        try (listener) {
            assertCloseWakes(closer, listener, listener::accept);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"HUB16", "HUB17", "HUB18"})
    void close_whileConnecting_wakesTheConnecter(Closer closer) throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            GreenSocket socket = Evy.run(() -> new GreenSocket());
            assertCloseWakes(
                    closer,
                    socket,
                    () -> {
                        socket.connect(full.address());
                        return null;
                    });
        }
    }

    @Test
    @Spec("HUB17")
    void close_readerAndWriterOnPlatformThreads_wakesBoth() throws Exception {
        Pair pair = Evy.run(() -> Pair.withBuffers(4_096));
        try (pair;
                Platform<byte[]> reader = Platform.start(() -> pair.client().recv(10));
                Platform<Void> writer =
                        Platform.start(
                                () -> {
                                    pair.client().sendAll(new byte[1_000_000]);
                                    return null;
                                })) {
            Hub hub = Hub.getDefault();
            awaitTrue(
                    "both waiting",
                    () -> hub.statistics().readers() == 1 && hub.statistics().writers() == 1);

            pair.client().close();

            assertThatThrownBy(reader::get).hasMessage("Socket closed");
            assertThatThrownBy(writer::get).hasMessage("Socket closed");
        }
    }

    @Test
    @Spec("HUB18")
    void connectEx_closedMeanwhile_returnsBadDescriptor() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            Evy.run(
                    () -> {
                        GreenSocket socket = new GreenSocket();
                        GreenThread<Integer> connecting =
                                Evy.spawn(() -> socket.connectEx(full.address()));
                        awaitTrue("its wait", () -> connecting.waitsFor() instanceof Descriptor);

                        socket.close();

                        assertThat(connecting.join()).isEqualTo(9);
                        assertThat(socket.connectEx(full.address())).isEqualTo(9);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec("HUB18")
    void close_twice_doesNotCloseAnotherWithTheSameNumber(boolean blocking) throws Exception {
        Evy.run(
                () -> {
                    GreenServerSocket old = NetFixtures.listen();
                    String number = old.descriptor().toString();
                    GreenThread<GreenSocket> acceptor = Evy.spawn(old::accept);
                    settle();
                    old.close();
                    assertThatThrownBy(acceptor::join).hasMessage("Socket closed");

                    List<GreenServerSocket> young = new ArrayList<>();
                    boolean again = false;
                    for (int i = 0; i < 20 && !again; i++) {
                        GreenServerSocket listener = NetFixtures.listen();
                        young.add(listener);
                        again = listener.descriptor().toString().equals(number);
                    }
                    old.close();
                    old.descriptor().close();

                    if (NetFixtures.isEpoll()) {
                        assertThat(again).as("number used again").isTrue();
                    }
                    for (GreenServerSocket listener : young) {
                        listener.setTimeout(blocking ? null : Duration.ZERO);
                        GreenSocket client = Evy.connect(listener.address());
                        Pair pair = new Pair(client, acceptPolling(listener));
                        pair.client().sendAll(new byte[] {1});
                        assertThat(pair.server().recv(1)).containsExactly(1);
                        pair.close();
                        listener.close();
                    }
                });
    }

    private static GreenSocket acceptPolling(GreenServerSocket listener) throws IOException {
        for (int i = 0; ; i++) {
            try {
                return listener.accept();
            } catch (WouldBlockException notYet) {
                assertThat(i).isLessThan(10_000);
                Evy.sleep(Duration.ofMillis(1));
            }
        }
    }

    @Test
    @Spec("HUB16")
    void announcedNumber_thatSomebodyStillWaitsOn_wakesTheStaleWaiters() throws Exception {
        assumeTrue(
                Hub.getDefault().kind().equals("epoll"),
                "channels have no numbers that could be used again behind their back");
        Evy.run(
                () -> {
                    int[] old = RawSockets.pair();
                    Descriptor stale = Descriptor.of(old[0], () -> {});
                    stale.allowSharing(true);
                    GreenThread<Boolean> primary =
                            Evy.spawn(() -> stale.awaitReadable(Waiter.FOREVER));
                    GreenThread<Boolean> secondary =
                            Evy.spawn(() -> stale.awaitReadable(Waiter.FOREVER));
                    GreenThread<Boolean> dead =
                            Evy.spawn(() -> stale.awaitReadable(Waiter.FOREVER));
                    settle();
                    dead.kill();

                    RawSockets.close(old[0]); // nobody is told
                    int[] young = RawSockets.pair();
                    assertThat(young).contains(old[0]);
                    Descriptor descriptor = Descriptor.of(old[0], () -> {});
                    GreenThread<Boolean> owner =
                            Evy.spawn(() -> descriptor.awaitReadable(Waiter.FOREVER));
                    settle();

                    for (GreenThread<Boolean> waiter : List.of(primary, secondary)) {
                        assertThatThrownBy(waiter::join)
                                .isInstanceOf(SocketException.class)
                                .hasMessage("Socket closed");
                    }
                    assertThat(owner.isDone()).isFalse();
                    assertThatThrownBy(() -> stale.awaitReadable(FIVE_MILLIS))
                            .isInstanceOf(SocketException.class);
                    stale.close();
                    RawSockets.write(young[0] == old[0] ? young[1] : young[0]);
                    assertThat(owner.join()).isTrue();

                    descriptor.close();
                    RawSockets.close(old[1]);
                    RawSockets.close(young[0]);
                    RawSockets.close(young[1]);
                });
    }

    // bad descriptors

    @Test
    @Spec("HUB19")
    void of_negativeNumber_throwsEachTimeAndHubStaysHealthy() throws Exception {
        Evy.run(
                () -> {
                    for (int i = 0; i < 3; i++) {
                        assertThatThrownBy(() -> Descriptor.of(-1, () -> {}))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("-1");
                    }
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll(new byte[] {1});
                        assertThat(pair.server().recv(1)).containsExactly(1);
                    }
                });
    }

    @Test
    @Spec("HUB19")
    void awaitReadable_numberOrChannelClosedByOthers_throwsInTheWaiterOnly() throws Exception {
        Evy.run(
                () -> {
                    Descriptor bad = closedBehindOurBack();
                    try (Pair pair = Pair.open()) {
                        GreenThread<byte[]> innocent = Evy.spawn(() -> pair.server().recv(1));
                        settle();

                        for (int i = 0; i < 3; i++) {
                            assertThatThrownBy(() -> bad.awaitReadable(Waiter.FOREVER))
                                    .isInstanceOf(IOException.class)
                                    .hasMessageContaining("is not open");
                        }

                        assertThat(statistics().readers()).isEqualTo(1);
                        pair.client().sendAll(new byte[] {1});
                        assertThat(innocent.join()).containsExactly(1);
                    }
                });
    }

    private static Descriptor closedBehindOurBack() throws IOException {
        if (NetFixtures.isEpoll()) {
            // far above the numbers in use, so that nobody gets it meanwhile
            return Descriptor.of(1_000_000, () -> {});
        }
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.close();
        return Descriptor.of(channel, channel::close);
    }

    @Test
    @Spec("HUB19")
    void of_wrongSortForTheHub_saysSo() throws Exception {
        Evy.run(
                () -> {
                    if (NetFixtures.isEpoll()) {
                        SelectableChannel channel = SocketChannel.open();
                        try (channel) {
                            assertThatThrownBy(() -> Descriptor.of(channel, channel::close))
                                    .isInstanceOf(UnsupportedOperationException.class)
                                    .hasMessageContaining(Hub.current().toString())
                                    .hasMessageContaining("epoll");
                        }
                    } else {
                        assertThatThrownBy(() -> Descriptor.of(12, () -> {}))
                                .isInstanceOf(UnsupportedOperationException.class)
                                .hasMessageContaining("nio")
                                .hasMessageContaining("12");
                    }
                });
    }

    @Test
    @Spec({"HUB16", "HUB17"})
    void sockets_openedAndClosedUnderWaiters_neverGetTheOthersEvents() throws Exception {
        Evy.run(
                () -> {
                    for (int round = 0; round < 30; round++) {
                        Pair old = Pair.open();
                        GreenThread<byte[]> stale = Evy.spawn(() -> old.server().recv(10));
                        settle();
                        old.server().close();
                        try (Pair young = Pair.open()) {
                            GreenThread<byte[]> reader = Evy.spawn(() -> young.server().recv(10));
                            young.client().sendAll(new byte[] {(byte) round});

                            assertThat(reader.join()).containsExactly(round);
                            assertThatThrownBy(stale::join).hasMessage("Socket closed");
                        }
                        old.close();
                    }
                    assertThat(statistics().readers()).isZero();
                });
    }

    private static void onHubOfItsOwn(Body<Exception> body) throws Exception {
        try (Hub hub = Hub.open()) {
            Evy.spawn(hub, body).join();
        }
    }

    private static HubStatistics statistics() {
        return Hub.current().statistics();
    }

    /** Descriptors that are opened and closed behind the library's back. */
    private static final class RawSockets {
        private static final int AF_UNIX = 1;
        private static final int STREAM_NONBLOCK = 1 | 0x800;
        private static final Linker LINKER = Linker.nativeLinker();
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        private static final MethodHandle SOCKETPAIR =
                find("socketpair", FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS));
        private static final MethodHandle CLOSE = find("close", FunctionDescriptor.of(INT, INT));
        private static final MethodHandle WRITE =
                find(
                        "write",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG));

        private static MethodHandle find(String name, FunctionDescriptor type) {
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
        }

        static int[] pair() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment pair = arena.allocate(INT, 2);
                int result = (int) SOCKETPAIR.invokeExact(AF_UNIX, STREAM_NONBLOCK, 0, pair);
                assertThat(result).isZero();
                return pair.toArray(INT);
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        }

        static void close(int fd) {
            try {
                int result = (int) CLOSE.invokeExact(fd);
                assertThat(result).isZero();
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        }

        static void write(int fd) {
            try (Arena arena = Arena.ofConfined()) {
                long n = (long) WRITE.invokeExact(fd, arena.allocate(1), 1L);
                assertThat(n).isEqualTo(1);
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        }
    }
}
