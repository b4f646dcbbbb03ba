package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;

import org.junit.jupiter.api.Test;

import zmq.ZError;

import java.io.IOException;
import java.time.Duration;

/** Messages, options and errors: what they hold, refuse and say. */
class ValuesTest extends ZmqTest {
    @Test
    void message_ofBytes_isACopyEachTime() {
        byte[] bytes = {1, 2, 3};
        Message message = Message.of(bytes);
        bytes[0] = 9;
        message.data()[1] = 9;

        assertThat(message.data()).containsExactly(1, 2, 3);
        assertThat(message).hasToString("message of 3 bytes");
        assertThatThrownBy(() -> message.toGroup("g".repeat(256)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 255 characters");
    }

    @Test
    void contextOptions_changed_leaveTheRest() {
        ContextOptions options =
                context.options()
                        .withIoThreads(2)
                        .withMaxSockets(7)
                        .withIpv6(true)
                        .withCloseLimit(Duration.ofSeconds(3));

        assertThat(options).isEqualTo(new ContextOptions(2, 7, true, Duration.ofSeconds(3)));
        try (Context other = Context.open(options)) {
            assertThat(other.options()).isEqualTo(options);
            assertThat(other).hasToString("context[sockets=0]");
        }
    }

    @Test
    void socket_ofAContext_knowsIt() {
        try (Socket socket = context.socket(SocketType.PULL)) {
            assertThat(socket.context()).isSameAs(context);
            assertThat(context).hasToString("context[sockets=1]");
        }
    }

    @Test
    void socket_groupsAndPeersOfOtherTypes_areRefused() {
        try (Socket dish = context.socket(SocketType.DISH);
                Socket server = context.socket(SocketType.SERVER)) {
            dish.join("g");
            dish.leave("g");

            assertThatThrownBy(() -> dish.leave("g")).isInstanceOf(ZmqException.class);
            assertThatThrownBy(() -> server.disconnectPeer(77)).isInstanceOf(ZmqException.class);
        }
    }

    @Test
    void errors_ofJeroMq_areToldApart() {
        assertThat(Context.errorOf(new ZError.CtxTerminatedException())).isEqualTo(ZmqError.ETERM);
        assertThat(Context.errorOf(new ZError.IOException(new IOException("Too many open files"))))
                .isEqualTo(ZmqError.EMFILE);
        assertThat(Context.errorOf(new ZError.IOException(new IOException("else"))))
                .isEqualTo(ZmqError.EOTHER);
        assertThat(ZmqError.of(-77)).isEqualTo(ZmqError.EOTHER);
    }

    @Test
    void socketTypes_thatOnlyReceive_cannotBeProxiedTo() {
        for (SocketType type :
                new SocketType[] {
                    SocketType.SUB, SocketType.PULL, SocketType.DISH, SocketType.GATHER
                }) {
            assertThat(type.sends()).as("%s", type).isFalse();
            assertThat(type.receives()).as("%s", type).isTrue();
        }
    }

    @Test
    void server_partsWithAPeer_theOthersGoOn() {
        Evy.run(
                () -> {
                    Socket server = bound(SocketType.SERVER);
                    Socket client = connected(SocketType.CLIENT, server);
                    client.send("1");
                    int id = server.recvMessage(0).routingId();

                    server.disconnectPeer(id);

                    assertThatThrownBy(() -> server.send(Message.of("2").to(id), 0))
                            .isInstanceOfSatisfying(
                                    ZmqException.class,
                                    e -> assertThat(e.error()).isEqualTo(ZmqError.EHOSTUNREACH));
                    Socket another = connected(SocketType.CLIENT, server);
                    another.send("3");
                    assertThat(server.recvMessage(0).text()).isEqualTo("3");
                });
    }
}
