package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

class DeflateTest {
    private static final byte[] HELLO = "Hello".getBytes(StandardCharsets.UTF_8);

    private static DeflateAgreement agreement(boolean keepOwn, boolean keepPeer) {
        return new DeflateAgreement(
                Compression.WITH_CONTEXT, keepOwn, keepPeer, Extension.parse("x").getFirst());
    }

    @Test
    @Spec("WS19")
    void message_contextKept_asTheRfcsVectors() {
        Deflation deflation = new Deflation(agreement(true, true));

        assertThat(compress(deflation)).isEqualTo("f248cdc9c90700");
        assertThat(compress(deflation)).isEqualTo("f200110000");
    }

    @Test
    @Spec("WS19")
    void message_contextNotKept_theSameEachTime() {
        Deflation deflation = new Deflation(agreement(false, true));

        assertThat(compress(deflation)).isEqualTo("f248cdc9c90700");
        assertThat(compress(deflation)).isEqualTo("f248cdc9c90700");
    }

    private static String compress(Deflation deflation) {
        deflation.message(HELLO, 0, HELLO.length);
        return HexFormat.of().formatHex(deflation.output(), 0, deflation.length());
    }

    /* RFC 7692, 7.2.3.2 to 7.2.3.5: with a stored block, with context, several blocks, BFINAL. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f248cdc9c90700",
                "000500faff48656c6c6f00",
                "f348cdc9c9070000",
                "f248050000 00ffffcac9c90700"
            })
    void read_theRfcsForms_understood(String hex) throws IOException {
        Inflation inflation = new Inflation(agreement(true, true));

        assertThat(decompress(inflation, hex)).isEqualTo("Hello");
        assertThat(decompress(inflation, "f248cdc9c90700")).isEqualTo("Hello");
    }

    private static String decompress(Inflation inflation, String hex) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[3];
        for (byte[] input : new byte[][] {bytes, Deflation.TAIL}) {
            inflation.feed(input, input.length);
            for (int n = inflation.read(block, 0, 3); n > 0; n = inflation.read(block, 0, 3)) {
                out.write(block, 0, n);
            }
        }
        inflation.endMessage();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Spec("WS18")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | permessage-deflate",
                "PerMessage-Deflate ;Client_No_Context_Takeover |"
                        + " permessage-deflate; client_no_context_takeover",
                "permessage-deflate; server_no_context_takeover |"
                        + " permessage-deflate; server_no_context_takeover",
                "permessage-deflate; client_max_window_bits |"
                        + " permessage-deflate; client_max_window_bits=15",
                "permessage-deflate; client_max_window_bits=\"10\" |"
                        + " permessage-deflate; client_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=15 |"
                        + " permessage-deflate; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=10 |",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate |"
                        + " permessage-deflate",
                "permessage-deflate; server_max_window_bits=7,"
                        + " permessage-deflate; client_max_window_bits=16,"
                        + " permessage-deflate; client_max_window_bits=x,"
                        + " permessage-deflate; unknown, permessage-deflate | permessage-deflate",
                "permessage-deflate; client_max_window_bits=08 |",
                "permessage-deflate; server_no_context_takeover=1 |",
                "permessage-deflate; client_max_window_bits=9; client_max_window_bits=9 |",
                "x-webkit-deflate-frame |",
            })
    void choose_offers_firstThatCanBeHonoured(String offers, String reply) {
        DeflateAgreement agreed =
                DeflateAgreement.choose(Extension.parse(offers), Compression.WITH_CONTEXT);

        assertThat(agreed == null ? null : agreed.reply().toString()).isEqualTo(reply);
    }

    @Test
    @Spec("WS18")
    void choose_serversWish_isSaidAndHeld() {
        DeflateAgreement agreed =
                DeflateAgreement.choose(
                        Extension.parse("permessage-deflate"), Compression.WITHOUT_CONTEXT);

        assertThat(agreed.reply())
                .hasToString(
                        "permessage-deflate; server_no_context_takeover;"
                                + " client_no_context_takeover");
        assertThat(agreed.keepOwnContext()).isFalse();
        assertThat(agreed.keepPeerContext()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | true",
                "permessage-deflate; server_max_window_bits=9 | true",
                "permessage-deflate; client_no_context_takeover | true",
                "permessage-deflate; client_max_window_bits=15 | false",
                "permessage-deflate; foo | false",
                "other | false",
            })
    void confirm_answer_onlyToTheOffer(String answer, boolean confirmed) {
        assertThat(
                        DeflateAgreement.confirm(
                                        Extension.parse(answer).getFirst(),
                                        Compression.WITH_CONTEXT)
                                != null)
                .isEqualTo(confirmed);
    }

    /* What cannot be compressed needs more room than was guessed. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8_000, 16_379, 16_384, 40_000, 200_000})
    void message_ofNoise_isTheSameAgain(int length) throws IOException {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        Deflation deflation = new Deflation(agreement(true, true));
        Inflation inflation = new Inflation(agreement(true, true));
        deflation.message(noise, 0, length);

        inflation.feed(deflation.output(), deflation.length());
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        for (int tail = 0; tail < 2; tail++) {
            for (int n = inflation.read(buffer, 0, buffer.length);
                    n > 0;
                    n = inflation.read(buffer, 0, buffer.length)) {
                read.write(buffer, 0, n);
            }
            inflation.feed(Deflation.TAIL, Deflation.TAIL.length);
        }

        assertThat(read.toByteArray()).isEqualTo(noise);
        deflation.release();
        deflation.close();
        inflation.close();
    }

    @Test
    void spares_moreThanAreKept_areLeftToTheirOwner() {
        Spares<String> spares = new Spares<>(2);

        assertThat(spares.keep("a")).isTrue();
        assertThat(spares.keep("b")).isTrue();
        assertThat(spares.keep("c")).isFalse();
        assertThat(spares.take()).isEqualTo("a");
        assertThat(spares.take()).isEqualTo("b");
        assertThat(spares.take()).isNull();
    }

    @Test
    void close_ofManyAtOnce_eachIsDoneWith() throws IOException {
        List<Deflation> deflations = new ArrayList<>();
        List<Inflation> inflations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            deflations.add(new Deflation(agreement(true, true)));
            assertThat(compress(deflations.getLast())).isEqualTo("f248cdc9c90700");
            inflations.add(new Inflation(agreement(true, true)));
            assertThat(decompress(inflations.getLast(), "f248cdc9c90700")).isEqualTo("Hello");
        }
        deflations.forEach(Deflation::close);
        inflations.forEach(Inflation::close);

        for (int i = 0; i < 20; i++) { // none that was ended is taken again
            assertThat(compress(deflations.get(i))).isEqualTo("f248cdc9c90700");
            assertThat(decompress(inflations.get(i), "f248cdc9c90700")).isEqualTo("Hello");
        }
        deflations.forEach(Deflation::close);
        inflations.forEach(Inflation::close);
    }
}
