package evy;

import org.jspecify.annotations.Nullable;

/**
 * A call with a result that may throw a given checked exception: a {@link
 * java.util.concurrent.Callable} whose exceptions the compiler can follow.
 *
 * @param <T> type of the result
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface Call<T extends @Nullable Object, X extends Exception> {
    /**
     * Makes the call.
     *
     * @return the result
     * @throws X if it fails
     */
    T call() throws X;
}
