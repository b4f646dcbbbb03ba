package evy.web;

import evy.io.GreenFiles;
import evy.tpool.Tpool;
import evy.web.http1.ResponseBody;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Iterator;

/** The body of a response. Released once, written or not. */
sealed interface Body {
    /** How many bytes it has; -1 if that is not known before. */
    default long length() {
        return -1;
    }

    /** Writes all of it. */
    void writeTo(OutputStream out) throws Exception;

    /** Lets go of what it is made from. */
    default void release() throws Exception {}

    /** Bytes in memory. */
    final class Bytes implements Body {
        static final Bytes NONE = new Bytes(new byte[0]);

        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }
    }

    /** What an app writes. */
    record Written(BodyWriter writer) implements Body {
        @Override
        public void writeTo(OutputStream out) throws Exception {
            writer.write(out);
        }
    }

    /** What a stream gives. */
    record Streamed(InputStream in, long length) implements Body {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            if (length < 0) {
                in.transferTo(out);
                return;
            }
            byte[] buffer = new byte[(int) Math.min(length, 64 * 1024)];
            long rest = length;
            while (rest > 0) {
                int n = in.read(buffer, 0, (int) Math.min(rest, buffer.length));
                if (n < 0) {
                    return; // the announced length is not reached: the response fails
                }
                out.write(buffer, 0, n);
                rest -= n;
            }
        }

        @Override
        public void release() throws IOException {
            in.close();
        }
    }

    /** A part of a file, which may be shorter by now. */
    record OfPart(Path path, long from, long length) implements Body {
        @Override
        public void writeTo(OutputStream out) throws Exception {
            if (out instanceof ResponseBody body && body.sendsFiles()) {
                body.sendFile(path, from, length);
                return;
            }
            try (InputStream in = GreenFiles.newInputStream(path)) {
                if (from > 0) {
                    Tpool.execute(() -> in.skip(from)); // past the end, too: then nothing is read
                }
                new Streamed(in, length).writeTo(out);
            }
        }
    }

    /** What an iterable gives. */
    record Chunked(Iterable<byte[]> chunks) implements Body {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            Iterator<byte[]> each = chunks.iterator();
            while (each.hasNext()) {
                out.write(each.next());
            }
        }

        @Override
        public void release() throws Exception {
            if (chunks instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    /** A file; what of it is sent depends on the request. */
    record OfFile(Path path) implements Body {
        @Override
        public void writeTo(OutputStream out) {
            throw new IllegalStateException(path + ": was not made ready for a request");
        }
    }

    /** Nothing: the app has answered by itself. */
    record Handled() implements Body {
        @Override
        public void writeTo(OutputStream out) {}
    }
}
