package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Descriptor;
import evy.hubs.Hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The programs of {@link SelectorIT}: JDK selectors on green threads of a patched JVM. */
final class SelectorPrograms {
    private static final Duration SHORT = Duration.ofMillis(20);

    private SelectorPrograms() {}

    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "others run" -> Evy.run(SelectorPrograms::othersRun);
            case "cut short" -> Evy.run(SelectorPrograms::cutShort);
            case "killed" -> Evy.run(SelectorPrograms::killed);
            case "wakers" -> Evy.run(SelectorPrograms::wakers);
            case "numbers" -> Evy.run(SelectorPrograms::numbers);
            case "server" -> Evy.run(SelectorPrograms::server);
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("DONE");
    }

    /** A selector with one pipe to wait for. */
    private record Watched(Selector selector, Pipe pipe) implements AutoCloseable {
        static Watched open() throws IOException {
            Watched watched = new Watched(Selector.open(), Pipe.open());
            watched.pipe.source().configureBlocking(false);
            watched.pipe.source().register(watched.selector, SelectionKey.OP_READ);
            return watched;
        }

        void write() throws IOException {
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        }

        /** Selects, and takes what has come. */
        int take() throws IOException {
            int ready = selector.select();
            selector.selectedKeys().clear();
            ByteBuffer buffer = ByteBuffer.allocate(10);
            pipe.source().read(buffer);
            return ready * buffer.position();
        }

        @Override
        public void close() throws IOException {
            selector.close();
            pipe.source().close();
            pipe.sink().close();
        }
    }

    private static void awaitSelecting(GreenThread<?> thread) {
        while (!(thread.waitsFor() instanceof Descriptor)) {
            Evy.sleep(Duration.ofMillis(1));
        }
    }

    private static void othersRun() throws Exception {
        try (Watched watched = Watched.open()) {
            for (int i = 0; i < 20; i++) {
                GreenThread<Integer> select = Evy.spawn(watched::take);
                awaitSelecting(select);
                watched.write();
                assertThat(select.join()).isEqualTo(1);
            }
        }
    }

    private static void cutShort() throws Exception {
        try (Watched watched = Watched.open()) {
            for (int i = 0; i < 3; i++) {
                assertThat(Timeout.run(SHORT, () -> watched.selector.select())).isFalse();
                GreenThread<Integer> victim = Evy.spawn(() -> watched.selector.select());
                awaitSelecting(victim);
                victim.kill();
                assertThatThrownBy(victim::get).hasCauseInstanceOf(GreenThreadExit.class);
                GreenThread<Integer> select = Evy.spawn(watched::take);
                Evy.yield();
                watched.write();
                assertThat(select.join()).isEqualTo(1);
            }
        }
    }

    /** A kill that finds the thread running ends its next select, not its loop's peace. */
    private static void killed() throws Exception {
        try (Selector selector = Selector.open()) {
            boolean[] go = new boolean[1];
            GreenThread<?> loop =
                    Evy.spawn(
                            () -> {
                                while (!go[0]) {
                                    Thread.yield();
                                }
                                while (true) {
                                    selector.select();
                                }
                            });
            Evy.yield();
            go[0] = true;
            loop.kill();
            assertThat(loop.isDead()).isTrue();
            assertThat(selector.isOpen()).isTrue();
        }
    }

    /** From its hub, another and a platform thread: wake-up, interrupt, registration, close. */
    private static void wakers() throws Exception {
        try (Hub other = Hub.open();
                Watched watched = Watched.open()) {
            Selector selector = watched.selector;
            GreenThread<Integer> select = Evy.spawn(() -> selector.select());
            awaitSelecting(select);
            Evy.spawn(other, () -> selector.wakeup()).join();
            assertThat(select.join()).isZero();

            GreenThread<Integer> interrupted = Evy.spawn(() -> selector.select());
            awaitSelecting(interrupted);
            Thread.ofPlatform().start(() -> interrupted.thread().interrupt()).join();
            assertThat(interrupted.join()).isZero();
            assertThat(selector.isOpen()).isTrue();

            GreenThread<Integer> elsewhere = Evy.spawn(other, watched::take);
            awaitSelecting(elsewhere);
            watched.write();
            assertThat(elsewhere.join()).as("of another hub").isEqualTo(1);

            GreenThread<Integer> closed = Evy.spawn(() -> selector.select());
            awaitSelecting(closed);
            Thread.ofPlatform().start(() -> close(selector)).join();
            assertThat(closed.join()).isZero();
            assertThat(selector.isOpen()).isFalse();
        }
    }

    private static void close(Selector selector) {
        try {
            selector.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The numbers of closed selectors come back as sockets and as selectors. */
    private static void numbers() throws Exception {
        for (int i = 0; i < 50; i++) {
            selectOnce();
            selectOnce();
            List<Pipe> pipes = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                Pipe pipe = Pipe.open();
                pipes.add(pipe);
                GreenThread<Integer> read =
                        Evy.spawn(() -> pipe.source().read(ByteBuffer.allocate(9)));
                awaitSelecting(read);
                pipe.sink().write(ByteBuffer.wrap(new byte[2]));
                assertThat(read.join()).isEqualTo(2);
            }
            for (Pipe pipe : pipes) {
                pipe.source().close();
                pipe.sink().close();
            }
        }
    }

    private static void selectOnce() throws Exception {
        try (Watched watched = Watched.open()) {
            assertThat(watched.selector.select(1)).isZero();
            GreenThread<Integer> select = Evy.spawn(watched::take);
            awaitSelecting(select);
            watched.write();
            assertThat(select.join()).isEqualTo(1);
        }
    }

    /** A server in the classic style, on the same hub as its clients. */
    private static void server() throws Exception {
        try (Selector selector = Selector.open();
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            GreenThread<?> server = Evy.spawn(() -> serve(selector, listener));
            List<GreenThread<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(Evy.spawn(() -> talk(listener)));
            }
            for (GreenThread<Integer> client : clients) {
                assertThat(client.join()).isEqualTo(100);
            }
            server.kill();
        }
    }

    private static int talk(ServerSocketChannel listener) throws IOException {
        int received = 0;
        try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
            for (int i = 0; i < 100; i++) {
                channel.write(ByteBuffer.wrap(new byte[1]));
                received += channel.read(ByteBuffer.allocate(1));
            }
        }
        return received;
    }

    private static void serve(Selector selector, ServerSocketChannel listener) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        while (true) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel channel = listener.accept();
                    channel.configureBlocking(false);
                    channel.register(selector, SelectionKey.OP_READ);
                } else {
                    SocketChannel channel = (SocketChannel) key.channel();
                    buffer.clear();
                    if (channel.read(buffer) < 0) {
                        channel.close();
                    } else {
                        channel.write(buffer.flip());
                    }
                }
            }
            selector.selectedKeys().clear();
        }
    }
}
