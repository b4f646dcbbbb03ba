package evy.web;

import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * What a request gets of a file.
 *
 * @source RFC 9110 sections 13 (conditional requests) and 14 (range requests)
 */
final class FileAnswer {
    /* Up to here reading it and sending it with the head costs less than to have the system send it. */
    private static final int SMALL = 64 * 1024;

    private final Request request;
    private final String etag;
    private final Instant modified;
    private final long size;

    private FileAnswer(Request request, BasicFileAttributes attributes) {
        this.request = request;
        this.size = attributes.size();
        long nanos = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        this.etag = '"' + Long.toHexString(nanos) + "-" + Long.toHexString(size) + '"';
        this.modified = attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** The response to send instead of one whose body is a file. */
    static Response of(Path path, Response response, Request request) throws Exception {
        BasicFileAttributes attributes;
        try {
            attributes = Tpool.executeIo(() -> look(path));
        } catch (NoSuchFileException e) {
            return Response.of(404);
        }
        if (!attributes.isRegularFile()) {
            return Response.of(404);
        }
        return new FileAnswer(request, attributes).answer(path, response);
    }

    /* Native thread. Whether it can be read has to be known before the head is sent. */
    private static BasicFileAttributes look(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isRegularFile() && !Files.isReadable(path)) {
            throw new AccessDeniedException(path.toString());
        }
        return attributes;
    }

    private Response answer(Path path, Response response) throws Exception {
        Response dated =
                response.withHeader("ETag", etag)
                        .withHeader("Last-Modified", DateLine.FORMAT.format(modified))
                        .withHeader("Accept-Ranges", "bytes");
        if (!isAsExpected()) {
            return Response.of(412);
        }
        boolean read = request.method().equals("GET") || request.method().equals("HEAD");
        if (read && isKnown()) {
            return dated.withBody(Body.Bytes.NONE).withStatus(304);
        }
        String range = request.header("Range");
        if (range == null || !request.method().equals("GET") || !mayBePartial()) {
            return part(path, dated, 0, size);
        }
        ByteRange wanted = ByteRange.parse(range, size);
        if (wanted == null) {
            return part(path, dated, 0, size);
        }
        if (wanted.isEmpty()) {
            return Response.of(416).withHeader("Content-Range", "bytes */" + size);
        }
        String content =
                "bytes "
                        + wanted.first()
                        + "-"
                        + (wanted.first() + wanted.length() - 1)
                        + "/"
                        + size;
        return part(
                path,
                dated.withStatus(206).withHeader("Content-Range", content),
                wanted.first(),
                wanted.length());
    }

    private Response part(Path path, Response response, long from, long length) throws Exception {
        Response sized = response.withOnlyHeader("Content-Length", Long.toString(length));
        if (request.method().equals("HEAD")) {
            return sized.withBody(Body.Bytes.NONE);
        }
        return sized.withBody(
                length <= SMALL
                        ? new Body.Bytes(Tpool.execute(() -> read(path, from, (int) length)))
                        : new Body.OfPart(path, from, length));
    }

    /* Native thread. */
    private static byte[] read(Path path, long from, int length) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            in.skipNBytes(from);
            return in.readNBytes(length);
        }
    }

    /* If-Match and If-Unmodified-Since. */
    private boolean isAsExpected() {
        String match = request.headers().joined("If-Match");
        if (match != null) {
            return matches(match, false);
        }
        Instant since = date(request.header("If-Unmodified-Since"));
        return since == null || !modified.isAfter(since);
    }

    /* If-None-Match and If-Modified-Since. */
    private boolean isKnown() {
        String match = request.headers().joined("If-None-Match");
        if (match != null) {
            return matches(match, true);
        }
        Instant since = date(request.header("If-Modified-Since"));
        return since != null && !modified.isAfter(since);
    }

    private boolean mayBePartial() {
        String condition = request.header("If-Range");
        return condition == null || condition.equals(etag) || modified.equals(date(condition));
    }

    private boolean matches(String list, boolean weakly) {
        for (String element : list.split(",", -1)) {
            String tag = element.strip();
            if (weakly && tag.startsWith("W/")) {
                tag = tag.substring(2);
            }
            if (tag.equals("*") || tag.equals(etag)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Instant date(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return DateLine.FORMAT.parse(text, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
