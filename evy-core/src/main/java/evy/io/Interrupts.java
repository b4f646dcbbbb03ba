package evy.io;

import java.io.InterruptedIOException;

/** Turns an interrupt into what I/O calls may throw. */
final class Interrupts {
    private Interrupts() {}

    static InterruptedIOException asIOException(InterruptedException e) {
        InterruptedIOException io = new InterruptedIOException(e.getMessage());
        io.initCause(e);
        return io;
    }
}
