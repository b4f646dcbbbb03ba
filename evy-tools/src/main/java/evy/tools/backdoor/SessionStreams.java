package evy.tools.backdoor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Standard output and error while there is a back door: what a session's thread prints goes to that
 * session, all else where it always went. A session's threads are those that run its snippets and
 * the threads started from them.
 *
 * <p>The process's streams are replaced once, when the first back door opens, and put back when the
 * last one closes. While a snippet runs nothing is swapped.
 */
@SuppressWarnings("SystemOut") // what it is about
final class SessionStreams {
    private static final InheritableThreadLocal<@Nullable SessionOutput> SESSION =
            new InheritableThreadLocal<>();

    // guarded by the class
    private static int doors;
    private static @Nullable Dispatcher out;
    private static @Nullable Dispatcher err;

    private SessionStreams() {}

    /** A back door opens. */
    static synchronized void install() {
        if (doors++ == 0) {
            var newOut = new Dispatcher(System.out);
            var newErr = new Dispatcher(System.err);
            System.setOut(newOut);
            System.setErr(newErr);
            out = newOut;
            err = newErr;
        }
    }

    /** A back door is closed. Streams that others have set meanwhile stay. */
    static synchronized void uninstall() {
        if (--doors > 0) {
            return;
        }
        if (out != null && System.out == out) {
            System.setOut(out.original);
        }
        if (err != null && System.err == err) {
            System.setErr(err.original);
        }
        out = null;
        err = null;
    }

    /** From now on the current thread, and what it starts, belongs to a session. */
    static void enter(SessionOutput session) {
        SESSION.set(session);
    }

    /** Prints where the current thread belongs. */
    @SuppressWarnings("AnnotateFormatMethod") // so is what it overrides not
    private static final class Dispatcher extends PrintStream {
        private final PrintStream original;

        Dispatcher(PrintStream original) {
            super(original, false, original.charset());
            this.original = original;
        }

        private PrintStream target() {
            var session = SESSION.get();
            return session == null ? original : session.stream();
        }

        @Override
        public void write(int b) {
            target().write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            target().write(bytes, offset, length);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            target().write(bytes);
        }

        @Override
        public void writeBytes(byte[] bytes) {
            target().writeBytes(bytes);
        }

        @Override
        public void flush() {
            target().flush();
        }

        @Override
        public void close() {
            target().flush(); // it is not the caller's to close: others print here, too
        }

        @Override
        public boolean checkError() {
            return target().checkError();
        }

        @Override
        public void print(boolean x) {
            target().print(x);
        }

        @Override
        public void print(char x) {
            target().print(x);
        }

        @Override
        public void print(int x) {
            target().print(x);
        }

        @Override
        public void print(long x) {
            target().print(x);
        }

        @Override
        public void print(float x) {
            target().print(x);
        }

        @Override
        public void print(double x) {
            target().print(x);
        }

        @Override
        public void print(char[] x) {
            target().print(x);
        }

        @Override
        public void print(@Nullable String x) {
            target().print(x);
        }

        @Override
        public void print(@Nullable Object x) {
            target().print(x);
        }

        @Override
        public void println() {
            target().println();
        }

        @Override
        public void println(boolean x) {
            target().println(x);
        }

        @Override
        public void println(char x) {
            target().println(x);
        }

        @Override
        public void println(int x) {
            target().println(x);
        }

        @Override
        public void println(long x) {
            target().println(x);
        }

        @Override
        public void println(float x) {
            target().println(x);
        }

        @Override
        public void println(double x) {
            target().println(x);
        }

        @Override
        public void println(char[] x) {
            target().println(x);
        }

        @Override
        public void println(@Nullable String x) {
            target().println(x);
        }

        @Override
        public void println(@Nullable Object x) {
            target().println(x);
        }

        @Override
        public PrintStream printf(String format, @Nullable Object... args) {
            return format(format, args);
        }

        @Override
        public PrintStream printf(
                @Nullable Locale locale, String format, @Nullable Object... args) {
            return format(locale, format, args);
        }

        @Override
        public PrintStream format(String format, @Nullable Object... args) {
            target().format(format, args);
            return this;
        }

        @Override
        public PrintStream format(
                @Nullable Locale locale, String format, @Nullable Object... args) {
            target().format(locale, format, args);
            return this;
        }

        @Override
        public PrintStream append(@Nullable CharSequence text) {
            target().append(text);
            return this;
        }

        @Override
        public PrintStream append(@Nullable CharSequence text, int start, int end) {
            target().append(text, start, end);
            return this;
        }

        @Override
        public PrintStream append(char c) {
            target().append(c);
            return this;
        }
    }
}
