package evy.io.dns;

import java.net.UnknownHostException;

/**
 * A name or address that could not be looked up; {@link #reason} says why. The message names the
 * host, what was the matter, and who said so.
 */
public final class LookupException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** There is no such name, or it is no valid name. */
        NO_SUCH_NAME,

        /** The name exists, but has no address of the family wanted. */
        NO_ADDRESS,

        /** There was no answer in time. */
        TIMED_OUT,

        /** Whoever was asked could not answer now. */
        TRY_AGAIN,

        /** Whoever was asked failed in another way. */
        FAILED
    }

    /** Why. */
    private final Reason reason;

    /**
     * An error.
     *
     * @param reason why
     * @param message which host, and what was the matter
     */
    public LookupException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** {@return why} */
    public Reason reason() {
        return reason;
    }

    /** {@return true if the same question may be answered a little later} */
    public boolean isTemporary() {
        return reason == Reason.TIMED_OUT || reason == Reason.TRY_AGAIN;
    }

    /** The same error with the stack of who is told now; who was told before is the cause. */
    LookupException anew() {
        LookupException copy = new LookupException(reason, String.valueOf(getMessage()));
        copy.initCause(this);
        return copy;
    }

    static LookupException noSuchName(String host, String why, String who) {
        return new LookupException(Reason.NO_SUCH_NAME, host + ": " + why + said(who));
    }

    static LookupException noAddress(String host, Family family, String who) {
        return new LookupException(Reason.NO_ADDRESS, host + ": no " + family.noun() + said(who));
    }

    static LookupException tryAgain(String host, String why, String who) {
        return new LookupException(
                Reason.TRY_AGAIN, host + ": " + why + said(who) + "; try again later");
    }

    static LookupException timedOut(String host, long millis, String who) {
        return new LookupException(
                Reason.TIMED_OUT,
                host + ": timed out after " + millis + " ms" + said(who) + "; try again later");
    }

    static LookupException failed(String host, Throwable cause, String who) {
        LookupException e = new LookupException(Reason.FAILED, host + ": " + cause + said(who));
        e.initCause(cause);
        return e;
    }

    private static String said(String who) {
        return " (resolver '" + who + "')";
    }
}
