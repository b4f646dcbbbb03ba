package evy.db;

import org.jspecify.annotations.Nullable;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Wrapper;

/**
 * What a borrower gets instead of an object of the driver. It forwards every call, and is dead when
 * its connection has been returned.
 *
 * <p>The classes of such objects are made by {@link Delegates}: for each method of the interface
 * that is not written out in the base class, one that enters the connection, makes the driver's
 * call, leaves, wraps the result, and tells the connection of what is thrown.
 */
abstract class Borrowed {
    /** The connection that it came of; itself if it is one. */
    final BorrowedConnection connection;

    /** Made by a connection only: it is its own. */
    Borrowed() {
        this.connection = (BorrowedConnection) this;
    }

    /**
     * @param parent what it came of
     */
    Borrowed(Borrowed parent) {
        this.connection = parent.connection;
    }

    /** The driver's object. */
    abstract Object raw();

    /**
     * The object itself, or what is behind it, in the type asked for. What is behind it is not
     * watched by the pool.
     */
    public final <T> T unwrap(Class<T> type) throws SQLException {
        connection.check();
        Object raw = raw();
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (type.isInstance(raw)) {
            return type.cast(raw);
        }
        if (raw instanceof Wrapper wrapper) {
            return wrapper.unwrap(type);
        }
        throw new SQLException(this + " wraps no " + type.getName());
    }

    /** Whether {@link #unwrap} to that type succeeds. */
    public final boolean isWrapperFor(Class<?> type) throws SQLException {
        connection.check();
        Object raw = raw();
        return type.isInstance(this)
                || type.isInstance(raw)
                || (raw instanceof Wrapper wrapper && wrapper.isWrapperFor(type));
    }

    /** The driver's object behind an argument, for drivers know their own only. */
    static @Nullable Object unwrapped(@Nullable Object argument) {
        return argument instanceof Borrowed borrowed ? borrowed.raw() : argument;
    }

    /** Wraps a value whose type is known only now. */
    static @Nullable Object lend(@Nullable Object raw, Borrowed parent) {
        // most are numbers and strings; of the JDK's own classes none holds a connection
        if (raw == null || raw.getClass().getClassLoader() == null) {
            return raw;
        }
        Class<?> type = typeOf(raw);
        return type == null ? raw : Delegates.lendAs(type, raw, parent);
    }

    /** The interface of JDBC that a value is wrapped by; null if it is none of those. */
    static @Nullable Class<?> typeOf(Object value) {
        return switch (value) {
            case ResultSet _ -> ResultSet.class;
            case NClob _ -> NClob.class;
            case Clob _ -> Clob.class;
            case Blob _ -> Blob.class;
            case Array _ -> Array.class;
            case SQLXML _ -> SQLXML.class;
            case Ref _ -> Ref.class;
            default -> null;
        };
    }

    /** Throws anything as it is, checked or not; its stack trace stays what it was. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <X extends Throwable> X sneak(Throwable t) throws X {
        throw (X) t;
    }

    @Override
    public String toString() {
        return connection.describe() + " wrapping " + raw();
    }
}
