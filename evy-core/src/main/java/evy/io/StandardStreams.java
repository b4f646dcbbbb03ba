package evy.io;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * This program's own standard streams, read and written without holding up the hub: a native thread
 * waits for the terminal or pipe behind them.
 *
 * {@snippet :
 * var in = StandardStreams.in();
 * for (String line = in.readLine(); line != null; line = in.readLine()) {
 *     StandardStreams.out().write(answer(line) + "\n");
 * }
 * }
 *
 * <p>They go through {@link System#in}, {@link System#out} and {@link System#err} as they are at
 * each read or write, and are not closed by {@link GreenPipe#close}. Input is read only when it is
 * asked for, but then as much as is there: what {@code System.in} is asked for later comes after
 * that.
 *
 * @thread any
 */
public final class StandardStreams {
    private static final AtomicReference<@Nullable GreenPipe> IN = new AtomicReference<>();
    private static final AtomicReference<@Nullable GreenPipe> OUT = new AtomicReference<>();
    private static final AtomicReference<@Nullable GreenPipe> ERR = new AtomicReference<>();

    private StandardStreams() {}

    /** {@return standard input, in the encoding that the system says it has} */
    public static GreenPipe in() {
        return once(IN, () -> new ThreadedInput("<stdin>", new SystemIn()), "stdin.encoding");
    }

    /** {@return standard output; each write is flushed} */
    public static GreenPipe out() {
        return once(
                OUT, () -> new ThreadedOutput("<stdout>", new SystemOut(false)), "stdout.encoding");
    }

    /** {@return standard error; each write is flushed} */
    public static GreenPipe err() {
        return once(
                ERR, () -> new ThreadedOutput("<stderr>", new SystemOut(true)), "stderr.encoding");
    }

    private static GreenPipe once(
            AtomicReference<@Nullable GreenPipe> place,
            Supplier<RawStream> raw,
            String encodingProperty) {
        GreenPipe there = place.get();
        if (there != null) {
            return there;
        }
        String encoding = System.getProperty(encodingProperty);
        Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
        GreenPipe made = GreenPipe.standard(raw.get(), charset);
        GreenPipe earlier = place.compareAndExchange(null, made);
        return earlier == null ? made : earlier;
    }

    /** Whatever {@link System#in} is by now. */
    private static final class SystemIn extends InputStream {
        @Override
        public int read() throws IOException {
            return System.in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return System.in.read(buffer, offset, length);
        }

        @Override
        public int available() throws IOException {
            return System.in.available();
        }
    }

    /** Whatever {@link System#out} or {@link System#err} is by now. */
    private static final class SystemOut extends OutputStream {
        private final boolean error;

        SystemOut(boolean error) {
            this.error = error;
        }

        private PrintStream stream() {
            return error ? System.err : System.out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            stream().write(buffer, offset, length);
            if (stream().checkError()) {
                throw new IOException(
                        (error ? "<stderr>" : "<stdout>") + ": the other end has gone");
            }
        }
    }
}
