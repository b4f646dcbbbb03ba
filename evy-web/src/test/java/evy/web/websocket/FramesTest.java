package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

class FramesTest {
    private static final long SEED = 20_261_122;

    @Test
    void apply_anyOffsetLengthAndPosition_asByteByByte() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            int offset = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int length = bytes.length - offset;
            int key = random.nextInt();
            long position = random.nextInt(1000);
            byte[] expected = bytes.clone();
            for (int k = 0; k < length; k++) {
                expected[offset + k] ^= (byte) (key >>> (24 - (position + k) % 4 * 8));
            }

            Masks.apply(key, position, bytes, offset, length);

            assertThat(bytes).isEqualTo(expected);
        }
    }

    @Test
    void accepts_randomBytesInRandomPieces_asTheJdksDecoder() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = someBytes(random);

            boolean valid = isValid(bytes, random);

            assertThat(valid).as("%s", ByteBuffer.wrap(bytes)).isEqualTo(jdkAccepts(bytes));
        }
    }

    @Test
    void accepts_firstByteThatCannotBe_saysSoAtOnce() {
        Utf8Validator validator = new Utf8Validator();
        byte[] overlong = {'a', (byte) 0xe0, (byte) 0x80};

        assertThat(validator.accepts(overlong, 0, 2)).isTrue();
        assertThat(validator.accepts(overlong, 2, 1)).isFalse();
    }

    private static byte[] someBytes(Random random) {
        if (random.nextBoolean()) {
            byte[] bytes = new byte[random.nextInt(6)];
            random.nextBytes(bytes);
            return bytes;
        }
        StringBuilder text = new StringBuilder("a".repeat(random.nextInt(20)));
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.appendCodePoint(random.nextInt(0x110000));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] += (byte) (1 + random.nextInt(255));
        }
        return bytes;
    }

    private static boolean isValid(byte[] bytes, Random random) {
        Utf8Validator validator = new Utf8Validator();
        int at = 0;
        while (at < bytes.length) {
            int n = 1 + random.nextInt(bytes.length - at);
            if (!validator.accepts(bytes, at, n)) {
                return false;
            }
            at += n;
        }
        return validator.endsWhole();
    }

    private static boolean jdkAccepts(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void write_everyLength_readBackTheSame() throws IOException {
        for (int length : new int[] {0, 1, 125, 126, 127, 4080, 4096, 65535, 65536, 200_000}) {
            for (boolean masked : new boolean[] {true, false}) {
                byte[] payload = new byte[length];
                new Random(SEED).nextBytes(payload);
                ByteArrayOutputStream wire = new ByteArrayOutputStream();
                FrameWriter writer =
                        masked
                                ? FrameWriter.masking(wire::write, new Random(SEED))
                                : FrameWriter.plain(wire::write);

                writer.write(Opcode.BINARY, true, false, payload, 0, length);

                assertThat(readBack(wire.toByteArray(), masked)).isEqualTo(payload);
            }
        }
    }

    private static byte[] readBack(byte[] wire, boolean masked) throws IOException {
        var in = new java.io.ByteArrayInputStream(wire);
        FrameReader reader = new FrameReader(in::read, masked, false, Long.MAX_VALUE);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        reader.next();
        byte[] block = new byte[1000];
        for (int n = reader.read(block, 0, 1000); n >= 0; n = reader.read(block, 0, 1000)) {
            payload.write(block, 0, n);
        }
        return payload.toByteArray();
    }

    @Test
    void next_nothingThere_bufferGivenBackBeforeTheWait() throws IOException {
        var wire = new java.io.ByteArrayInputStream(new byte[] {(byte) 0x82, 0});
        boolean[] waited = new boolean[1];
        var source =
                new FrameReader.Source() {
                    private byte[] tried = SpareBuffers.NONE;

                    @Override
                    public int tryRead(byte[] b, int offset, int length) {
                        tried = b;
                        return 0;
                    }

                    @Override
                    public void await() {
                        byte[] spare = SpareBuffers.take(); // the one given back last
                        SpareBuffers.release(spare);
                        waited[0] = spare == tried;
                    }

                    @Override
                    public int read(byte[] b, int offset, int length) {
                        return wire.read(b, offset, length);
                    }
                };

        new FrameReader(source, false, false, Long.MAX_VALUE).next();

        assertThat(waited[0]).isTrue();
    }
}
