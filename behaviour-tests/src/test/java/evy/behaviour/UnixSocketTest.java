package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.behaviour.NetFixtures.Platform;
import evy.io.AbstractUnixAddress;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.ListenOptions;
import evy.io.SocketPair;
import evy.io.WouldBlockException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Unix-domain sockets: through the calls for TCP, with another kind of address. */
@ExtendWith(LeakCheckExtension.class)
class UnixSocketTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir private Path directory;

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
        SocketChannel.open(StandardProtocolFamily.UNIX).close();
    }

    private UnixDomainSocketAddress path() {
        return UnixDomainSocketAddress.of(directory.resolve("s" + NAMES.incrementAndGet()));
    }

    private static AbstractUnixAddress abstractName() {
        return AbstractUnixAddress.of(
                "evy-test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet());
    }

    // connecting, listening, naming

    @Test
    @Spec("CONV4")
    void connect_toPath_talksBothWays() throws Exception {
        UnixDomainSocketAddress address = path();
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(address);
                            GreenSocket client = Evy.connect(address);
                            GreenSocket server = listener.accept()) {
                        client.sendAll(HELLO);
                        assertThat(NetFixtures.receive(server, 5)).isEqualTo(HELLO);
                        server.getOutputStream().write("world\n".getBytes(StandardCharsets.UTF_8));
                        assertThat(
                                        new BufferedReader(
                                                        new InputStreamReader(
                                                                client.getInputStream(),
                                                                StandardCharsets.UTF_8))
                                                .readLine())
                                .isEqualTo("world");
                        server.shutdownOutput();
                        assertThat(client.recv(1)).isEmpty();
                    }
                });
    }

    @Test
    @Spec("CONV4")
    void addresses_areTheUnixOnes() throws Exception {
        UnixDomainSocketAddress address = path();
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(address);
                            GreenSocket client = Evy.connect(address);
                            GreenSocket server = listener.accept()) {
                        UnixDomainSocketAddress unnamed = UnixDomainSocketAddress.of("");
                        assertThat(listener.address()).isEqualTo(address);
                        assertThat(client.getRemoteSocketAddress()).isEqualTo(address);
                        assertThat(client.getLocalSocketAddress()).isEqualTo(unnamed);
                        assertThat(server.getLocalSocketAddress()).isEqualTo(address);
                        assertThat(server.getRemoteSocketAddress()).isEqualTo(unnamed);
                        assertThat(server.getInetAddress().isLoopbackAddress()).isTrue();
                        assertThat(client.getLocalAddress().isLoopbackAddress()).isTrue();
                        assertThat(client.getPort()).isZero();
                        assertThat(client.isConnected()).isTrue();
                        assertThat(server.isBound()).isTrue();
                        assertThat(client.toString()).contains(address.toString());
                        assertThat(listener.toString()).contains(address.toString());
                    }
                });
    }

    @Test
    @Spec({"CONV4", "CONV5"})
    void connect_fromLocalPath_namesTheClient() throws Exception {
        UnixDomainSocketAddress address = path();
        UnixDomainSocketAddress from = path();
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(address);
                            GreenSocket client = Evy.connect(address, NetFixtures.LONG, from);
                            GreenSocket server = listener.accept()) {
                        assertThat(client.getLocalSocketAddress()).isEqualTo(from);
                        assertThat(server.getRemoteSocketAddress()).isEqualTo(from);
                    }
                });
    }

    @Test
    @Spec("CONV4")
    void plainObjects_bindAndConnectToPaths_alsoAfterOptionsWereSet() throws Exception {
        UnixDomainSocketAddress address = path();
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = new GreenServerSocket();
                            GreenSocket client = new GreenSocket()) {
                        listener.setReuseAddress(true);
                        listener.bind(address);
                        client.setSoTimeout(7000);
                        client.connect(address);
                        try (GreenSocket server = listener.accept()) {
                            client.sendAll(HELLO);

                            assertThat(server.recv(10)).isEqualTo(HELLO);
                            assertThat(client.getSoTimeout()).isEqualTo(7000);
                        }
                    }
                });
    }

    @Test
    @Spec("CONV4")
    void socket_ofOneFamily_refusesTheOther() throws Exception {
        UnixDomainSocketAddress address = path();
        InetSocketAddress internet = new InetSocketAddress(NetFixtures.loopback(), 0);
        Evy.run(
                () -> {
                    try (GreenSocket bound = new GreenSocket()) {
                        bound.bind(internet);
                        assertThatThrownBy(() -> bound.connect(address))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining(address.toString());
                    }
                    try (GreenSocket bound = new GreenSocket()) {
                        bound.bind(path());
                        assertThatThrownBy(() -> bound.connect(NetFixtures.refusing()))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("Unix address");
                    }
                });
    }

    @Test
    @Spec("CONV4")
    void listen_onStaleFile_isRefusedUntilItIsDeleted() throws Exception {
        UnixDomainSocketAddress address = path();
        Evy.run(
                () -> {
                    Evy.listen(address).close();
                    assertThat(address.getPath()).exists();

                    assertThatThrownBy(() -> Evy.connect(address))
                            .isInstanceOf(ConnectException.class)
                            .hasMessageContaining("refused");
                    assertThatThrownBy(() -> Evy.listen(address))
                            .isInstanceOf(BindException.class)
                            .hasMessageContaining("already in use");

                    Files.delete(address.getPath());
                    Evy.listen(address).close();
                });
    }

    @Test
    @Spec("CONV4")
    void connect_toMissingPath_isAnErrorAndLeavesNothingOpen() throws Exception {
        UnixDomainSocketAddress address = path();
        Evy.run(
                () -> {
                    assertThatThrownBy(() -> Evy.connect(address))
                            .isInstanceOf(SocketException.class)
                            .hasMessageContaining("No such file or directory");
                    try (GreenSocket socket = new GreenSocket()) {
                        assertThat(socket.connectEx(address)).isPositive();
                    }
                });
    }

    @Test
    @Spec("CONV4")
    void listen_sharedUnixAddress_isRefusedByName() {
        UnixDomainSocketAddress address = path();

        assertThatThrownBy(() -> Evy.listen(address, ListenOptions.DEFAULT.withReusePort()).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(address.toString());
    }

    @Test
    @Spec("CONV4")
    void serve_onPath_handlesEachConnection() throws Exception {
        UnixDomainSocketAddress address = path();
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(address)) {
                        GreenThread<Object> server =
                                Evy.spawn(
                                        () -> {
                                            Evy.serve(
                                                    listener,
                                                    c ->
                                                            c.getInputStream()
                                                                    .transferTo(
                                                                            c.getOutputStream()));
                                            return null;
                                        });
                        for (int i = 0; i < 20; i++) {
                            try (GreenSocket client = Evy.connect(address)) {
                                client.sendAll(new byte[] {(byte) i});
                                assertThat(client.recv(9)).containsExactly(i);
                            }
                        }
                        Evy.kill(server);
                    }
                });
    }

    // names

    @Test
    @Spec("SOCK33")
    void abstractName_isListenedAndConnectedTo() throws Exception {
        AbstractUnixAddress address = abstractName();
        Evy.run(
                () -> {
                    if (!NetFixtures.isEpoll()) {
                        refusesAbstract(address);
                        return;
                    }
                    try (GreenServerSocket listener = Evy.listen(address);
                            GreenSocket client = Evy.connect(address);
                            GreenSocket server = listener.accept()) {
                        client.sendAll(HELLO);

                        assertThat(server.recv(10)).isEqualTo(HELLO);
                        assertThat(listener.getLocalSocketAddress()).isEqualTo(address);
                        assertThat(client.getRemoteSocketAddress()).isEqualTo(address);
                        assertThat(server.getLocalSocketAddress()).isEqualTo(address);
                        assertThatThrownBy(() -> Evy.listen(address))
                                .isInstanceOf(BindException.class)
                                .hasMessageContaining(address.toString());
                    }
                    Evy.listen(address).close(); // the name ended with its socket
                });
    }

    private static void refusesAbstract(AbstractUnixAddress address) {
        assertThatThrownBy(() -> Evy.listen(address))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(address.toString());
        assertThatThrownBy(() -> Evy.connect(address))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("use a path");
    }

    @Test
    @Spec("SOCK33")
    void abstractName_upTo108Bytes_longerIsAnErrorThatNamesIt() throws Exception {
        String longest = "x".repeat(107);
        String tooLong = "y".repeat(108);

        assertThat(AbstractUnixAddress.of(longest).name()).isEqualTo(longest);
        assertThat(AbstractUnixAddress.of("\0" + longest))
                .isEqualTo(AbstractUnixAddress.of(longest));
        assertThat(AbstractUnixAddress.of("@name"))
                .isEqualTo(AbstractUnixAddress.of("name"))
                .hasSameHashCodeAs(AbstractUnixAddress.of("name"))
                .hasToString("@name");
        assertThatThrownBy(() -> AbstractUnixAddress.of(tooLong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(tooLong)
                .hasMessageContaining("109");
        assertThatThrownBy(() -> AbstractUnixAddress.of("@"))
                .isInstanceOf(IllegalArgumentException.class);
        Evy.run(
                () -> {
                    AbstractUnixAddress address = AbstractUnixAddress.of(longest);
                    if (!NetFixtures.isEpoll()) {
                        refusesAbstract(address);
                        return;
                    }
                    try (GreenServerSocket listener = Evy.listen(address);
                            GreenSocket client = Evy.connect(address);
                            GreenSocket server = listener.accept()) {
                        assertThat(server.getLocalSocketAddress()).isEqualTo(address);
                        assertThat(client.getRemoteSocketAddress()).isEqualTo(address);
                    }
                });
    }

    @Test
    @Spec("SOCK33")
    void path_tooLong_isAnErrorThatNamesIt() throws Exception {
        UnixDomainSocketAddress address =
                UnixDomainSocketAddress.of(directory.resolve("z".repeat(108)));
        Evy.run(
                () -> {
                    assertThatThrownBy(() -> Evy.listen(address))
                            .isInstanceOf(SocketException.class)
                            .hasMessageContaining("too long")
                            .hasMessageContaining(address.toString());
                    assertThatThrownBy(() -> Evy.connect(address))
                            .isInstanceOf(SocketException.class)
                            .hasMessageContaining(address.toString());
                });
    }

    @Test
    @Spec("CONV4")
    void listen_onNoName_isRefused() throws Exception {
        Evy.run(
                () ->
                        assertThatThrownBy(() -> Evy.listen(UnixDomainSocketAddress.of("")))
                                .isInstanceOf(BindException.class)
                                .hasMessageContaining("unnamed"));
    }

    // pairs

    @Test
    @Spec("SOCK32")
    void pair_isConnectedBothWays() throws Exception {
        Evy.run(
                () -> {
                    try (SocketPair pair = SocketPair.open()) {
                        pair.first().sendAll(HELLO);
                        assertThat(pair.second().recv(10)).isEqualTo(HELLO);
                        pair.second().sendAll(HELLO);
                        assertThat(pair.first().recv(10)).isEqualTo(HELLO);
                        assertThat(pair.first().isConnected()).isTrue();
                        assertThat(pair.first().toString()).startsWith("Socket[unix");
                        pair.first().close();
                        assertThat(pair.second().recv(1)).isEmpty();
                    }
                });
    }

    @Test
    @Spec("SOCK32")
    void pair_fromPlatformThread_waitsGreen() throws Exception {
        byte[] data = NetFixtures.pattern(2_000_000);
        try (SocketPair pair = SocketPair.open();
                Platform<byte[]> reader =
                        Platform.start(() -> NetFixtures.receive(pair.second(), data.length))) {
            Evy.run(() -> pair.first().sendAll(data));

            assertThat(reader.get()).isEqualTo(data);
        }
    }

    // options

    @Test
    @Spec("CONV4")
    void options_hintsToTheNetworkAreIgnored_othersOfTcpAreRefused() throws Exception {
        Evy.run(
                () -> {
                    try (SocketPair pair = SocketPair.open()) {
                        GreenSocket socket = pair.first();
                        socket.setSendBufferSize(50_000);
                        socket.setReceiveBufferSize(60_000);

                        assertThat(socket.getSendBufferSize()).isGreaterThanOrEqualTo(50_000);
                        assertThat(socket.getReceiveBufferSize()).isGreaterThanOrEqualTo(60_000);
                        assertThat(socket.supportedOptions())
                                .containsExactlyInAnyOrder(
                                        StandardSocketOptions.SO_SNDBUF,
                                        StandardSocketOptions.SO_RCVBUF,
                                        StandardSocketOptions.SO_LINGER);
                        // what HTTP clients and database drivers do to any socket
                        socket.setTcpNoDelay(false);
                        socket.setKeepAlive(true);
                        socket.setTrafficClass(8);
                        assertThat(socket.getTcpNoDelay()).isTrue();
                        assertThat(socket.getKeepAlive()).isFalse();
                        assertThat(socket.getTrafficClass()).isZero();
                        assertThatThrownBy(() -> socket.setOOBInline(true))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("OOBINLINE")
                                .hasMessageContaining("Unix");
                        assertThatThrownBy(socket::getReuseAddress)
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(
                                        () ->
                                                socket.setOption(
                                                        StandardSocketOptions.TCP_NODELAY, true))
                                .isInstanceOf(UnsupportedOperationException.class)
                                .hasMessageContaining("TCP_NODELAY");
                        assertThatThrownBy(() -> socket.sendUrgentData(1))
                                .isInstanceOf(SocketException.class);
                    }
                });
    }

    // waits and their ends

    @Test
    @Spec({"SOCK7", "SOCK8"})
    void recv_timesOut_andTheSocketStaysUsable() throws Exception {
        Evy.run(
                () -> {
                    try (SocketPair pair = SocketPair.open()) {
                        pair.first().setTimeout(Duration.ofMillis(10));
                        assertThatThrownBy(() -> pair.first().recv(1))
                                .isInstanceOf(SocketTimeoutException.class)
                                .hasMessageContaining("timed out");
                        assertThat(
                                        Timeout.<Object, IOException>call(
                                                Duration.ofMillis(10),
                                                () -> pair.second().recv(1),
                                                "late"))
                                .isEqualTo("late");
                        GreenThread<byte[]> killed = Evy.spawn(() -> pair.second().recv(1));
                        NetFixtures.settle();
                        Evy.kill(killed);
                        assertThatThrownBy(killed::join).isInstanceOf(GreenThreadExit.class);

                        pair.first().sendAll(HELLO);
                        assertThat(pair.second().recv(5)).isEqualTo(HELLO);
                    }
                });
    }

    @Test
    @Spec({"SOCK7", "SOCK8"})
    void accept_timesOut_andGoesOn() throws Exception {
        UnixDomainSocketAddress address = path();
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(address)) {
                        listener.setTimeout(Duration.ofMillis(10));
                        assertThatThrownBy(listener::accept)
                                .isInstanceOf(SocketTimeoutException.class);
                        listener.setTimeout(Duration.ZERO);
                        assertThatThrownBy(listener::accept)
                                .isInstanceOf(WouldBlockException.class);
                        listener.setTimeout(null);
                        try (GreenSocket client = Evy.connect(address);
                                GreenSocket server = listener.accept()) {
                            assertThat(client.isConnected()).isTrue();
                            assertThat(server.isConnected()).isTrue();
                        }
                    }
                });
    }

    @Test
    @Spec({"SOCK23", "SOCK24", "HUB17"})
    void close_wakesReaderWriterAndAcceptor() throws Exception {
        UnixDomainSocketAddress address = path();
        Evy.run(
                () -> {
                    SocketPair pair = SocketPair.open();
                    GreenServerSocket listener = Evy.listen(address);
                    GreenThread<Object> reader = Evy.spawn(() -> pair.first().recv(1));
                    GreenThread<Object> writer =
                            Evy.spawn(
                                    () -> {
                                        pair.first().sendAll(new byte[4_000_000]);
                                        return null;
                                    });
                    GreenThread<Object> acceptor = Evy.spawn(listener::accept);
                    NetFixtures.settle();

                    pair.close();
                    listener.close();
                    pair.close();
                    listener.close();

                    for (GreenThread<Object> waiting : List.of(reader, writer, acceptor)) {
                        assertThatThrownBy(waiting::join)
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                    }
                    assertThatThrownBy(() -> pair.first().recv(1))
                            .isInstanceOf(SocketException.class);
                });
    }

    @Test
    void connect_toFullBacklog_waitsForRoomAndCanBeEnded() throws Exception {
        UnixDomainSocketAddress address = path();
        ListenOptions small = ListenOptions.DEFAULT.withBacklog(1);
        Evy.run(
                () -> {
                    assumeTrue(NetFixtures.isEpoll()); // a channel's backlog cannot be set
                    List<GreenSocket> waiting = new ArrayList<>();
                    try (GreenServerSocket listener = Evy.listen(address, small)) {
                        GreenSocket extra = fill(address, waiting);

                        GreenThread<Object> closed = connectLater(extra, address);
                        extra.close();
                        assertThatThrownBy(closed::join).isInstanceOf(SocketException.class);
                        GreenSocket last = new GreenSocket();
                        GreenThread<Object> patient = connectLater(last, address);
                        assertThat(patient.isDone()).isFalse();
                        while (!patient.isDone()) {
                            listener.accept().close();
                            Evy.sleep(Duration.ofMillis(3));
                        }
                        assertThat(last.isConnected()).isTrue();
                        last.close();
                    }
                    for (GreenSocket socket : waiting) {
                        socket.close();
                    }
                });
    }

    private static GreenThread<Object> connectLater(GreenSocket socket, SocketAddress address) {
        GreenThread<Object> thread =
                Evy.spawn(
                        () -> {
                            socket.connect(address);
                            return null;
                        });
        NetFixtures.settle();
        return thread;
    }

    /** Connects until one would have to wait; a connect with a limit then ends. */
    private static GreenSocket fill(SocketAddress address, List<GreenSocket> connected)
            throws IOException {
        while (true) {
            GreenSocket socket = new GreenSocket();
            socket.setBlocking(false);
            try {
                socket.connect(address);
                connected.add(socket);
            } catch (WouldBlockException full) {
                assertThatThrownBy(() -> Evy.connect(address, Duration.ofMillis(15), null).close())
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessageContaining("Connect timed out");
                socket.setBlocking(true);
                return socket;
            }
        }
    }

    // the same as the JDK's channels

    /** One end of a conversation, a channel's or a socket's. */
    private interface End extends AutoCloseable {
        void send(byte[] data) throws IOException;

        byte[] receive(int most) throws IOException;

        void endOutput() throws IOException;

        SocketAddress local() throws IOException;

        SocketAddress remote() throws IOException;

        @Override
        void close() throws IOException;
    }

    private interface Listening extends AutoCloseable {
        End accept() throws IOException;

        SocketAddress local() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Whose. */
    private interface Family {
        Listening listen(SocketAddress address) throws IOException;

        End connect(SocketAddress address) throws IOException;
    }

    private record ChannelEnd(SocketChannel channel) implements End {
        @Override
        public void send(byte[] data) throws IOException {
            channel.write(ByteBuffer.wrap(data));
        }

        @Override
        public byte[] receive(int most) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(most);
            int n = channel.read(buffer);
            return Arrays.copyOf(buffer.array(), Math.max(n, 0));
        }

        @Override
        public void endOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public SocketAddress local() throws IOException {
            return channel.getLocalAddress();
        }

        @Override
        public SocketAddress remote() throws IOException {
            return channel.getRemoteAddress();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record GreenEnd(GreenSocket socket) implements End {
        @Override
        public void send(byte[] data) throws IOException {
            socket.sendAll(data);
        }

        @Override
        public byte[] receive(int most) throws IOException {
            return socket.recv(most);
        }

        @Override
        public void endOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public SocketAddress local() {
            return socket.getLocalSocketAddress();
        }

        @Override
        public SocketAddress remote() {
            return socket.getRemoteSocketAddress();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final Family CHANNELS =
            new Family() {
                @Override
                public Listening listen(SocketAddress address) throws IOException {
                    ServerSocketChannel channel =
                            ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                    try {
                        channel.bind(address);
                    } catch (IOException e) {
                        channel.close();
                        throw e;
                    }
                    return new Listening() {
                        @Override
                        public End accept() throws IOException {
                            return new ChannelEnd(channel.accept());
                        }

                        @Override
                        public SocketAddress local() throws IOException {
                            return channel.getLocalAddress();
                        }

                        @Override
                        public void close() throws IOException {
                            channel.close();
                        }
                    };
                }

                @Override
                public End connect(SocketAddress address) throws IOException {
                    return new ChannelEnd(SocketChannel.open(address));
                }
            };

    private static final Family GREEN =
            new Family() {
                @Override
                public Listening listen(SocketAddress address) throws IOException {
                    GreenServerSocket listener = Evy.listen(address);
                    return new Listening() {
                        @Override
                        public End accept() throws IOException {
                            return new GreenEnd(listener.accept());
                        }

                        @Override
                        public SocketAddress local() {
                            return listener.getLocalSocketAddress();
                        }

                        @Override
                        public void close() throws IOException {
                            listener.close();
                        }
                    };
                }

                @Override
                public End connect(SocketAddress address) throws IOException {
                    return new GreenEnd(Evy.connect(address));
                }
            };

    @FunctionalInterface
    private interface Step {
        Object run() throws Exception;
    }

    private static String outcome(Step step) {
        try {
            Object value = step.run();
            return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
        } catch (Exception e) {
            Class<?> type = e.getClass();
            while (!type.getName().startsWith("java.")) {
                type = type.getSuperclass();
            }
            // sockets say of which kind their errors are
            String name = type == IOException.class ? "java.net.SocketException" : type.getName();
            return name + ": " + e.getMessage().replaceAll(":.*", "");
        }
    }

    private static List<String> converse(Family family, Path directory) throws IOException {
        SocketAddress address = UnixDomainSocketAddress.of(directory.resolve("same"));
        List<String> trace = new ArrayList<>();
        trace.add(outcome(() -> family.connect(address)));
        try (Listening listener = family.listen(address);
                End client = family.connect(address);
                End server = listener.accept()) {
            trace.add(outcome(listener::local));
            trace.add(outcome(client::local));
            trace.add(outcome(client::remote));
            trace.add(outcome(server::local));
            trace.add(outcome(server::remote));
            trace.add(outcome(() -> family.listen(address)));
            client.send(HELLO);
            trace.add(outcome(() -> server.receive(3)));
            trace.add(outcome(() -> server.receive(30)));
            client.endOutput();
            trace.add(outcome(() -> server.receive(1)));
            server.send(HELLO);
            trace.add(outcome(() -> client.receive(10)));
            client.close();
            trace.add(
                    outcome(
                            () -> {
                                server.send(HELLO);
                                return "sent";
                            }));
        }
        trace.add(outcome(() -> Files.exists(directory.resolve("same"))));
        trace.add(outcome(() -> family.connect(address)));
        trace.add(outcome(() -> family.listen(address)));
        Files.delete(directory.resolve("same"));
        trace.add(outcome(() -> family.listen(UnixDomainSocketAddress.of(""))));
        trace.add(
                outcome(
                        () ->
                                family.connect(
                                        UnixDomainSocketAddress.of(
                                                directory.resolve("w".repeat(200))))));
        return trace;
    }

    @Test
    @Spec({"CONV4", "SOCK9", "SOCK33"})
    void conversation_onGreenSockets_goesAsOnTheJdksChannels() throws Exception {
        List<String> expected;
        try (Platform<List<String>> thread = Platform.start(() -> converse(CHANNELS, directory))) {
            expected = thread.get();
        }

        assertThat(Evy.run(() -> converse(GREEN, directory))).isEqualTo(expected);
        try (Platform<List<String>> thread = Platform.start(() -> converse(GREEN, directory))) {
            assertThat(thread.get()).isEqualTo(expected);
        }
        assertThat(expected).contains("[104, 101, 108]", "true");
    }
}
