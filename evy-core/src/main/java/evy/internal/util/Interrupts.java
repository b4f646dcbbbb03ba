package evy.internal.util;

import java.io.InterruptedIOException;

/** Turns an interrupt into what I/O calls may throw. */
public final class Interrupts {
    private Interrupts() {}

    /**
     * The same as an exception of I/O.
     *
     * @param e the interrupt, which is the cause
     */
    public static InterruptedIOException asIOException(InterruptedException e) {
        InterruptedIOException io = new InterruptedIOException(e.getMessage());
        io.initCause(e);
        return io;
    }
}
