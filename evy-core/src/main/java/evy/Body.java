package evy;

/**
 * What a green thread does, without a result. A {@link Runnable} that may throw.
 *
 * @param <X> what it may throw; {@link Exception} where it does not matter
 */
@FunctionalInterface
public interface Body<X extends Exception> {
    /**
     * Does it.
     *
     * @throws X to end with a failure
     */
    void run() throws X;
}
