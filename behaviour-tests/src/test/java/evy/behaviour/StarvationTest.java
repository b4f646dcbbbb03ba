package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A server whose old clients never pause serves new ones all the same. */
@ExtendWith(LeakCheckExtension.class)
class StarvationTest {
    private static final int GREEDY = 8;
    private static final int NEW_CLIENTS = 20;

    @Test
    @Spec("TEST4")
    void server_clientsThatNeverPause_newOnesAreServed() throws Exception {
        Evy.run(
                () -> {
                    var stop = new AtomicBoolean();
                    try (var listener = NetFixtures.listen()) {
                        var serving =
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
                        var greedy = new ArrayList<GreenThread<Long>>();
                        for (int i = 0; i < GREEDY; i++) {
                            greedy.add(Evy.spawn(() -> talk(listener.address(), stop)));
                        }

                        for (int i = 0; i < NEW_CLIENTS; i++) {
                            try (var client = Evy.connect(listener.address())) {
                                client.sendAll(new byte[] {(byte) i});
                                assertThat(client.recv(9)).containsExactly(i);
                            }
                        }

                        stop.set(true);
                        for (var one : greedy) {
                            assertThat(one.join()).isPositive(); // none of them starved either
                        }
                        serving.kill();
                    }
                    return null;
                });
    }

    private static long talk(SocketAddress server, AtomicBoolean stop) throws Exception {
        long messages = 0;
        try (var client = Evy.connect(server)) {
            while (!stop.get()) {
                client.sendAll(new byte[1000]);
                NetFixtures.receive(client, 1000);
                messages++;
            }
        }
        return messages;
    }
}
