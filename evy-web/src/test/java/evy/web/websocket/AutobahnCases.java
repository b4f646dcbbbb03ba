package evy.web.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The cases of the Autobahn test suite, groups 1 to 7, by their numbers: what a client sends to an
 * echo server, and what it has to get.
 */
final class AutobahnCases {
    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final int CLOSE = 0x88;
    private static final String HELLO = "Hello, world!";
    private static final String BROKEN = "close 1002";

    private final List<Case> all = new ArrayList<>();

    /**
     * One of them.
     *
     * @param chop bytes that go out at a time
     * @param expected what comes back, as {@link #describe} says it
     */
    record Case(String number, byte[] sent, int chop, List<String> expected) {
        @Override
        public String toString() {
            return number;
        }
    }

    static List<Case> all() {
        AutobahnCases cases = new AutobahnCases();
        cases.framing();
        cases.pings();
        cases.reservedBits();
        cases.opcodes();
        cases.fragments();
        cases.utf8();
        cases.closing();
        return cases.all;
    }

    /** A frame as it is expected: what it is, and what is in it if that is short. */
    static String describe(int first, byte[] payload) {
        String name =
                switch (first) {
                    case TEXT -> "text";
                    case BINARY -> "binary";
                    case PING -> "ping";
                    case PONG -> "pong";
                    case CLOSE -> "close";
                    default -> "frame " + first;
                };
        if (first == CLOSE && payload.length >= 2) {
            return name + " " + (((payload[0] & 0xff) << 8) | (payload[1] & 0xff));
        }
        return name + " " + payload.length + " " + Arrays.hashCode(payload);
    }

    private static String text(String text) {
        return describe(TEXT, text.getBytes(UTF_8));
    }

    private static String pong(String payload) {
        return describe(PONG, payload.getBytes(UTF_8));
    }

    private static byte[] frame(int first, String payload) {
        return Peer.frame(first, payload.getBytes(UTF_8), true);
    }

    private static byte[] closing(int code) {
        return Peer.frame(CLOSE, new byte[] {(byte) (code >> 8), (byte) code}, true);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] times(int count, byte[] part) {
        byte[][] parts = new byte[count][];
        Arrays.fill(parts, part);
        return join(parts);
    }

    private void add(String number, byte[] sent, String... expected) {
        add(number, sent, sent.length, expected);
    }

    private void add(String number, byte[] sent, int chop, String... expected) {
        all.add(new Case(number, sent, chop, List.of(expected)));
    }

    /* A case that ends well: the client closes, and is answered. */
    private void well(String number, byte[] sent, int chop, String... expected) {
        String[] with = Arrays.copyOf(expected, expected.length + 1);
        with[expected.length] = "close 1000";
        byte[] closed = join(sent, closing(1000));
        add(number, closed, chop == 0 ? closed.length : chop, with);
    }

    private void framing() {
        int[] sizes = {0, 125, 126, 127, 128, 65535, 65536, 65536};
        for (int i = 0; i < sizes.length; i++) {
            int chop = i == 7 ? 997 : 0;
            String stars = "*".repeat(sizes[i]);
            well("1.1." + (i + 1), frame(TEXT, stars), chop, text(stars));
            byte[] bytes = new byte[sizes[i]];
            Arrays.fill(bytes, (byte) 0xfe);
            String echoed = describe(BINARY, bytes);
            well("1.2." + (i + 1), Peer.frame(BINARY, bytes, true), chop, echoed);
        }
    }

    private void pings() {
        byte[] odd = HexFormat.of().parseHex("00fffefdfcfb00ff");
        String most = "\u007f".repeat(125);
        well("2.1", frame(PING, ""), 0, pong(""));
        well("2.2", frame(PING, HELLO), 0, pong(HELLO));
        well("2.3", Peer.frame(PING, odd, true), 0, describe(PONG, odd));
        well("2.4", frame(PING, most), 0, pong(most));
        add("2.5", frame(PING, most + "x"), BROKEN);
        well("2.6", frame(PING, most), 1, pong(most));
        well("2.7", frame(PONG, ""), 0);
        well("2.8", frame(PONG, "unasked"), 0);
        well("2.9", join(frame(PONG, "unasked"), frame(PING, "p")), 0, pong("p"));
        String[] pongs = IntStream.range(0, 10).mapToObj(i -> pong("p" + i)).toArray(String[]::new);
        byte[] ten =
                join(
                        IntStream.range(0, 10)
                                .mapToObj(i -> frame(PING, "p" + i))
                                .toArray(byte[][]::new));
        well("2.10", ten, 0, pongs);
        well("2.11", ten, 1, pongs);
    }

