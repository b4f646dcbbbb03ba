package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.testkit.LeakCheckExtension;
import evy.web.websocket.Broadcast.SlowReader;
import evy.web.websocket.Message.Binary;
import evy.web.websocket.Message.Text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;

@ExtendWith(LeakCheckExtension.class)
class BroadcastTest {
    private static final Message LARGE = new Binary(new byte[1 << 20]); // fills a socket's buffers

    @Test
    void send_members_allGetAllInOrder() throws Exception {
        Evy.run(
                () -> {
                    Broadcast room = new Broadcast(10, SlowReader.BLOCK);
                    try (Link a = Link.server();
                            Link b = Link.server();
                            var _ = room.join(a.ws);
                            var _ = room.join(b.ws)) {
                        room.send(new Text("one"));
                        room.send(new Text("two"));

                        for (Peer peer : new Peer[] {a.peer, b.peer}) {
                            assertThat(peer.receive().text()).isEqualTo("one");
                            assertThat(peer.receive().text()).isEqualTo("two");
                        }
                        assertThat(room.size()).isEqualTo(2);
                    }
                    assertThat(room.size()).isZero();
                });
    }

    @Test
    void send_slowReaderDropped_othersGetAll() throws Exception {
        Evy.run(
                () -> {
                    Broadcast room = new Broadcast(2, SlowReader.DROP);
                    try (Link slow = Link.server();
                            Link quick = Link.server();
                            var _ = room.join(slow.ws);
                            var _ = room.join(quick.ws)) {
                        GreenThread<Integer> count = Evy.spawn(() -> receive(quick.peer, 20));
                        for (int i = 0; i < 20; i++) {
                            int before = i;
                            room.send(LARGE);
                            while (!count.isDead() && received < before) {
                                Evy.yield();
                            }
                        }

                        assertThat(count.join()).isEqualTo(20);
                        assertThat(room.dropped()).isGreaterThanOrEqualTo(15);
                        assertThat(room.size()).isEqualTo(2);
                    }
                });
    }

    private int received;

    private int receive(Peer peer, int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            peer.receive();
            received++;
        }
        return messages;
    }

    @Test
    void send_slowReaderClosed_leaves() throws Exception {
        Evy.run(
                () -> {
                    Broadcast room = new Broadcast(2, SlowReader.CLOSE);
                    try (Link slow = Link.server();
                            var _ = room.join(slow.ws)) {
                        while (room.size() > 0) {
                            room.send(LARGE);
                            Evy.yield();
                        }
                        int messages = 0;
                        Peer.Frame frame = slow.peer.receive();
                        while (frame.opcode() == Opcode.BINARY) {
                            messages++;
                            frame = slow.peer.receive();
                        }

                        assertThat(messages).isLessThanOrEqualTo(3);
                        assertThat(frame.closeCode()).isEqualTo(1008);
                        slow.peer.send(0x88, "");
                    }
                });
    }

    @Test
    void send_slowReaderBlocks_untilItReadsOrLeaves() throws Exception {
        Evy.run(
                () -> {
                    Broadcast room = new Broadcast(1, SlowReader.BLOCK);
                    try (Link slow = Link.server();
                            var seat = room.join(slow.ws)) {
                        GreenThread<?> sender =
                                Evy.spawn(
                                        () -> {
                                            for (int i = 0; i < 4; i++) {
                                                room.send(LARGE);
                                            }
                                        });
                        for (int i = 0; i < 100; i++) {
                            Evy.yield();
                        }
                        assertThat(sender.isDead()).isFalse();

                        seat.close();

                        sender.join();
                        assertThat(room.size()).isZero();
                    }
                });
    }

    @Test
    void send_slowReaderBlocks_timeoutAndKillEndTheWait() throws Exception {
        Evy.run(
                () -> {
                    Broadcast room = new Broadcast(1, SlowReader.BLOCK);
                    try (Link slow = Link.server();
                            var _ = room.join(slow.ws)) {
                        assertThat(Timeout.run(Duration.ofMillis(20), () -> sendFour(room)))
                                .isFalse();

                        GreenThread<?> sender = Evy.spawn(() -> sendFour(room));
                        Evy.yield();
                        sender.kill();

                        assertThat(sender.isDead()).isTrue();
                        assertThat(room.size()).isEqualTo(1);
                    }
                });
    }

    private static void sendFour(Broadcast room) throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            room.send(LARGE);
        }
    }

    @Test
    void send_slowReaderTakesNothingForTooLong_senderGoesOn() throws Exception {
        WebSocketOptions options =
                WebSocketOptions.DEFAULT.withKeepAlive(Duration.ZERO, Duration.ofMillis(50));
        Evy.run(
                () -> {
                    Broadcast room = new Broadcast(1, SlowReader.BLOCK);
                    try (Link slow = Link.server(options, null);
                            var _ = room.join(slow.ws)) {
                        sendFour(room);
                        while (room.size() > 0) {
                            room.send(LARGE);
                        }
                    }
                });
    }

    @Test
    void join_memberGone_leavesByItself() throws Exception {
        Evy.run(
                () -> {
                    Broadcast room = new Broadcast(10, SlowReader.DROP);
                    try (Link link = Link.server()) {
                        room.join(link.ws);
                        link.peer.close();
                        while (room.size() > 0) {
                            room.send(new Text("x"));
                            Evy.yield();
                        }
                    }
                });
    }

    @Test
    void constructor_noBacklog_throws() {
        assertThatThrownBy(() -> new Broadcast(0, SlowReader.DROP)).hasMessageContaining("0");
    }
}
