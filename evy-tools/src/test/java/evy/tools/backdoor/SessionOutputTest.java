package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a session prints if it may not wait, is interrupted or is over; and who is let in. */
@ExtendWith(LeakCheckExtension.class)
class SessionOutputTest {
    private static final int MOST_CHUNKS = 256;

    private final SessionOutput output = new SessionOutput();
    private final ByteArrayOutputStream client = new ByteArrayOutputStream();

    @Test
    void write_hubsCallbackWithoutRoom_isDroppedAndDoesNotWait() throws Exception {
        fill();
        var done = new CountDownLatch(1);

        Hub.getDefault()
                .execute(
                        () -> {
                            output.stream().print("dropped");
                            done.countDown();
                        });

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(sent()).isEqualTo("x".repeat(MOST_CHUNKS));
    }

    @Test
    void write_interruptedWithoutRoom_saysSoAndStaysInterrupted() throws Exception {
        fill();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> output.write('y'))
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessage("interrupted while printing to a backdoor session");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(sent()).isEqualTo("x".repeat(MOST_CHUNKS));
    }

    @Test
    void sendUrgently_tooMuch_isDroppedAndTheRestGoesFirst() throws Exception {
        output.write('x');
        output.sendUrgently("a".repeat(4000).getBytes(StandardCharsets.US_ASCII));
        output.sendUrgently("b".repeat(200).getBytes(StandardCharsets.US_ASCII));
        output.sendUrgently("c".getBytes(StandardCharsets.US_ASCII));

        assertThat(sent()).isEqualTo("a".repeat(4000) + "cx");
    }

    @Test
    void sendUrgently_sessionOver_isForgotten() throws Exception {
        output.close();

        output.sendUrgently((byte) 1);
        output.write('x');

        assertThat(sent()).isEmpty();
    }

    @Test
    void sendTo_interrupted_endsAndPrintersDoNotWaitForIt() throws Exception {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> output.sendTo(client))
                    .isInstanceOf(InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        fill();
        fill(); // twice what there is room for
        assertThat(client.size()).isZero();
    }

    @Test
    void admits_tooManyThatWait_turnsAwayTheNextAtOnce() throws Exception {
        var admitted =
                Evy.run(
                        () -> {
                            var gate = new Gate("open sesame");
                            var go = new evy.sync.Event<Boolean>();
                            List<evy.GreenThread<Boolean>> waiting = new ArrayList<>();
                            for (var i = 0; i < 64; i++) {
                                waiting.add(Evy.spawn(() -> gate.admits(token(go))));
                            }
                            while (go.waiting() < 64) {
                                Evy.yield();
                            }
                            var open = new evy.sync.Event<Boolean>();
                            open.send(true);
                            assertThat(gate.admits(token(open))).as("the 65th").isFalse();
                            go.send(true);
                            var all = 0;
                            for (var one : waiting) {
                                all += one.join() ? 1 : 0;
                            }
                            assertThat(gate.admits(token(open))).as("afterwards").isTrue();
                            return all;
                        });

        assertThat(admitted).isEqualTo(64);
    }

    /** A client that says the token when the event has come. */
    private static TelnetInput token(evy.sync.Event<Boolean> go) {
        var in =
                new InputStream() {
                    @Override
                    public int read() {
                        throw new AssertionError("byte by byte");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length)
                            throws InterruptedIOException {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new InterruptedIOException();
                        }
                        var said = "open sesame\n".getBytes(StandardCharsets.US_ASCII);
                        System.arraycopy(said, 0, bytes, offset, said.length);
                        return said.length;
                    }
                };
        return new TelnetInput(in, _ -> {}, 80);
    }

    private void fill() throws Exception {
        for (var i = 0; i < MOST_CHUNKS; i++) {
            output.write('x');
        }
    }

    /** All that a client gets. */
    private String sent() throws Exception {
        output.close();
        output.sendTo(client);
        return client.toString(StandardCharsets.UTF_8);
    }
}
