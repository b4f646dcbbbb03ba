package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;
import evy.tools.backdoor.TelnetInput.Said;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

class TelnetInputTest {
    private static final int MAX_LINE = 80;

    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();

    @Test
    @Spec("BD2")
    void next_everyLineEnd_endsOneLine() throws Exception {
        assertThat(said("a\nb\r\nc\r\0d\re\n\n"))
                .containsExactly(
                        line("a"), line("b"), line("c"), line("d"), line("e"), line(""), END);
    }

    @Test
    void next_lastLineWithoutEnd_isALine() throws Exception {
        assertThat(said("a\nb")).containsExactly(line("a"), line("b"), END);
    }

    @Test
    void next_utf8_isDecoded() throws Exception {
        assertThat(said("\"gr\u00fc\u00df \ud83d\ude00\"\n"))
                .containsExactly(line("\"gr\u00fc\u00df \ud83d\ude00\""), END);
    }

    @Test
    void next_longestLine_isTakenAndALongerOneSkipped() throws Exception {
        var longest = "x".repeat(MAX_LINE);

        assertThat(said(longest + "\n" + longest + "y\nz\n"))
                .containsExactly(line(longest), new Said.TooLong(), line("z"), END);
    }

    @Test
    void next_controlC_dropsTheLineSoFar() throws Exception {
        assertThat(said("abc\u0003d\n")).containsExactly(new Said.Interrupt(), line("d"), END);
    }

    @Test
    void next_controlD_endsOnlyAtTheStart() throws Exception {
        assertThat(said("a\u0004\n")).containsExactly(line("a\u0004"), END);
        assertThat(said("a\n\u0004b\n").subList(0, 2)).containsExactly(line("a"), END);
    }

    @Test
    void next_telnetOffers_areRefusedOnce() throws Exception {
        assertThat(saidBytes("fffb18 fffd01 fffb18 fffd01 fffc18 fffe01 61 0d0a"))
                .containsExactly(line("a"), END);

        assertThat(HexFormat.of().formatHex(replies.toByteArray())).isEqualTo("fffe18fffc01");
    }

    @Test
    void next_telnetInterrupts_areInterruptsAndTheTimingMarkIsAnsweredEachTime() throws Exception {
        assertThat(saidBytes("61 fff4 fffd06 fff3 fffd06"))
                .containsExactly(new Said.Interrupt(), new Said.Interrupt(), END);

        assertThat(HexFormat.of().formatHex(replies.toByteArray())).isEqualTo("fffc06fffc06");
    }

    @Test
    void next_subnegotiation_isSkipped() throws Exception {
        assertThat(saidBytes("fffa1800ffff03fff0 61 0a")).containsExactly(line("a"), END);
        assertThat(saidBytes("fffa18 00 00")).containsExactly(END);
    }

    @Test
    void next_otherCommands_areAnsweredOrPassedOver() throws Exception {
        assertThat(saidBytes("61 fff6 fff5 fff1 62 0a")).containsExactly(line("ab"), END);
        assertThat(replies.toString(StandardCharsets.US_ASCII)).isEqualTo("[yes]\r\n");

        assertThat(saidBytes("61 ffff 0a"))
                .as("a doubled IAC")
                .containsExactly(line("a\ufffd"), END);
        assertThat(saidBytes("ffec 61 0a").getFirst()).as("end of file").isEqualTo(END);
    }

    @Test
    void next_cutOffInCommand_ends() throws Exception {
        assertThat(saidBytes("ff")).containsExactly(END);
        assertThat(saidBytes("fffb")).containsExactly(END);
        assertThat(replies.size()).isZero();
    }

    private static final Said END = new Said.End();

    private static Said line(String text) {
        return new Said.Line(text);
    }

    private List<Said> said(String text) throws IOException {
        return said(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Said> saidBytes(String hex) throws IOException {
        return said(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private List<Said> said(byte... bytes) throws IOException {
        var input = new TelnetInput(new ByteArrayInputStream(bytes), replies::writeBytes, MAX_LINE);
        List<Said> all = new ArrayList<>();
        do {
            all.add(input.next());
        } while (!all.getLast().equals(END));
        return all;
    }
}
