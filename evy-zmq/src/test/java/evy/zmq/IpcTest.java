package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import evy.Evy;
import evy.GreenThread;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import zmq.SocketBase;
import zmq.ZMQ;
import zmq.io.net.SelectorProviderChooser;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code ipc}: a Unix-domain socket at the path, from the bind to the close. */
@Spec("ZMQ1")
class IpcTest extends ZmqTest {
    @TempDir private Path folder;

    private Path path() {
        return folder.resolve("socket");
    }

    private String endpoint() {
        return "ipc://" + path();
    }

    private Socket bound(SocketType type, String endpoint) {
        Socket socket = open(type);
        socket.bind(endpoint);
        return socket;
    }

    private Socket connected(SocketType type, String endpoint) {
        Socket socket = open(type);
        socket.connect(endpoint);
        return socket;
    }

    private Socket open(SocketType type) {
        Socket socket = context.socket(type);
        socket.options().receiveTimeout(PATIENCE).sendTimeout(PATIENCE);
        socket.options().reconnectInterval(Duration.ofMillis(10));
        return socket;
    }

    private static boolean isSocket(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    @Test
    void bind_aPath_isASocketThereAndIsToldSo() {
        Evy.run(
                () -> {
                    Socket rep = open(SocketType.REP);

                    String bound = rep.bind(endpoint());

                    assertThat(bound).isEqualTo(endpoint());
                    assertThat(rep.options().lastEndpoint()).isEqualTo(endpoint());
                    assertThat(isSocket(path())).isTrue();
                });
    }

    @ParameterizedTest
    @CsvSource({"REQ, REP", "PAIR, PAIR", "DEALER, ROUTER", "CLIENT, SERVER"})
    @Spec("ZMQ5")
    void exchange_bothWays(SocketType asks, SocketType answers) {
        Evy.run(
                () -> {
                    Socket server = bound(answers, endpoint());
                    Socket client = connected(asks, endpoint());
                    byte[] large = new byte[300_000];

                    client.send(large);

                    if (answers == SocketType.SERVER) {
                        Message request = server.recvMessage(0);
                        server.send(Message.of("yes").to(request.routingId()), 0);
                        assertThat(request.size()).isEqualTo(large.length);
                    } else {
                        List<byte[]> request = server.recvMultipart();
                        assertThat(request.getLast()).hasSameSizeAs(large);
                        request.set(request.size() - 1, bytes("yes"));
                        server.sendMultipart(request);
                    }
                    assertThat(client.recvString()).isEqualTo("yes");
                });
    }

    @Test
    void connect_beforeBind_messagesWait() {
        Evy.run(
                () -> {
                    Socket push = connected(SocketType.PUSH, endpoint());
                    push.send("early");

                    Socket pull = bound(SocketType.PULL, endpoint());

                    assertThat(pull.recvString()).isEqualTo("early");
                });
    }

    @Test
    void connect_relativePath_isFromTheWorkingFolder() {
        Evy.run(
                () -> {
                    Path here = Path.of("").toAbsolutePath();
                    String relative = here.relativize(path()).toString();
                    assumeFalse(relative.length() > 100, "the working folder is too deep");
                    Socket pull = bound(SocketType.PULL, "ipc://" + relative);
                    Socket push = connected(SocketType.PUSH, endpoint());

                    push.send("hello");

                    assertThat(pull.recvString()).isEqualTo("hello");
                });
    }

    @Test
    void bindAnywhere_isFoundAndGoesWithTheSocket() {
        Evy.run(
                () -> {
                    Socket pull = open(SocketType.PULL);
                    String endpoint = pull.bind("ipc://*");
                    Path path = Path.of(endpoint.substring("ipc://".length()));
                    Socket push = connected(SocketType.PUSH, endpoint);
                    push.send("hello");

                    assertThat(pull.recvString()).isEqualTo("hello");
                    assertThat(isSocket(path)).isTrue();
                    pull.close();

                    assertThat(path.getParent()).doesNotExist();
                });
    }

    @Test
    void unbind_nameIsFreeAtOnce() {
        Evy.run(
                () -> {
                    for (int i = 0; i < 20; i++) {
                        Socket pull = bound(SocketType.PULL, endpoint());

                        pull.unbind(endpoint());

                        assertThat(path()).doesNotExist();
                        assertFails(ZmqError.ENOENT, () -> pull.unbind(endpoint()));
                    }
                });
    }

    @Test
    void close_nameIsFreeAtOnceAndTheNextOneKeepsIt() {
        Evy.run(
                () -> {
                    Socket push = connected(SocketType.PUSH, endpoint());
                    for (int i = 0; i < 4; i++) {
                        Socket pull = bound(SocketType.PULL, endpoint());
                        push.send("m" + i);
                        assertThat(pull.recvString()).isEqualTo("m" + i);
                        Monitor gone = push.monitor(MonitorEvent.Kind.DISCONNECTED);

                        pull.close();

                        assertThat(path()).doesNotExist();
                        assertThat(gone.next(PATIENCE)).isNotNull(); // so that it sends to the next
                        gone.close();
                    }
                });
    }

    @Test
    void closeContext_fileIsRemoved() {
        try (Context own = Context.open()) {
            own.socket(SocketType.PULL).bind(endpoint());
            assertThat(path()).exists();
        }

        assertThat(path()).doesNotExist();
    }

    @Test
    void close_fileIsAnothersMeanwhile_isLeft() throws Exception {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Socket pull = bound(SocketType.PULL, endpoint());
            Files.move(path(), folder.resolve("moved"));
            other.bind(UnixDomainSocketAddress.of(path()));

            pull.close();

            assertThat(path()).exists();
        }
    }

