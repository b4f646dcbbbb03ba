/**
 * The system calls of Linux, bound through {@code java.lang.foreign}.
 *
 * <p>Calls return what the C function returns, or the error number negated; {@link
 * evy.internal.os.Errors} turns such a number into the exception that the JDK would throw. Whether
 * any of it can be used here is told by {@link evy.internal.os.Platform#unavailable}.
 */
@NullMarked
package evy.internal.os;

import org.jspecify.annotations.NullMarked;
