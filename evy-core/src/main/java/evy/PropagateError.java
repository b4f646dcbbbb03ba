package evy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;

/**
 * Says that a key of a {@link DagPool} has no value because what was to provide it failed: the
 * cause. If that did so for want of another key's value, the cause is a {@code PropagateError}
 * itself, and so on down to the exception it all began with. The message names every key on the
 * way.
 *
 * <p>All who ask for the key get the same object. So it cannot be changed: it keeps no stack trace,
 * its cause does, and no suppressed exceptions.
 *
 * @source eventlet {@code dagpool.PropagateError}
 */
public final class PropagateError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Object key;

    /**
     * A failure to be posted.
     *
     * @param key the key that gets no value
     * @param cause why
     */
    public PropagateError(@Nullable Object key, Throwable cause) {
        super(null, cause, false, false);
        this.key = key;
    }

    /** Gives a value back, but throws it if it is a failure. */
    static <V extends @Nullable Object> V valueOrThrow(V value) {
        if (value instanceof PropagateError failure) {
            throw failure;
        }
        return value;
    }

    /**
     * The key that has no value.
     *
     * @return the key; after deserialisation its {@code toString} if it could not be serialised
     */
    public @Nullable Object key() {
        return key;
    }

    /* Made when asked for: kept, the messages of a chain would take the square of its length. */
    @Override
    public String getMessage() {
        var text = new StringBuilder();
        Throwable cause = this;
        while (cause instanceof PropagateError failure) {
            text.append("no value for '").append(failure.key).append("': ");
            cause = failure.getCause();
        }
        return text.append(cause).toString();
    }

    /**
     * Writes the key, too.
     *
     * @param out where to
     * @throws IOException if that fails
     * @serialData the key; its {@code toString} if it cannot be serialised
     */
    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        out.writeObject(isSerializable(key) ? key : String.valueOf(key));
    }

    /* Its class does not tell: a list is serializable, what it holds need not be. */
    private static boolean isSerializable(@Nullable Object key) {
        try (var trial = new ObjectOutputStream(OutputStream.nullOutputStream())) {
            trial.writeObject(key);
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Reads the key, too.
     *
     * @param in where from
     * @throws IOException if that fails
     * @throws ClassNotFoundException if the key's class is not known here
     */
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        key = in.readObject();
    }
}