    private void reservedBits() {
        byte[] hello = frame(TEXT, HELLO);
        byte[] ping = frame(PING, "");
        add("3.1", frame(TEXT | 0x40, HELLO), BROKEN);
        add("3.2", join(hello, frame(TEXT | 0x20, HELLO), ping), text(HELLO), BROKEN);
        add("3.3", join(hello, frame(TEXT | 0x30, HELLO), ping), text(HELLO), BROKEN);
        add("3.4", join(hello, frame(TEXT | 0x40, HELLO), ping), 1, text(HELLO), BROKEN);
        add("3.5", frame(BINARY | 0x50, HELLO), BROKEN);
        add("3.6", frame(PING | 0x60, HELLO), BROKEN);
        add("3.7", frame(CLOSE | 0x70, ""), BROKEN);
    }

    private void opcodes() {
        for (int i = 0; i < 5; i++) {
            byte[] before = i < 2 ? new byte[0] : frame(TEXT, HELLO);
            for (int group = 1; group <= 2; group++) {
                int opcode = (group == 1 ? 3 : 11) + i;
                byte[] sent = join(before, frame(0x80 | opcode, HELLO), frame(PING, ""));
                String number = "4." + group + "." + (i + 1);
                if (i < 2) {
                    add(number, sent, BROKEN);
                } else {
                    add(number, sent, i == 4 ? 1 : sent.length, text(HELLO), BROKEN);
                }
            }
        }
    }

    private void fragments() {
        byte[] one = frame(0x01, "fragment1");
        byte[] two = frame(0x80, "fragment2");
        byte[] ping = frame(PING, "p");
        String both = text("fragment1fragment2");
        add("5.1", frame(PING & 0x7f, "a"), BROKEN);
        add("5.2", frame(PONG & 0x7f, "a"), BROKEN);
        well("5.3", join(one, two), 0, both);
        well("5.5", join(one, two), 1, both);
        well("5.6", join(one, ping, two), 0, pong("p"), both);
        well("5.8", join(one, ping, two), 1, pong("p"), both);
        add("5.9", join(frame(0x80, "x"), frame(TEXT, HELLO)), BROKEN);
        add("5.11", join(frame(0x80, "x"), frame(TEXT, HELLO)), 1, BROKEN);
        add("5.12", join(frame(0x00, "x"), frame(TEXT, HELLO)), BROKEN);
        add("5.15", join(one, two, frame(0x00, "x"), frame(TEXT, HELLO)), both, BROKEN);
        byte[] orphans = join(frame(0x00, "x"), frame(0x01, "y"), two);
        add("5.16", times(2, orphans), BROKEN);
        add("5.17", times(2, join(frame(0x80, "x"), frame(0x01, "y"), two)), BROKEN);
        add("5.18", join(one, frame(TEXT, "fragment2")), BROKEN);
        byte[] middle = frame(0x00, "m");
        byte[] five = join(one, middle, ping, middle, middle, ping, two);
        well("5.19", five, 0, pong("p"), pong("p"), text("fragment1mmmfragment2"));
        well("5.20", five, 1, pong("p"), pong("p"), text("fragment1mmmfragment2"));
    }

