package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a hub prints on standard error. */
final class HubReport {
    private HubReport() {}

    static void printException(@Nullable Greenlet greenlet, Throwable exception) {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        out.print("Exception in ");
        out.print(
                greenlet == null ? "a callback of " + Thread.currentThread().getName() : greenlet);
        out.print(": ");
        exception.printStackTrace(out);
        out.flush();
        print(text.toString());
    }

    /* In one piece, so that reports of several hubs do not mix. */
    @SuppressWarnings("SystemOut")
    static void print(String text) {
        System.err.print(text);
        System.err.flush();
    }
}
