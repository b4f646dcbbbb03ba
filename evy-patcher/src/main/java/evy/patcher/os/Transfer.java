package evy.patcher.os;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;

/**
 * What a read or write is about, told by the arguments of the JDK's methods.
 *
 * <p>Those of streams and random access files are {@code (this)}, {@code (this, byte)}, {@code
 * (this, array)} and {@code (this, array, offset, length)}; those of channels {@code (this,
 * descriptor, address, length)}, with a position at the end if not at the current one. A channel's
 * method that returns a {@code long} has the length of a vector there.
 *
 * @param descriptor of what is read or written
 * @param length in bytes; {@link #UNKNOWN} of scattered ones
 * @param position in the file; -1 for the current one
 */
record Transfer(FileDescriptor descriptor, long length, long position) {
    /** Larger than any length. */
    static final long UNKNOWN = Long.MAX_VALUE;

    /**
     * From here on to copy takes as long as to ask a native thread, and others of the hub should
     * not wait for it.
     */
    private static final int LARGE = 256 * 1024;

    static Transfer of(MethodHandle original, Object[] arguments) throws IOException {
        if (arguments.length > 1 && arguments[1] instanceof FileDescriptor descriptor) {
            boolean isScattered = original.type().returnType() == long.class;
            long position = arguments.length > 4 ? (long) arguments[4] : -1;
            return new Transfer(descriptor, isScattered ? UNKNOWN : (int) arguments[3], position);
        }
        FileDescriptor descriptor = JdkFiles.descriptorOf(arguments[0]);
        return new Transfer(descriptor, lengthInStream(arguments), -1);
    }

    private static long lengthInStream(Object[] arguments) {
        if (arguments.length == 1 || !(arguments[1] instanceof byte[] bytes)) {
            return 1;
        }
        return arguments.length == 2 ? bytes.length : (int) arguments[3];
    }

    /** Whether to make it takes no longer than to have it made. */
    boolean isSmall() {
        return length < LARGE;
    }
}