    private void utf8() {
        byte[] empty = join(frame(0x01, ""), frame(0x00, ""), frame(0x80, ""));
        well("6.1.1", frame(TEXT, ""), 0, text(""));
        well("6.1.2", empty, 0, text(""));
        well("6.1.3", join(frame(0x01, ""), frame(0x00, HELLO), frame(0x80, "")), 0, text(HELLO));
        String greek = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!";
        well("6.2.1", frame(TEXT, greek), 0, text(greek));
        well("6.2.3", inPieces(greek.getBytes(UTF_8), 1), 0, text(greek));
        well(
                "6.2.4",
                inPieces("\u03ba\u1f79\u03c3\u03bc\u03b5".getBytes(UTF_8), 1),
                0,
                text("\u03ba\u1f79\u03c3\u03bc\u03b5"));
        String surrogate = "cebae1bdb9cf83cebcceb5eda080656469746564";
        invalid("6.3.1", surrogate);
        add("6.3.2", inPieces(HexFormat.of().parseHex(surrogate), 1), "close 1007");
        failFast("6.4", "cebae1bdb9cf83cebcceb5f4908080");
        String[] valid = {
            "cebae1bdb9cf83cebcceb5", "00", "c280", "e0a080", "f0908080", "7f", "dfbf", "efbfbf",
            "f48fbfbf", "ed9fbf", "ee8080", "efbfbd", "efbfbe", "f09fbfbe", "f0afbfbf", "f3bfbfbf"
        };
        for (int i = 0; i < valid.length; i++) {
            byte[] bytes = HexFormat.of().parseHex(valid[i]);
            well(
                    "6.5-6.22 valid " + (i + 1),
                    Peer.frame(TEXT, bytes, true),
                    0,
                    describe(TEXT, bytes));
        }
        String[] wrong = {
            "f8888080 80",
            "fc8480808080",
            "f7bfbfbf",
            "fbbfbfbfbf",
            "fdbfbfbfbfbf",
            "f4908080",
            "80",
            "bf",
            "80bf80bf",
            "c020",
            "e02020",
            "f0202020",
            "c0",
            "e080",
            "f08080",
            "df",
            "efbf",
            "f7bfbf",
            "fe",
            "ff",
            "fefeffff",
            "c0af",
            "e080af",
            "f08080af",
            "c1bf",
            "e09fbf",
            "f08fbfbf",
            "c080",
            "e08080",
            "f0808080",
            "eda080",
            "edadbf",
            "edae80",
            "edafbf",
            "edb080",
            "edbfbf",
            "eda080edb080",
            "cebae1bdb9cf83cebcce"
        };
        for (int i = 0; i < wrong.length; i++) {
            invalid("6.6-6.23 invalid " + (i + 1), wrong[i].replace(" ", ""));
        }
    }

    private static byte[] inPieces(byte[] bytes, int size) {
        byte[][] frames = new byte[(bytes.length + size - 1) / size][];
        for (int i = 0; i < frames.length; i++) {
            int first = (i == frames.length - 1 ? 0x80 : 0) | (i == 0 ? 1 : 0);
            int end = Math.min(bytes.length, (i + 1) * size);
            frames[i] = Peer.frame(first, Arrays.copyOfRange(bytes, i * size, end), true);
        }
        return join(frames);
    }

    private void invalid(String number, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        add(number, Peer.frame(TEXT, bytes, true), "close 1007");
    }

    /* Refused as soon as it cannot be right any more, though neither message nor frame has ended. */
    private void failFast(String number, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        byte[] whole = Peer.frame(TEXT, Arrays.copyOf(bytes, bytes.length + 20), true);
        add(number + ".1", Peer.frame(0x01, bytes, true), "close 1007");
        add(number + ".3", Arrays.copyOf(whole, whole.length - 20), "close 1007");
    }

    private void closing() {
        well("7.1.1", frame(TEXT, HELLO), 0, text(HELLO));
        add("7.1.2", times(2, closing(1000)), "close 1000");
        add("7.1.3", join(closing(1000), frame(PING, "")), "close 1000");
        add("7.1.4", join(closing(1000), frame(TEXT, HELLO)), "close 1000");
        add("7.1.5", join(frame(0x01, "a"), closing(1000), frame(0x80, "b")), "close 1000");
        add("7.3.1", frame(CLOSE, ""), "close 1000");
        add("7.3.2", frame(CLOSE, "a"), BROKEN);
        add("7.3.3", closing(1000), "close 1000");
        add("7.3.4", closeWith("Hello"), "close 1000");
        add("7.3.5", closeWith("x".repeat(123)), "close 1000");
        add("7.3.6", closeWith("x".repeat(124)), BROKEN);
        byte[] reason = HexFormat.of().parseHex("03e8cebae1bdb9cf83cebcceb5eda080");
        add("7.5.1", Peer.frame(CLOSE, reason, true), "close 1007");
        for (int code :
                new int[] {
                    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999
                }) {
            add("7.7 " + code, closing(code), "close " + code);
        }
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535}) {
            add("7.9, 7.13 " + code, closing(code), BROKEN);
        }
    }

    private static byte[] closeWith(String reason) {
        return Peer.frame(
                CLOSE, join(new byte[] {0x03, (byte) 0xe8}, reason.getBytes(UTF_8)), true);
    }
}
