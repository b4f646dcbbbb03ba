package evy.behaviour;

import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.FullBacklog;
import evy.behaviour.NetFixtures.Pair;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.ListenOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** {@code Evy.listen} and {@code Evy.connect}. */
@ExtendWith(LeakCheckExtension.class)
class ConnectTest {
    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    @Test
    @Spec("CONV1")
    void listen_onPortAlone_bindsAllInterfacesWithAddressReuse() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(0)) {
                        InetSocketAddress address = (InetSocketAddress) listener.address();

                        assertThat(address.getAddress().isAnyLocalAddress()).isTrue();
                        assertThat(address.getPort()).isPositive();
                        assertThat(listener.getReuseAddress()).isTrue();
                        assertThat(listener.getOption(StandardSocketOptions.SO_REUSEPORT))
                                .isFalse();
                        assertThat(ListenOptions.DEFAULT.backlog()).isEqualTo(50);
                        try (GreenSocket client = Evy.connect("127.0.0.1", address.getPort());
                                GreenSocket server = listener.accept()) {
                            assertThat(server.getInetAddress()).isEqualTo(NetFixtures.loopback());
                            assertThat(client.isConnected()).isTrue();
                        }
                    }
                });
    }

    @Test
    @Spec("CONV1")
    void listen_portWhoseConnectionsAreWindingDown_isTakenAgain() throws Exception {
        Evy.run(
                () -> {
                    GreenServerSocket first = NetFixtures.listen();
                    Pair pair = Pair.to(first);
                    pair.server().close(); // its end of the connection goes to TIME_WAIT
                    assertThat(pair.client().recv(1)).isEmpty();
                    pair.close();
                    first.close();

                    try (GreenServerSocket second = Evy.listen(first.address())) {
                        assertThat(second.getLocalPort()).isEqualTo(first.getLocalPort());
                    }
                });
    }

    @Test
    @Spec("CONV1")
    void listenOptions_changeOneThingEach() throws Exception {
        ListenOptions options = ListenOptions.DEFAULT.withBacklog(7).withoutReuseAddress();

        assertThat(options).isEqualTo(new ListenOptions(7, false, false));
        assertThat(options.withReusePort()).isEqualTo(new ListenOptions(7, false, true));
        assertThatThrownBy(() -> ListenOptions.DEFAULT.withBacklog(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
        try (GreenServerSocket listener = Evy.listen(new InetSocketAddress(0), options)) {
            assertThat(listener.getReuseAddress()).isFalse();
        }
    }

    @Test
    @Spec("CONV2")
    void listen_samePortTwice_isAnErrorThatLeavesNothingOpen() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket first = NetFixtures.listen()) {
                        int before = openSockets();

                        assertThatThrownBy(() -> Evy.listen(first.address()))
                                .isInstanceOf(BindException.class)
                                .hasMessageContaining("in use");

                        assertThat(openSockets()).isEqualTo(before);
                    }
                });
    }

    @Test
    @Spec({"CONV2", "CONV3"})
    void listen_samePortTwiceAndShared_worksWithoutWarning() throws Exception {
        ListenOptions shared = ListenOptions.DEFAULT.withReusePort();
        try (Warnings warnings = new Warnings()) {
            Evy.run(
                    () -> {
                        int free;
                        try (GreenServerSocket probe = NetFixtures.listen()) {
                            free = probe.getLocalPort();
                        }
                        InetSocketAddress address = new InetSocketAddress("127.0.0.1", free);
                        try (GreenServerSocket first = Evy.listen(address, shared);
                                GreenServerSocket second = Evy.listen(address, shared)) {
                            assertThat(second.address()).isEqualTo(first.address());
                            assertThat(first.getOption(StandardSocketOptions.SO_REUSEPORT))
                                    .isTrue();
                            assertThatThrownBy(() -> Evy.listen(address))
                                    .isInstanceOf(BindException.class);
                        }
                    });
            assertThat(warnings.texts).isEmpty();
        }
    }

    @Test
    @Spec("CONV3")
    void listen_portZeroShared_warnsAndListens() throws Exception {
        try (Warnings warnings = new Warnings();
                GreenServerSocket listener =
                        Evy.listen(
                                new InetSocketAddress("127.0.0.1", 0),
                                ListenOptions.DEFAULT.withReusePort())) {
            assertThat(listener.getLocalPort()).isPositive();
            assertThat(warnings.texts).hasSize(1);
            assertThat(warnings.texts.getFirst()).contains("port 0");
        }
    }

    @Test
    @Spec("CONV4")
    void listenAndConnect_ipv6_talk() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen("::1", 0);
                            GreenSocket client = Evy.connect("::1", listener.getLocalPort());
                            GreenSocket server = listener.accept()) {
                        assertThat(client.getInetAddress()).isInstanceOf(Inet6Address.class);
                        assertThat(server.getInetAddress()).isEqualTo(InetAddress.getByName("::1"));
                        client.sendAll("six".getBytes());
                        assertThat(NetFixtures.receive(server, 3)).asString().isEqualTo("six");
                    }
                });
    }

    @Test
    @Spec("CONV4")
    void listen_onAllInterfaces_takesBothFamilies() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(0)) {
                        for (String host : List.of("127.0.0.1", "::1")) {
                            try (GreenSocket client = Evy.connect(host, listener.getLocalPort());
                                    GreenSocket server = listener.accept()) {
                                assertThat(server.getInetAddress())
                                        .isEqualTo(InetAddress.getByName(host));
                                assertThat(client.getLocalAddress())
                                        .isEqualTo(InetAddress.getByName(host));
                            }
                        }
                    }
                });
    }

    @Test
    @Spec({"CONV5", "SOCK13"})
    void connect_fromLocalAddress_bindsIt() throws Exception {
        Evy.run(
                () -> {
                    int free;
                    try (GreenServerSocket probe = Evy.listen("127.0.0.2", 0)) {
                        free = probe.getLocalPort();
                    }
                    InetSocketAddress local = new InetSocketAddress("127.0.0.2", free);
                    try (GreenServerSocket listener = NetFixtures.listen();
                            GreenSocket client =
                                    Evy.connect(listener.address(), NetFixtures.LONG, local);
                            GreenSocket server = listener.accept()) {
                        assertThat(client.getLocalSocketAddress()).isEqualTo(local);
                        assertThat(server.getRemoteSocketAddress()).isEqualTo(local);
                    }
                });
    }

    @Test
    @Spec({"CONV5", "SOCK13"})
    void connect_thatFails_closesItsSocketAtOnce() throws Exception {
        InetSocketAddress nobody = NetFixtures.refusing();
        InetSocketAddress notOurs = new InetSocketAddress("192.0.2.1", 0);
        try (FullBacklog full = new FullBacklog()) {
            Evy.run(
                    () -> {
                        int before = openSockets();

                        for (int i = 0; i < 10; i++) {
                            assertThatThrownBy(() -> Evy.connect(nobody))
                                    .isInstanceOf(ConnectException.class);
                            assertThatThrownBy(() -> Evy.connect(nobody, null, notOurs))
                                    .isInstanceOf(BindException.class);
                            assertThatThrownBy(
                                            () ->
                                                    Evy.connect(
                                                            full.address(),
                                                            Duration.ofMillis(1),
                                                            null))
                                    .isInstanceOf(SocketTimeoutException.class);
                        }

                        assertThat(openSockets()).isEqualTo(before);
                    });
        }
    }

    @Test
    @Spec("CONV5")
    void connect_killed_closesItsSocketAtOnce() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            Evy.run(
                    () -> {
                        int before = openSockets();
                        GreenThread<GreenSocket> connecting =
                                Evy.spawn(() -> Evy.connect(full.address()));
                        settle();
                        assertThat(openSockets()).isEqualTo(before + 1);

                        connecting.kill();

                        assertThat(openSockets()).isEqualTo(before);
                    });
        }
    }

    /** Open sockets of this process. */
    private static int openSockets() throws IOException {
        int number = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                if (isSocket(entry)) {
                    number++;
                }
            }
        }
        return number;
    }

    private static boolean isSocket(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", ""})
    @Spec("SOCK13")
    void connect_byName_findsTheListener(String host) throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(0);
                            GreenSocket client = Evy.connect(host, listener.getLocalPort());
                            GreenSocket server = listener.accept()) {
                        assertThat(server.getPort()).isEqualTo(client.getLocalPort());
                    }
                });
    }

    @Test
    @Spec("SOCK13")
    void connect_unresolvedAddress_isResolved() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = Evy.listen(0);
                            GreenSocket client =
                                    Evy.connect(
                                            InetSocketAddress.createUnresolved(
                                                    "localhost", listener.getLocalPort()));
                            GreenSocket server = listener.accept()) {
                        assertThat(server.getPort()).isEqualTo(client.getLocalPort());
                    }
                });
    }

    @Test
    @Spec("SOCK13")
    void connect_unknownHost_saysSo() throws Exception {
        Evy.run(
                () -> {
                    assertThatThrownBy(() -> Evy.connect("host.invalid", 80))
                            .isInstanceOf(UnknownHostException.class)
                            .hasMessageContaining("host.invalid");
                });
        assertThatThrownBy(() -> Evy.connect("host.invalid", 80))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("host.invalid");
    }

    @Test
    @Spec("SOCK13")
    void connect_everyAddressRefuses_throwsTheLastErrorAsItIs() throws Exception {
        int port = NetFixtures.refusing().getPort();
        Evy.run(
                () ->
                        assertThatThrownBy(() -> Evy.connect("localhost", port))
                                .isInstanceOf(ConnectException.class)
                                .hasMessageContaining("refused"));
    }

    @Test
    @Spec("SOCK13")
    void connect_lookUp_letsOthersRun() throws Exception {
        Evy.run(
                () -> {
                    boolean[] ran = new boolean[1];
                    GreenThread<GreenSocket> looking =
                            Evy.spawn(() -> Evy.connect("host.invalid", 80));
                    Evy.spawnN(() -> ran[0] = true);
                    Evy.yield();

                    assertThat(ran[0]).isTrue();
                    assertThatThrownBy(looking::join).isInstanceOf(UnknownHostException.class);
                });
    }

    /** What the library warns of, instead of on the console. */
    private static final class Warnings extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger("evy.io");
        private final List<String> texts = new ArrayList<>();

        Warnings() {
            logger.addHandler(this);
            logger.setUseParentHandlers(false);
        }

        @Override
        public synchronized void publish(LogRecord record) {
            texts.add(record.getLevel() + ": " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.setUseParentHandlers(true);
            logger.removeHandler(this);
        }
    }
}
