package evy.web.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** What is written arrives, however it is cut up; what was taken back does not. */
class OutputTest {
    private static final long SECOND = 1_000_000_000;

    private final RecordingWire wire = new RecordingWire();
    private final Output output = new Output(wire, new Buffers(), SECOND);

    @Test
    void chunks_ofAnySize_areDecodedToWhatWasWritten() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            wire.clear();
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            ResponseBody body =
                    new ResponseBody(
                            output, ResponseBody.Coding.CHUNKED, -1, random.nextInt(10_000));
            for (int i = random.nextInt(40); i > 0; i--) {
                byte[] piece = new byte[random.nextInt(random.nextInt(10) == 0 ? 40_000 : 300)];
                random.nextBytes(piece);
                body.write(piece);
                written.writeBytes(piece);
                if (random.nextInt(5) == 0) {
                    body.flush();
                }
            }
            body.end("");
            output.flush();

            assertThat(decode(wire.sent())).as("seed %d", seed).isEqualTo(written.toByteArray());
            assertThat(body.written()).isEqualTo(written.size());
        }
    }

    private static byte[] decode(byte[] chunked) {
        String all = new String(chunked, StandardCharsets.ISO_8859_1);
        StringBuilder decoded = new StringBuilder();
        int at = 0;
        while (true) {
            int end = all.indexOf("\r\n", at);
            String digits = all.substring(at, end);
            int size = Integer.parseInt(digits, 16);
            assertThat(digits).doesNotStartWith(size == 0 ? "00" : "0");
            at = end + 2;
            decoded.append(all, at, at + size);
            at += size;
            assertThat(all.substring(at, at + 2)).isEqualTo("\r\n");
            at += 2;
            if (size == 0) {
                assertThat(at).isEqualTo(all.length());
                return decoded.toString().getBytes(StandardCharsets.ISO_8859_1);
            }
        }
    }

    @Test
    void rewind_notSent_takesBackOnlyWhatCameAfter() throws Exception {
        output.text("kept ");
        long start = output.position();
        output.text("taken back");

        output.rewind(start);
        output.decimal(1_020);
        output.flush();

        assertThat(wire.text()).isEqualTo("kept 1020");
        assertThat(output.isSentAfter(start)).isTrue();
        assertThatThrownBy(() -> output.rewind(start)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tryFlush_wireTakesLittle_keepsTheRestInOrder() throws Exception {
        output.text("0123456789");
        wire.takesAtOnce = 4;

        output.tryFlush();
        output.text("abc");
        output.flush();

        assertThat(wire.text()).isEqualTo("0123456789abc");
        assertThat(output.position()).isEqualTo(13);
    }

    @Test
    void write_fails_isBroken() throws Exception {
        output.text("x");
        wire.fails = true;

        assertThatThrownBy(output::flush).isInstanceOf(IOException.class);
        assertThat(output.isBroken()).isTrue();
    }

    @Test
    void fixed_moreThanAnnounced_isRefusedBeforeItIsSent() throws Exception {
        ResponseBody body = new ResponseBody(output, ResponseBody.Coding.FIXED, 3, 0);
        body.write(new byte[] {'a', 'b'});

        assertThatThrownBy(() -> body.write(new byte[2]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3");
        assertThatThrownBy(() -> body.end(""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 bytes");
        assertThat(wire.text()).isEqualTo("ab");
    }

    @Test
    void chunk_fillsTheBuffer_goesOnInAnother() throws Exception {
        ResponseBody body =
                new ResponseBody(output, ResponseBody.Coding.CHUNKED, -1, Integer.MAX_VALUE);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        String before = "x".repeat(Buffers.SIZE * 23 / 32); // of an answer before
        output.text(before);
        for (int i = 0; i < 100; i++) {
            byte[] piece = new byte[999];
            Arrays.fill(piece, (byte) i);
            body.write(piece);
            written.writeBytes(piece);
        }
        body.close(); // as apps do; it is the server that ends it
        body.end("");
        body.end(""); // once only
        output.flush();

        byte[] sent = wire.sent();
        assertThat(wire.text()).startsWith(before);
        assertThat(decode(Arrays.copyOfRange(sent, before.length(), sent.length)))
                .isEqualTo(written.toByteArray());
    }

    @Test
    void abandon_lost_isSilent() throws Exception {
        ResponseBody body = new ResponseBody(output, ResponseBody.Coding.FIXED, 3, 10);
        body.write('a');
        wire.fails = true;
        body.abandon();

        assertThat(output.isBroken()).isTrue();
        assertThatThrownBy(() -> body.write('b')).hasMessage("the response has ended");
    }

    @Test
    void sendFile_wireCannot_saysSo() {
        assertThatThrownBy(() -> wire.sendFile(Path.of("f"), 0, 1, SECOND))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("sends no files");
    }

    @Test
    void patience_isOver_saysAfterHowLong() throws Exception {
        Patience patience = new Patience(1);
        assertThat(patience.left()).isOne();

        while (catchThrowable(patience::left) == null) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(patience::left)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("not complete after 0 ms");
    }
}
