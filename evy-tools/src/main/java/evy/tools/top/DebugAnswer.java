package evy.tools.top;

import java.io.IOException;

/** Tells an answer of the debug pages from others'. */
final class DebugAnswer {
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int LONGEST_REASON = 200;

    private DebugAnswer() {}

    /**
     * Checks the status.
     *
     * @param where the pages are looked for
     * @return the body
     * @throws IOException if it is none of a page; says what to do
     */
    static String check(int status, String body, String where) throws IOException {
        if (status == OK && body.startsWith("{")) {
            return body;
        }
        var line = Text.clean(body.lines().findFirst().orElse(""));
        var reason = line.substring(0, Math.min(line.length(), LONGEST_REASON));
        var problem =
                switch (status) {
                    case OK -> "no debug pages at " + where + ": the answer is no JSON";
                    case UNAUTHORIZED -> where + " wants a token, or another one; use --token";
                    case FORBIDDEN -> where + ": " + reason;
                    case NOT_FOUND ->
                            "no debug pages at "
                                    + where
                                    + "; have the program serve evy.web.DebugPages there";
                    default -> where + ": status " + status + " " + reason;
                };
        throw new IOException(problem);
    }
}
