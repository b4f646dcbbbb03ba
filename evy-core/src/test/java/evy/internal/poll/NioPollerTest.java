package evy.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;

/** What only a selector refuses, or is told. */
class NioPollerTest {
    private NioPoller poller;
    private DatagramChannel channel;

    @BeforeEach
    void open() throws IOException {
        poller = NioPoller.open();
        channel = DatagramChannel.open();
        channel.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        poller.close();
        channel.close();
    }

    private void assertRefused(RecordingSource source, String message) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> poller.arm(source, Source.READ, false))
                .withMessageContaining(message);
        assertThat(source.registration).isNull();
    }

    @Test
    void arm_numberWithoutAChannel_namesTheNumber() {
        assertRefused(new RecordingSource(77, null), "descriptor 77 is not a channel");
    }

    @Test
    void arm_blockingChannel_saysSo() throws IOException {
        channel.configureBlocking(true);

        assertRefused(new RecordingSource(-1, channel), "is in blocking mode");
    }

    @Test
    void arm_pollerClosed_saysSo() {
        poller.close();

        assertRefused(new RecordingSource(-1, channel), "poller is closed");
    }

    @Test
    void arm_channelOfAnother_formerIsLostOnce() throws IOException {
        RecordingSource former = new RecordingSource(-1, channel);
        RecordingSource next = new RecordingSource(-1, channel);
        poller.arm(former, Source.READ, false);

        poller.arm(next, Source.WRITE, false);
        poller.poll(0);

        assertThat(former.losses()).isOne();
        assertThat(former.registration).isNull();
        assertThat(former.takeSeen()).isZero();
        assertThat(next.takeSeen()).isEqualTo(Source.WRITE);
        assertThat(poller.sources()).containsExactly(next);
    }

    @Test
    void arm_keyCancelledBehindItsBack_registersAgain() throws IOException {
        RecordingSource source = new RecordingSource(-1, channel);
        poller.arm(source, Source.READ, false);
        ((SelectionKey) source.registration).cancel();

        poller.arm(source, Source.WRITE, false);
        poller.poll(0);

        assertThat(source.takeSeen()).isEqualTo(Source.WRITE);
    }
}
