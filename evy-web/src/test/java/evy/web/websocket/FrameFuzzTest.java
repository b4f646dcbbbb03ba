package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import evy.web.websocket.Message.Binary;
import evy.web.websocket.Message.Text;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Seeded streams of frames, well formed, broken and random, in pieces of any size. */
class FrameFuzzTest {
    private static final long SEED = 6455;
    private static final int LIMIT = 5000;

    /** Counts what it is told. */
    private static final class Control implements MessageReader.Control {
        int pings;
        @Nullable CloseStatus closed;

        @Override
        public void onPing(byte[] payload) {
            assertThat(payload.length).isLessThanOrEqualTo(125);
            pings++;
        }

        @Override
        public void onClose(CloseStatus status) {
            closed = status;
        }
    }

    private static MessageReader reader(
            byte[] stream, Random random, Control control, @Nullable DeflateAgreement agreed) {
        ByteArrayInputStream in = new ByteArrayInputStream(stream);
        FrameReader.Source pieces =
                (b, offset, length) -> in.read(b, offset, Math.min(length, 1 + random.nextInt(50)));
        FrameReader frames = new FrameReader(pieces, true, agreed != null, LIMIT);
        return new MessageReader(
                frames, control, agreed == null ? null : new Inflation(agreed), LIMIT);
    }

    @Test
    void receive_validMessagesCutAnyhow_comeWhole() throws IOException {
        Random random = new Random(SEED);
        DeflateAgreement agreed =
                DeflateAgreement.choose(
                        Extension.parse("permessage-deflate"), Compression.WITH_CONTEXT);
        for (int i = 0; i < 1000; i++) {
            DeflateAgreement used = random.nextBoolean() ? agreed : null;
            List<Message> sent = new ArrayList<>();
            byte[] stream = conversation(random, sent, used);

            MessageReader reader = reader(stream, random, new Control(), used);
            List<Message> received = new ArrayList<>();
            for (Message m = reader.receive(); m != null; m = reader.receive()) {
                received.add(m);
            }
            reader.close();

            assertThat(received).as("round %d", i).isEqualTo(sent);
        }
    }

    private static byte[] conversation(
            Random random, List<Message> sent, @Nullable DeflateAgreement agreed)
            throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Deflation deflation = agreed == null ? null : new Deflation(agreed);
        for (int i = random.nextInt(5); i > 0; i--) {
            Message message = message(random);
            sent.add(message);
            byte[] payload =
                    message instanceof Text(String text)
                            ? text.getBytes(StandardCharsets.UTF_8)
                            : ((Binary) message).bytes();
            int first = message instanceof Text ? Opcode.TEXT : Opcode.BINARY;
            if (deflation != null && payload.length > 0 && random.nextBoolean()) {
                deflation.message(payload, 0, payload.length);
                payload = Arrays.copyOf(deflation.output(), deflation.length());
                first |= 0x40;
            }
            fragments(random, stream, first, payload);
        }
        if (deflation != null) {
            deflation.close();
        }
        stream.write(Peer.frame(0x88, new byte[0], true));
        return stream.toByteArray();
    }

    private static Message message(Random random) {
        if (random.nextBoolean()) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            return new Binary(bytes);
        }
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(100); n > 0; n--) {
            int c = random.nextInt(4) == 0 ? random.nextInt(0x110000) : 'a' + random.nextInt(26);
            text.appendCodePoint(Character.isSurrogate((char) c) && c < 0x10000 ? 'x' : c);
        }
        return new Text(text.toString());
    }

    private static void fragments(
            Random random, ByteArrayOutputStream stream, int first, byte[] payload)
            throws IOException {
        int opcode = first;
        int at = 0;
        while (random.nextInt(3) > 0) {
            int n = random.nextInt(payload.length - at + 1);
            stream.write(Peer.frame(opcode, Arrays.copyOfRange(payload, at, at + n), true));
            at += n;
            opcode = 0;
            if (random.nextInt(4) == 0) {
                stream.write(Peer.frame(0x89, new byte[random.nextInt(126)], true));
            }
        }
        stream.write(
                Peer.frame(0x80 | opcode, Arrays.copyOfRange(payload, at, payload.length), true));
    }

    @Test
    void receive_mutatedOrRandomStreams_endsInOrder() throws IOException {
        Random random = new Random(SEED);
        DeflateAgreement agreed =
                DeflateAgreement.choose(
                        Extension.parse("permessage-deflate"), Compression.WITH_CONTEXT);
        int refused = 0;
        for (int i = 0; i < 6_000; i++) {
            byte[] stream =
                    conversation(random, new ArrayList<>(), random.nextBoolean() ? agreed : null);
            if (random.nextInt(10) == 0) {
                random.nextBytes(stream);
            } else {
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    stream[random.nextInt(stream.length)] = (byte) random.nextInt();
                }
            }
            if (i % 20 == 0) {
                for (boolean compressed : new boolean[] {false, true}) {
                    assertThat(FramesFuzzer.understood(stream, compressed, 1))
                            .as("seed %d, round %d", SEED, i)
                            .isEqualTo(FramesFuzzer.understood(stream, compressed, 1000));
                }
            }
            refused += isRefused(stream, random, agreed, i) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(500);
    }

    private static boolean isRefused(
            byte[] stream, Random random, @Nullable DeflateAgreement agreed, int round) {
        MessageReader reader = reader(stream, random, new Control(), agreed);
        try {
            int messages = 0;
            while (reader.receive() != null) {
                assertThat(++messages).isLessThanOrEqualTo(stream.length);
            }
            return false;
        } catch (ProtocolException e) {
            assertThat(CloseStatus.isSendable(e.status().code())).isTrue();
            return true;
        } catch (EOFException e) {
            return false;
        } catch (IOException | RuntimeException e) {
            return fail("seed " + SEED + ", round " + round, e);
        } finally {
            reader.close();
        }
    }
}
