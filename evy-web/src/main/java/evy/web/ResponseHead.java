package evy.web;

import evy.web.http1.Output;
import evy.web.http1.ResponseBody.Coding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Writes the heads of responses, with the fields that are the server's.
 *
 * @source RFC 9112 sections 4, 6 and 9, RFC 9110 section 8.6
 */
final class ResponseHead {
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] CRLF = ascii("\r\n");

    private final int minorVersion;
    private final boolean capitalised;
    private final byte[] keepAlive;
    private final DateLine date;

    ResponseHead(WebOptions options, DateLine date) {
        this.minorVersion = options.maxVersion() == HttpVersion.HTTP_1_0 ? 0 : 1;
        this.capitalised = options.isCapitalised();
        this.keepAlive = keepAlive(options.keepAlive());
        this.date = date;
    }

    private static byte[] keepAlive(Duration idle) {
        return ascii("Connection: keep-alive\r\nKeep-Alive: timeout=" + idle.toSeconds() + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What becomes of the connection, and whether the client is told. */
    enum Persistence {
        CLOSE,
        KEEP,
        KEEP_AND_SAY
    }

    /** The minor version that is spoken at most. */
    int minorVersion() {
        return minorVersion;
    }

    /**
     * Writes a head.
     *
     * @param length of the body, if it is {@link Coding#FIXED}
     */
    void write(
            Output output, Response response, Coding coding, long length, Persistence persistence)
            throws IOException {
        HeaderList headers = response.headerList();
        output.write(StatusLines.of(minorVersion, response.status(), response.reason()));
        headers.writeTo(output, capitalised);
        if (!headers.isDated()) {
            output.write(date.now());
        }
        if (coding == Coding.CHUNKED) {
            output.write(CHUNKED);
        } else if (coding == Coding.FIXED && headers.contentLength() < 0) {
            output.write(CONTENT_LENGTH);
            output.decimal(length);
            output.write(CRLF);
        }
        if (persistence == Persistence.KEEP_AND_SAY) {
            output.write(keepAlive);
        } else if (persistence == Persistence.CLOSE && !headers.isClosing()) {
            output.write(CLOSE);
        }
        output.write(CRLF);
    }

    /** Writes the head after which another protocol is spoken; its fields as they are written. */
    void writeUpgrade(Output output, String protocol, HeaderList fields) throws IOException {
        HeaderList first = HeaderList.of("Upgrade", protocol, "Connection", "Upgrade");
        output.write(StatusLines.of(minorVersion, 101, null));
        first.writeTo(output, false);
        fields.writeTo(output, false);
        output.write(CRLF);
    }

    /** Writes an interim response. */
    void writeInterim(Output output, int status, HeaderList fields) throws IOException {
        output.write(StatusLines.of(minorVersion, status, status == 100 ? "Continue" : null));
        fields.writeTo(output, capitalised);
        output.write(CRLF);
    }
}
