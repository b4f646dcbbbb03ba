package evy.web.http1;

import java.net.ProtocolException;

/** What the peer sent is refused: the connection is of no use any more. */
public final class BadRequestException extends ProtocolException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * A refusal.
     *
     * @param status to answer with
     * @param message for the log; no payload
     */
    public BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Refuses with 400. */
    static BadRequestException malformed(String message) {
        return new BadRequestException(400, message);
    }

    /** {@return the status to answer with} */
    public int status() {
        return status;
    }
}
