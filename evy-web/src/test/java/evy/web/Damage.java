package evy.web;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Small changes to what was well formed, of the kinds that parsers fall for. */
public final class Damage {
    private static final String[] PIECES = {
        "\r",
        "\n",
        "\r\n",
        "\0",
        " ",
        "\t",
        ":",
        ";",
        ",",
        "=",
        "\"",
        "--",
        "chunked",
        "0",
        "-",
        "+",
        "\u007f",
        "\u00ff",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "\r\n\r\n",
        "HTTP/1.1",
        "%"
    };

    private Damage() {}

    /** The bytes with up to three changes. */
    public static byte[] of(byte[] bytes, Random random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length());
            int removed =
                    random.nextInt(3) == 0
                            ? Math.min(1 + random.nextInt(4), text.length() - at)
                            : 0;
            String put = random.nextInt(4) == 0 ? "" : PIECES[random.nextInt(PIECES.length)];
            text = text.substring(0, at) + put + text.substring(at + removed) + " ";
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
