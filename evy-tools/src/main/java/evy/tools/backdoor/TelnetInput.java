package evy.tools.backdoor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Makes lines and interrupts of what a client sends, be it telnet, netcat or noise. Lines end with
 * LF, CR LF, CR NUL or CR; they are UTF-8.
 *
 * <p>Every telnet option is refused, once. A telnet {@code IP}, {@code BRK} or {@code ABORT} and a
 * plain Ctrl-C are interrupts; a Ctrl-D at the start of a line is the end.
 *
 * @source RFC 854, RFC 1123 section 3; RFC 860 for the timing mark that a client waits for after an
 *     interrupt
 */
final class TelnetInput {
    /** What a client can say. */
    sealed interface Said {
        /** A line, without its end. */
        record Line(String text) implements Said {}

        /** A line that is too long; it was skipped. */
        record TooLong() implements Said {}

        /** Ctrl-C. */
        record Interrupt() implements Said {}

        /** The end of the input. */
        record End() implements Said {}
    }

    private static final int IAC = 255;
    private static final int DONT = 254;
    private static final int DO = 253;
    private static final int WONT = 252;
    private static final int WILL = 251;
    private static final int SUBNEGOTIATION = 250;
    private static final int ARE_YOU_THERE = 246;
    private static final int ABORT_OUTPUT = 245;
    private static final int INTERRUPT = 244;
    private static final int BREAK = 243;
    private static final int SUBNEGOTIATION_END = 240;
    private static final int ABORT = 238;
    private static final int SUSPEND = 237;
    private static final int END_OF_FILE = 236;
    private static final int TIMING_MARK = 6;
    private static final int CTRL_C = 3;
    private static final int CTRL_D = 4;

    private final InputStream in;
    private final Consumer<byte[]> replies;
    private final byte[] line;
    private final byte[] buffer = new byte[4096];
    private final BitSet refused = new BitSet(512);

    private int position;
    private int limit;
    private int length;
    private boolean tooLong;
    private boolean afterCarriageReturn;
    private boolean telnet;

    TelnetInput(InputStream in, Consumer<byte[]> replies, int maxLine) {
        this.in = in;
        this.replies = replies;
        this.line = new byte[maxLine];
    }

    /** True once the client has shown that it is a telnet. */
    boolean isTelnet() {
        return telnet;
    }

    /** Waits for the next thing the client says; after the end that is always the end. */
    Said next() throws IOException {
        while (true) {
            var b = read();
            if (b < 0) {
                return end();
            }
            var said = b == IAC ? command() : character(b);
            if (said != null) {
                return said;
            }
        }
    }

    private Said end() {
        return length > 0 || tooLong ? takeLine() : new Said.End();
    }

    private @Nullable Said character(int b) {
        var wasCarriageReturn = afterCarriageReturn;
        afterCarriageReturn = b == '\r';
        if (wasCarriageReturn && (b == '\n' || b == 0)) {
            return null; // the line was taken at its CR
        }
        if (b == '\n' || b == '\r') {
            return takeLine();
        }
        if (b == CTRL_C) {
            return interrupt();
        }
        if (b == CTRL_D && length == 0) {
            return new Said.End();
        }
        append(b);
        return null;
    }

    private void append(int b) {
        if (length == line.length) {
            tooLong = true;
        } else {
            line[length++] = (byte) b;
        }
    }

    private Said takeLine() {
        var text = new String(line, 0, length, StandardCharsets.UTF_8);
        var said = tooLong ? new Said.TooLong() : new Said.Line(text);
        length = 0;
        tooLong = false;
        return said;
    }

    private Said interrupt() {
        length = 0;
        tooLong = false;
        return new Said.Interrupt();
    }

    private @Nullable Said command() throws IOException {
        telnet = true;
        var command = read();
        switch (command) {
            case IAC -> append(IAC);
            case INTERRUPT, BREAK, ABORT, SUSPEND -> {
                return interrupt();
            }
            case END_OF_FILE -> {
                return new Said.End();
            }
            case DO -> refuse(WONT, read());
            case WILL -> refuse(DONT, read());
            case WONT, DONT -> read();
            case SUBNEGOTIATION -> skipSubnegotiation();
            case ARE_YOU_THERE -> reply("[yes]\r\n".getBytes(StandardCharsets.US_ASCII));
            case ABORT_OUTPUT -> {} // what was printed is on its way
            default -> {} // no operation, go ahead, erase, data mark, the end
        }
        return null;
    }

    /* The answer to each is given once, so that two refusers cannot go on for ever. The timing mark is no
     * option but a question for each time. */
    private void refuse(int answer, int option) {
        if (option < 0) {
            return;
        }
        var which = option + (answer == WONT ? 0 : 256);
        if (option == TIMING_MARK || !refused.get(which)) {
            refused.set(which);
            reply((byte) IAC, (byte) answer, (byte) option);
        }
    }

    private void reply(byte... bytes) {
        replies.accept(bytes);
    }

    private void skipSubnegotiation() throws IOException {
        var before = 0;
        while (true) {
            var b = read();
            if (b < 0 || (before == IAC && b == SUBNEGOTIATION_END)) {
                return;
            }
            before = before == IAC ? 0 : b; // a doubled IAC is data
        }
    }

    private int read() throws IOException {
        if (position == limit) {
            position = 0;
            limit = in.read(buffer);
            if (limit <= 0) {
                limit = 0;
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }
}
