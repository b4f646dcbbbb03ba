package evy.internal.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Makes method handles for functions of the C library, and calls them. All capture errno. */
final class Downcalls {
    /*
     * Shapes. The first handle of each shape costs milliseconds at start, the others little, so
     * there are only three. That is sound because on the machines supported up to six integers and
     * pointers travel in registers of 64 bits: the function looks at the lower half of a register if
     * it wants an int, and not at all at those it has no parameter for. An int it returns is in the
     * lower half, too, the upper being undefined.
     *
     * Critical calls do not tell the virtual machine that the thread is away: cheap, and heap arrays
     * can be handed over in place; but a safepoint waits for them. Hence only for calls that cannot
     * block.
     */
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final FunctionDescriptor PLAIN =
            FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG);
    private static final FunctionDescriptor TRANSFER =
            FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, INT);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final Linker.Option CRITICAL = Linker.Option.critical(true);

    static {
        long offset =
                Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));
        if (offset != 0) {
            throw new LinkageError("errno is captured at offset " + offset + ", expected 0");
        }
    }

    private Downcalls() {}

    /** A function that never blocks, for {@link #call}. */
    static MethodHandle quick(String name) {
        return handle(name, PLAIN, ERRNO, CRITICAL);
    }

    /** A function of a shape of its own that never blocks. */
    static MethodHandle quick(String name, FunctionDescriptor shape) {
        return handle(name, shape, ERRNO, CRITICAL);
    }

    /** A function that never blocks and whose arguments from {@code first} on are variable. */
    static MethodHandle quickVariadic(String name, int first) {
        return handle(name, PLAIN, ERRNO, CRITICAL, Linker.Option.firstVariadicArg(first));
    }

    /** A function that may block, for {@link #call}. */
    static MethodHandle blocking(String name) {
        return handle(name, PLAIN, ERRNO);
    }

    /**
     * A function of a descriptor, memory on the heap or off it, a length, and perhaps flags, that
     * never blocks: {@code (MemorySegment errno, int, MemorySegment, long, int)long}.
     */
    static MethodHandle transfer(String name) {
        return handle(name, TRANSFER, ERRNO, CRITICAL);
    }

    /** Calls a function that returns an int; -1 becomes the error number negated. */
    static int call(
            MethodHandle function, Scratch scratch, long a, long b, long c, long d, long e) {
        int result;
        try {
            result = (int) (long) function.invokeExact(scratch.errno, a, b, c, d, e);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        return result == -1 ? scratch.negatedErrno() : result;
    }

    /** Whether the C library has the function. */
    static boolean has(String name) {
        return find(name).isPresent();
    }

    /**
     * What to throw for something thrown by a handle, which only errors of ours can bring about.
     */
    static AssertionError unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        return new AssertionError(thrown);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment symbol =
                find(name)
                        .orElseThrow(() -> new LinkageError("the C library lacks " + name + "()"));
        return LINKER.downcallHandle(symbol, descriptor, options);
    }

    private static Optional<MemorySegment> find(String name) {
        return LINKER.defaultLookup().find(name);
    }
}
