package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.LeakCheckExtension;

import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What the tests share: a context of their own, pairs of sockets, how errors are looked at. */
@ExtendWith(LeakCheckExtension.class)
abstract class ZmqTest {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Context context = Context.open();

    @AfterEach
    void closeContext() {
        assertThat(context.close(Duration.ZERO)).isTrue();
    }

    Socket bound(SocketType type) {
        Socket socket = context.socket(type);
        socket.options().receiveTimeout(PATIENCE).sendTimeout(PATIENCE);
        socket.bind("tcp://127.0.0.1:*");
        return socket;
    }

    Socket connected(SocketType type, Socket to) {
        Socket socket = context.socket(type);
        socket.options().receiveTimeout(PATIENCE).sendTimeout(PATIENCE);
        socket.connect(to.options().lastEndpoint());
        return socket;
    }

    /** Starts the thread of {@link MailboxWatch}, which stays, before leaks are looked for. */
    static void startWatchThread() {
        System.setProperty("evy.zmq.readiness", "watch");
        try (Context own = Context.open()) {
            own.socket(SocketType.PULL).close();
        } finally {
            System.clearProperty("evy.zmq.readiness");
        }
    }

    static AbstractThrowableAssert<?, ?> assertFails(ZmqError error, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ZmqException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
