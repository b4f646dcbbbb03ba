package evy.web;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The {@code Date} field, made anew once a second.
 *
 * @thread the green threads of one hub
 */
final class DateLine {
    static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private long second = -1;
    private byte[] line = new byte[0];

    byte[] now() {
        long now = System.currentTimeMillis() / 1000;
        if (now != second) {
            second = now;
            String date = FORMAT.format(Instant.ofEpochSecond(now));
            line = ("Date: " + date + "\r\n").getBytes(StandardCharsets.US_ASCII);
        }
        return line;
    }
}
