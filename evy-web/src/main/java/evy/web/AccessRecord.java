package evy.web;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What the log tells of a request.
 *
 * @param clientIp address, {@code unix} for a Unix socket
 * @param clientPort empty for a Unix socket
 * @param requestLine as sent
 * @param status sent
 * @param bodyBytes of the response's body, without chunk sizes
 * @param nanos from the head to the end of the response
 */
record AccessRecord(
        String clientIp,
        String clientPort,
        String requestLine,
        int status,
        long bodyBytes,
        long nanos) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    /* A quote is allowed in a target, but would end the field of a log that is read by programs. */
    AccessRecord {
        requestLine = requestLine.replace("\"", "%22");
    }

    String dateTime() {
        return DATE.format(Instant.now());
    }

    String wallSeconds() {
        long micros = nanos / 1000;
        String fraction = Long.toString(1_000_000 + micros % 1_000_000).substring(1);
        return micros / 1_000_000 + "." + fraction;
    }
}
