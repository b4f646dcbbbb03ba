package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import evy.Evy;
import evy.GreenThread;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Messages of several parts. */
class MultipartTest extends ZmqTest {
    @Test
    @Spec("ZMQ5")
    void sendMultipart_emptyParts_arePreserved() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket push = connected(SocketType.PUSH, pull);

                    push.sendMultipart(List.of(new byte[0], bytes("a"), new byte[0], new byte[0]));
                    push.sendStrings("", "b");
                    push.send(new byte[0]);

                    assertThat(pull.recvStrings()).containsExactly("", "a", "", "");
                    assertThat(pull.recvMultipart()).hasSize(2);
                    assertThat(pull.recv()).isEmpty();
                });
    }

    @Test
    @Spec("ZMQ5")
    void recv_partByPart_tellsWhetherThereIsMore() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket push = connected(SocketType.PUSH, pull);
                    push.send("1", Socket.SNDMORE);
                    push.send(ByteBuffer.wrap(bytes("2")), Socket.SNDMORE);
                    push.sendMultipart(List.of(bytes("3")), Socket.SNDMORE);
                    push.send(Message.of("4"), 0);

                    assertThat(pull.recvString()).isEqualTo("1");
                    assertThat(pull.hasMore()).isTrue();
                    Message second = pull.recvMessage(0);
                    assertThat(second.text()).isEqualTo("2");
                    assertThat(second.hasMore()).isTrue();
                    assertThat(pull.recvStrings()).containsExactly("3", "4");
                    assertThat(pull.hasMore()).isFalse();
                });
    }

    @Test
    @Spec("ZMQ5")
    void sendMultipart_severalSenders_partsNeverInterleave() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    pull.options().receiveHighWaterMark(5);
                    Socket push = connected(SocketType.PUSH, pull);
                    push.options().sendHighWaterMark(5);
                    List<GreenThread<?>> senders = new ArrayList<>();
                    for (int s = 0; s < 10; s++) {
                        String who = "s" + s;
                        senders.add(
                                Evy.spawn(
                                        () -> {
                                            for (int i = 0; i < 50; i++) {
                                                push.sendStrings(who, who + i, who, "");
                                                Evy.yield();
                                            }
                                        }));
                    }

                    Map<String, Integer> next = new HashMap<>();
                    for (int i = 0; i < 500; i++) {
                        List<String> message = pull.recvStrings();
                        String who = message.getFirst();
                        int n = next.merge(who, 1, Integer::sum) - 1;
                        assertThat(message).containsExactly(who, who + n, who, "");
                    }

                    assertThat(next).hasSize(10);
                    senders.forEach(GreenThread::join);
                });
    }

    @Test
    @Spec("ZMQ5")
    void send_arrayChangedAfterwards_hasBeenCopied() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    pull.bind("inproc://copies");
                    Socket push = context.socket(SocketType.PUSH);
                    push.connect("inproc://copies");
                    byte[] data = bytes("before");
                    push.send(data);
                    push.sendMultipart(List.of(data, data));
                    assertThat(push.trySend(data)).isTrue();

                    data[0] = 'X';

                    assertThat(pull.recvString()).isEqualTo("before");
                    assertThat(pull.recvStrings()).containsExactly("before", "before");
                    assertThat(pull.recvString()).isEqualTo("before");
                });
    }

    @Test
    void sendMultipart_noParts_isRefused() {
        Socket push = context.socket(SocketType.PUSH);

        assertThatIllegalArgumentException().isThrownBy(() -> push.sendMultipart(List.of()));
    }
}
