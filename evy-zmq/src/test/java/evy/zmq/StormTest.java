package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.testkit.Spec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random sends and receives with kills and timeouts among them: what was sent arrives, once. */
class StormTest extends ZmqTest {
    private static final int THREADS = 8;
    private static final int MESSAGES = 150;

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:*", "inproc://storm", "ipc://*"})
    @Spec({"ZMQ5", "ZMQ6", "ZMQ7", "ZMQ12"})
    void pushPull_killsAndTimeouts_conserve(String endpoint) {
        long seed = System.nanoTime();
        Evy.run(() -> storm(new Random(seed), endpoint, "seed " + seed));
    }

    private void storm(Random random, String endpoint, String seed) {
        Socket pull = context.socket(SocketType.PULL);
        pull.options().receiveHighWaterMark(7);
        String bound = pull.bind(endpoint);
        Socket push = context.socket(SocketType.PUSH);
        push.options().sendHighWaterMark(5);
        push.connect(bound);
        List<String> sent = new ArrayList<>();
        List<String> received = new ArrayList<>();
        List<GreenThread<?>> senders = new ArrayList<>();
        List<GreenThread<?>> receivers = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            String name = "t" + t;
            Random own = new Random(random.nextLong());
            senders.add(Evy.spawn(() -> sendAll(push, name, own, sent)));
            Random other = new Random(random.nextLong());
            receivers.add(Evy.spawn(() -> receiveUntilKilled(pull, other, received)));
        }
        Evy.yield(); // so that all have begun
        for (int i = 0; i < 300; i++) {
            // those who are killed go on with the next message
            (random.nextBoolean() ? senders : receivers)
                    .get(random.nextInt(THREADS))
                    .raise(new Interruption());
            Evy.sleep(Duration.ofNanos(random.nextInt(200_000)));
        }

        senders.forEach(GreenThread::join);
        Timeout.run(PATIENCE, () -> awaitSize(received, sent.size()));
        receivers.forEach(GreenThread::kill);

        Set<String> once = new HashSet<>(received);
        assertThat(received).as(seed).hasSameSizeAs(once).hasSameSizeAs(sent);
        assertThat(once).as(seed).isEqualTo(new HashSet<>(sent));
    }

    private static void sendAll(Socket push, String name, Random random, List<String> sent) {
        for (int i = 0; i < MESSAGES; ) {
            String text = name + ":" + i;
            try {
                if (random.nextInt(3) == 0) {
                    push.sendStrings(text, "", text);
                } else {
                    push.send(text);
                }
                sent.add(text); // no switch in between: if it was sent, it is noted
                i++;
                if (random.nextInt(5) == 0) {
                    Evy.yield();
                }
            } catch (Interruption e) {
                // it was not sent, or this came at the yield
            }
        }
    }

    private static void receiveUntilKilled(Socket pull, Random random, List<String> received) {
        while (true) {
            try {
                List<String> parts =
                        Timeout.call(
                                Duration.ofNanos(random.nextInt(500_000)),
                                pull::recvStrings,
                                List.of());
                if (!parts.isEmpty()) {
                    assertThat(parts.size()).isIn(1, 3);
                    assertThat(parts.getLast()).isEqualTo(parts.getFirst());
                    received.add(parts.getFirst());
                }
                Evy.yield();
            } catch (Interruption e) {
                // nothing was received, or this came at the yield
            } catch (GreenThreadExit e) {
                return;
            }
        }
    }

    private static void awaitSize(List<?> list, int size) {
        while (list.size() < size) {
            Evy.sleep(Duration.ofMillis(1));
        }
    }

    /** Raised into threads at random. */
    private static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
