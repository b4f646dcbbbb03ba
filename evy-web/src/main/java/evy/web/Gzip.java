package evy.web;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses the responses of an app for clients that accept gzip, if their kind and size make it
 * worth while. A strong {@code ETag} becomes a weak one, as the bytes are others then.
 *
 * <p>Compressing is computing: it takes the hub's time, about 20 ms for a megabyte of text. Keep
 * large files that never change compressed on disk instead.
 *
 * @thread any
 * @source RFC 9110 sections 8.4 and 12.5.3
 */
public final class Gzip implements App {
    private static final int LEAST_BYTES = 1024;
    private static final int LEVEL = 5;
    private static final Set<String> COMPRESSIBLE =
            Set.of(
                    "application/javascript",
                    "application/json",
                    "application/wasm",
                    "application/x-ndjson",
                    "application/xml",
                    "image/svg+xml");

    private final App app;

    private Gzip(App app) {
        this.app = app;
    }

    /**
     * Compresses what an app answers.
     *
     * @param app the app
     * @return the same, compressed
     */
    public static App around(App app) {
        return new Gzip(app);
    }

    @Override
    public Response handle(Request request) throws Exception {
        Response response = app.handle(request);
        if (response.body() instanceof Body.OfFile file) {
            response = FileAnswer.of(file.path(), response, request);
        }
        if (!isWorthIt(response)) {
            return response;
        }
        Response varying = response.withHeader("Vary", "Accept-Encoding");
        return accepts(request) ? compressed(varying, request) : varying;
    }

    private static boolean isWorthIt(Response response) {
        Headers headers = response.headers();
        Body body = response.body();
        long length = announced(headers, body.length());
        return !(body instanceof Body.Handled)
                && response.status() != 206
                && response.status() != 304
                && (length < 0 || length >= LEAST_BYTES)
                && isCompressible(headers.get("Content-Type"))
                && !headers.contains("Content-Encoding")
                && !headers.hasToken("Cache-Control", "no-transform");
    }

    /* An answer to HEAD has no body, but the length of one. */
    private static long announced(Headers headers, long ofBody) {
        String length = headers.get("Content-Length");
        return length == null ? ofBody : Long.parseLong(length);
    }

    private static boolean isCompressible(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = HeaderParameters.mainValue(contentType);
        return (type.startsWith("text/") && !type.equals("text/event-stream"))
                || COMPRESSIBLE.contains(type)
                || type.endsWith("+json")
                || type.endsWith("+xml");
    }

    private static boolean accepts(Request request) {
        String accepted = request.headers().joined("Accept-Encoding");
        if (accepted == null) {
            return false;
        }
        boolean any = false;
        for (String element : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
            String coding = HeaderParameters.mainValue(element);
            boolean refused = isZero(HeaderParameters.of(element).getOrDefault("q", "1"));
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return !refused;
            }
            any |= coding.equals("*") && !refused;
        }
        return any;
    }

    private static boolean isZero(String quality) {
        try {
            return Double.parseDouble(quality) == 0;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private static Response compressed(Response response, Request request) {
        Body body = response.body();
        request.onFinished(_ -> body.release()); // written or not
        Headers headers =
                response.headers().without("Content-Length").with("Content-Encoding", "gzip");
        String etag = headers.get("ETag");
        if (etag != null && !etag.startsWith("W/")) {
            headers = headers.without("ETag").with("ETag", "W/" + etag);
        }
        return response.withHeaders(headers).withBody(new Body.Written(out -> write(body, out)));
    }

    private static void write(Body body, OutputStream out) throws Exception {
        try (LevelledGzip gzip = new LevelledGzip(out)) {
            body.writeTo(gzip);
            if (body.length() >= 0 && gzip.taken() != body.length()) {
                throw new EOFException(
                        "the body has " + gzip.taken() + " bytes of " + body.length());
            }
        }
    }

    /**
     * A stream of a level other than the default, 6; its flush lets the client see what is written.
     */
    private static final class LevelledGzip extends GZIPOutputStream {
        private static final int BUFFER = 8 * 1024;

        LevelledGzip(OutputStream out) throws IOException {
            super(out, BUFFER, true);
            def.setLevel(LEVEL);
        }

        long taken() {
            return def.getBytesRead();
        }

        @Override
        public void close() throws IOException {
            finish();
            def.end();
        }
    }
}
