package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;

/** Connections that are made while nothing else happens. */
@ExtendWith(LeakCheckExtension.class)
class PollerNudgeTest {
    private static final int CONNECTIONS = 100; // of which JeroMQ alone forgets five
    private static final Duration PATIENCE = Duration.ofSeconds(10); // its own limit is thirty

    @Test
    @Spec("ZMQ1")
    void connect_fromAnotherContext_neverStalls() throws Exception {
        Evy.run(
                () -> {
                    for (int i = 0; i < CONNECTIONS; i++) {
                        connectOnce(String.valueOf(i));
                    }
                });
    }

    private static void connectOnce(String text) {
        try (Context one = Context.open();
                Context other = Context.open()) {
            Socket pull = one.socket(SocketType.PULL);
            pull.options().receiveTimeout(PATIENCE);
            String address = pull.bind("tcp://127.0.0.1:*");
            Socket push = other.socket(SocketType.PUSH);
            push.connect(address);

            push.send(text);

            assertThat(pull.recvString()).isEqualTo(text);
        }
    }
}
