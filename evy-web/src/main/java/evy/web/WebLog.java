package evy.web;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;

/** Where a server says what happens: to the sink of its options, or else to the system's logger. */
final class WebLog {
    private static final System.Logger LOGGER = System.getLogger("evy.web");

    /* Formatted once at the start: the time zone comes from a file, and later none may be to be had. */
    private static final AccessRecord NOBODY = new AccessRecord("", "", "", 0, 0, 0);

    private final @Nullable Consumer<String> sink;
    private final LogFormat format;
    private final boolean debug;

    WebLog(WebOptions options) {
        this.sink = options.log();
        this.format = options.logFormat();
        this.debug = options.isDebug();
        if (sink != null) {
            format.line(NOBODY);
        }
    }

    /** True if requests are logged. */
    boolean logsRequests() {
        return sink != null;
    }

    void request(AccessRecord about) {
        tell(format.line(about));
    }

    /** Something about the server's life; only in a log that was asked for. */
    void event(String message) {
        tell(message);
    }

    /** Something that happens to connections all the time. */
    void debug(String message) {
        if (debug) {
            if (sink != null) {
                tell(message);
            } else {
                LOGGER.log(System.Logger.Level.DEBUG, message);
            }
        }
    }

    /** Something that somebody has to mend. */
    void error(String message, @Nullable Throwable cause) {
        if (sink == null) {
            LOGGER.log(System.Logger.Level.ERROR, message, cause);
        } else {
            tell(cause == null ? message : message + "\n" + trace(cause));
        }
    }

    private void tell(String line) {
        if (sink == null) {
            return;
        }
        try {
            sink.accept(line);
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "log sink failed", e);
        }
    }

    static String trace(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