    @Test
    void bind_fileLeftBehind_isReplaced() throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path()));
        }
        assertThat(isSocket(path())).isTrue();
        Socket pull = bound(SocketType.PULL, endpoint());

        connected(SocketType.PUSH, endpoint()).send("hello");

        assertThat(pull.recvString()).isEqualTo("hello");
    }

    @Test
    void bind_somebodyListensThere_isRefusedAndHeGoesOn() {
        Socket pull = bound(SocketType.PULL, endpoint());
        Socket other = open(SocketType.PULL);
        try (Monitor monitor = other.monitor(MonitorEvent.Kind.BIND_FAILED)) {
            assertFails(ZmqError.EADDRINUSE, () -> other.bind(endpoint()))
                    .hasMessageContaining(endpoint())
                    .hasMessageContaining("somebody listens there");
            assertThat(monitor.next(PATIENCE).endpoint()).isEqualTo(endpoint());
        }

        connected(SocketType.PUSH, endpoint()).send("hello");

        assertThat(pull.recvString()).isEqualTo("hello");
    }

    @Test
    void bind_fileOfAnotherKind_isLeft() throws Exception {
        Files.writeString(path(), "precious");

        assertFails(ZmqError.EADDRINUSE, () -> open(SocketType.PULL).bind(endpoint()))
                .hasMessageContaining(path().toString())
                .hasMessageContaining("no socket");

        assertThat(path()).hasContent("precious");
    }

    @Test
    void bind_noSuchFolder_isNamed() {
        assertFails(
                        ZmqError.ENOENT,
                        () -> open(SocketType.PULL).bind("ipc://" + folder + "/none/socket"))
                .hasMessageContaining(folder + "/none: no such folder");
    }

    @Test
    void bind_notAllowed_isNamed() throws Exception {
        Path closed =
                Files.createDirectory(
                        folder.resolve("closed"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("r-x------")));
        assumeFalse(Files.isWritable(closed), "root may write anywhere");

        assertFails(
                        ZmqError.EACCES,
                        () -> open(SocketType.PULL).bind("ipc://" + closed + "/socket"))
                .hasMessageContaining(closed.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void longPath_isRefusedWithItsLength(boolean bind) {
        String endpoint = "ipc://" + folder.resolve("x".repeat(108));
        Socket socket = open(SocketType.PULL);

        assertFails(
                        ZmqError.ENAMETOOLONG,
                        () -> {
                            if (bind) {
                                socket.bind(endpoint);
                            } else {
                                socket.connect(endpoint);
                            }
                        })
                .hasMessageContaining(endpoint)
                .hasMessageContaining("at most");
    }

    @Test
    void longestPath_works() {
        String name = "/tmp/evy" + ProcessHandle.current().pid();
        String endpoint = "ipc://" + name + "x".repeat(106 - name.length());
        assumeFalse(System.getProperty("os.name").startsWith("Mac"));
        Socket pull = bound(SocketType.PULL, endpoint);

        connected(SocketType.PUSH, endpoint).send("hello");

        assertThat(pull.recvString()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc://", "ipc://@abstract", "ipc://a;b"})
    void strangeName_isRefused(String endpoint) {
        Socket socket = open(SocketType.PULL);

        assertFails(ZmqError.EINVAL, () -> socket.bind(endpoint)).hasMessageContaining(endpoint);
        assertFails(ZmqError.EINVAL, () -> socket.connect(endpoint)).hasMessageContaining(endpoint);
    }

    @Test
    void connect_anywhere_isRefused() {
        assertFails(ZmqError.EINVAL, () -> open(SocketType.PULL).connect("ipc://*"))
                .hasMessageContaining("for bind");
    }

    @Test
    void connect_withAChooserOfTheUsers_isByUnixSocketAllTheSame() {
        AtomicInteger chosen = new AtomicInteger();
        SelectorProviderChooser counting =
                (_, _) -> {
                    chosen.incrementAndGet();
                    return SelectorProvider.provider();
                };
        Socket pull = bound(SocketType.PULL, endpoint());
        String tcp = pull.bind("tcp://127.0.0.1:*");
        Socket push = open(SocketType.PUSH);
        push.options().set(ZMQ.ZMQ_SELECTOR_PROVIDERCHOOSER, counting);

        push.connect(endpoint());
        push.send("hello");

        assertThat(pull.recvString()).isEqualTo("hello");
        assertThat(chosen).hasValue(0);
        push.connect(tcp);
        push.send("by the one");
        push.send("by the other");
        assertThat(List.of(pull.recvString(), pull.recvString())).doesNotContainNull();
        assertThat(chosen).hasValue(1);
    }

    @Test
    void monitors_tellOfBothEnds() {
        Evy.run(
                () -> {
                    Socket pull = open(SocketType.PULL);
                    Monitor there = pull.monitor();
                    pull.bind(endpoint());
                    Socket push = open(SocketType.PUSH);
                    Monitor here = push.monitor();
                    push.connect(endpoint());
                    push.send("hello");
                    pull.recv();
                    pull.unbind(endpoint());
                    GreenThread<?> waits = Evy.spawn(() -> pull.recv()); // so that it parts

                    assertThat(kinds(there, MonitorEvent.Kind.CLOSED))
                            .startsWith(MonitorEvent.Kind.LISTENING, MonitorEvent.Kind.ACCEPTED);
                    assertThat(kinds(here, MonitorEvent.Kind.CONNECT_RETRIED))
                            .contains(MonitorEvent.Kind.CONNECTED, MonitorEvent.Kind.DISCONNECTED);
                    waits.kill();
                });
    }

    private List<MonitorEvent.Kind> kinds(Monitor monitor, MonitorEvent.Kind last) {
        List<MonitorEvent.Kind> kinds = new ArrayList<>();
        do {
            MonitorEvent event = monitor.next(PATIENCE);
            assertThat(event.endpoint()).isEqualTo(endpoint());
            kinds.add(event.kind());
        } while (kinds.getLast() != last);
        return kinds;
    }

    @Test
    void peer_sendsGarbage_othersAreWell() throws Exception {
        Socket pull = bound(SocketType.PULL, endpoint());
        Socket push = connected(SocketType.PUSH, endpoint());

        for (int i = 0; i < 20; i++) {
            try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
                peer.write(ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n".repeat(i))));
            }
        }
        push.send("well");

        assertThat(pull.recvString()).isEqualTo("well");
    }

    @Test
    void connect_moreThanTheBacklog_allAreAcceptedInTime() {
        Evy.run(
                () -> {
                    Socket pull = open(SocketType.PULL);
                    pull.options().backlog(1);
                    pull.bind(endpoint());
                    int peers = 12;
                    for (int i = 0; i < peers; i++) {
                        connected(SocketType.PUSH, endpoint()).send("m" + i);
                    }

                    List<String> got = new ArrayList<>();
                    for (int i = 0; i < peers; i++) {
                        got.add(pull.recvString());
                    }

                    assertThat(got).doesNotHaveDuplicates();
                });
    }

    /* JeroMQ tries again later; to wait for it would be to wait for ever. */
    @Test
    void channel_tooManyWaitToBeAccepted_failsAtOnce() throws Exception {
        var address = UnixDomainSocketAddress.of(path());
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                IpcChannel late = IpcChannel.to(address)) {
            busy.bind(address, 1);
            for (int i = 0; i < 2; i++) {
                waiting.add(SocketChannel.open(address));
            }
            late.configureBlocking(false);

            assertThatThrownBy(() -> late.connect(address)).isInstanceOf(IOException.class);
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void bind_whereNoSocketCanBe_isRefused() {
        Socket pull = open(SocketType.PULL);

        assertThatThrownBy(() -> pull.bind("ipc:///proc/evy"))
                .isInstanceOfSatisfying(
                        ZmqException.class,
                        e -> assertThat(e.error()).isIn(ZmqError.EACCES, ZmqError.EOTHER))
                .hasMessageContaining("bind to ipc:///proc/evy");
        pull.bind(endpoint());
    }

    @Test
    void bind_contextWithoutThreads_isRefusedAndLeavesNoFile() {
        try (Context inproc = Context.open(ContextOptions.DEFAULT.withIoThreads(0));
                Socket pull = inproc.socket(SocketType.PULL)) {
            assertFails(ZmqError.EMTHREAD, () -> pull.bind(endpoint()))
                    .hasMessageContaining("ioThreads");
            assertThat(path()).doesNotExist();
        }
    }

    @Test
    void close_fileIsGoneAlready_isNoMatter() throws Exception {
        Socket pull = bound(SocketType.PULL, endpoint());
        Files.delete(path());
        pull.close();

        bound(SocketType.PULL, endpoint());
        assertThat(isSocket(path())).isTrue();
    }

    @Test
    void unbind_fileCannotBeRemoved_monitorsAreTold() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        String endpoint = "ipc://" + inner.resolve("socket");
        Evy.run(
                () -> {
                    Socket pull = open(SocketType.PULL);
                    Monitor monitor =
                            pull.monitor(MonitorEvent.Kind.CLOSED, MonitorEvent.Kind.CLOSE_FAILED);
                    pull.bind(endpoint);
                    Files.delete(inner.resolve("socket"));
                    Files.delete(inner);
                    Files.createSymbolicLink(inner, inner); // the way there leads nowhere

                    pull.unbind(endpoint);
                    GreenThread<?> waits = Evy.spawn(() -> pull.recv()); // so that it parts

                    MonitorEvent event = monitor.next(PATIENCE);
                    assertThat(event).isNotNull();
                    assertThat(event.kind()).isEqualTo(MonitorEvent.Kind.CLOSE_FAILED);
                    assertThat(event.endpoint()).isEqualTo(endpoint);
                    waits.kill();
                    return null;
                });
    }

    @Test
    void listener_hasOneAddressForGood() throws Exception {
        SocketBase base = open(SocketType.PULL).core().base();
        Internals internals = Internals.orNull();
        assertThat(internals).isNotNull();
        IpcServer server = IpcServer.open(path().toString(), 1);
        try {
            IpcListener listener =
                    new IpcListener(
                            internals.chooseThread(base.getCtx(), 0),
                            base,
                            internals.options(base),
                            server);

            assertThat(listener).hasToString(endpoint());
            assertThat(listener.getAddress()).isEqualTo(endpoint());
            assertThatThrownBy(() -> listener.setAddress("ipc://another"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("setAddress(ipc://another)");
        } finally {
            server.close();
        }
        assertThat(path()).doesNotExist();
    }
}
