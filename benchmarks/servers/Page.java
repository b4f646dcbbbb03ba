import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The one page that a whole HTTP server has, the same for all of them.
 *
 * <p>Their arguments are {@code hello|json|body|upload|close PORT} and {@code https PORT
 * DIRECTORY-OF-THE-CERTIFICATE}; the page of the last two is that of {@code hello}.
 */
enum Page {
    /** A greeting. */
    HELLO("text/plain") {
        @Override
        byte[] content() {
            return GREETING;
        }
    },

    /** 1 KB, made anew for each request. */
    JSON("application/json") {
        @Override
        byte[] content() {
            var out = new StringBuilder(1024).append("{\"items\":[");
            for (int i = 0; i < ITEMS; i++) {
                out.append(i == 0 ? "{\"id\":" : ",{\"id\":").append(1000 + i);
                out.append(",\"name\":\"item number ").append(i);
                out.append("\",\"price\":").append(99 + 7 * i);
                out.append(",\"stocked\":").append(i % 2 == 0).append('}');
            }
            return out.append("]}").toString().getBytes(StandardCharsets.UTF_8);
        }
    },

    /** 64 KB. */
    BODY("application/octet-stream") {
        @Override
        byte[] content() {
            return LARGE;
        }
    },

    /** Says how many bytes the request had; has no content of its own. */
    UPLOAD("text/plain") {
        @Override
        byte[] content() {
            throw new IllegalStateException("the content is the length of what was sent");
        }
    };

    private static final int ITEMS = 16;
    private static final byte[] GREETING = "Hello, World!".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LARGE = letters(64 * 1024);
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final String type;

    Page(String type) {
        this.type = type;
    }

    private static byte[] letters(int count) {
        var letters = new byte[count];
        for (int i = 0; i < count; i++) {
            letters[i] = (byte) ('a' + i % 26);
        }
        return letters;
    }

    /** The page that the arguments ask for. */
    static Page of(String... args) {
        return switch (args[0]) {
            case "close", "https" -> HELLO;
            default -> valueOf(args[0].toUpperCase(Locale.ROOT));
        };
    }

    static int port(String... args) {
        return Integer.parseInt(args[1]);
    }

    static boolean isTls(String... args) {
        return args[0].equals("https");
    }

    /** Where the certificate is. */
    static Path certificate(String... args) {
        return Path.of(args[2]);
    }

    boolean isUpload() {
        return this == UPLOAD;
    }

    String path() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }

    String type() {
        return type;
    }

    abstract byte[] content();

    static byte[] uploaded(long count) {
        return Long.toString(count).getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads to the end and returns the answer, in servers that read by blocking. */
    static byte[] upload(InputStream in) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long total = 0;
        int count;
        while ((count = in.read(buffer)) > 0) {
            total += count;
        }
        return uploaded(total);
    }

    /** The field of a server that does not add it, made once a second by one event loop. */
    static final class Date {
        private long second;
        private String text = "";

        String now() {
            long now = System.currentTimeMillis() / 1000;
            if (now != second) {
                second = now;
                text = DATE.format(Instant.ofEpochSecond(now));
            }
            return text;
        }
    }
}
