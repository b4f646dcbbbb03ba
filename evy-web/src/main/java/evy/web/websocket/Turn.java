package evy.web.websocket;

import evy.sync.Semaphore;

import java.io.IOException;
import java.io.InterruptedIOException;

/** A right that one thread has at a time, the others in the order in which they came. */
final class Turn {
    private final Semaphore semaphore = new Semaphore();

    /**
     * Waits for the turn.
     *
     * @throws InterruptedIOException if interrupted; the interrupt status is set again
     */
    void take() throws IOException {
        try {
            semaphore.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a turn");
        }
    }

    boolean tryTake() {
        return semaphore.tryAcquire();
    }

    void pass() {
        semaphore.release();
    }
}
