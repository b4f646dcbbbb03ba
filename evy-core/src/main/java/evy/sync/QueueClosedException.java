package evy.sync;

/**
 * Thrown by a queue that is closed: to those who put, and, once it is empty, to those who wait for
 * an element.
 */
public final class QueueClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    QueueClosedException(String message) {
        super(message);
    }
}
