package evy.tools;

import java.io.Serial;

/** The command was used wrongly; the message is the one line to show. */
final class UsageException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
