package evy.patcher.os;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.util.function.BooleanSupplier;

/** The insides of {@code java.base} that this package needs to see. */
final class JdkFiles {
    private static final VarHandle NUMBER;
    private static final VarHandle CLEANED_NUMBER;
    private static final MethodHandle POLL;
    private static final MethodHandle STOP_POLL;
    private static final MethodHandle WRITE;
    private static final MethodHandle CLOSE;
    private static final MethodHandle CLOSE_CHANNEL;
    private static final VarHandle CHANNEL_DESCRIPTOR;

    static {
        try {
            MethodHandles.Lookup own = MethodHandles.lookup();
            MethodHandles.Lookup descriptors =
                    MethodHandles.privateLookupIn(FileDescriptor.class, own);
            NUMBER = descriptors.findVarHandle(FileDescriptor.class, "fd", int.class);
            Class<?> cleanable = descriptors.findClass("java.io.FileCleanable");
            CLEANED_NUMBER =
                    MethodHandles.privateLookupIn(cleanable, own)
                            .findVarHandle(cleanable, "fd", int.class);
            WRITE =
                    MethodHandles.privateLookupIn(FileOutputStream.class, own)
                            .findSpecial(
                                    FileOutputStream.class,
                                    "write",
                                    MethodType.methodType(
                                            void.class, byte[].class, int.class, int.class),
                                    FileOutputStream.class);
            Class<?> dispatcher = Class.forName("sun.nio.fs.UnixNativeDispatcher");
            CLOSE =
                    MethodHandles.privateLookupIn(dispatcher, own)
                            .findStatic(
                                    dispatcher,
                                    "close",
                                    MethodType.methodType(void.class, int.class));
            Class<?> channel = Class.forName("sun.nio.ch.FileChannelImpl");
            CLOSE_CHANNEL =
                    MethodHandles.privateLookupIn(channel, own)
                            .findVirtual(
                                    channel, "implCloseChannel", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, FileChannel.class));
            CHANNEL_DESCRIPTOR =
                    MethodHandles.privateLookupIn(channel, own)
                            .findVarHandle(channel, "fd", FileDescriptor.class);
            // each hub's thread initialises it: the JDK's poller threads do not become green
            Class<?> poller = Class.forName("sun.nio.ch.Poller", false, null);
            MethodHandles.Lookup polling = MethodHandles.privateLookupIn(poller, own);
            POLL =
                    polling.findStatic(
                            poller,
                            "poll",
                            MethodType.methodType(
                                    void.class,
                                    int.class,
                                    int.class,
                                    long.class,
                                    BooleanSupplier.class));
            STOP_POLL =
                    polling.findStatic(
                            poller, "stopPoll", MethodType.methodType(void.class, int.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private JdkFiles() {}

    /** The system's number of a descriptor; -1 once it is closed. */
    static int number(FileDescriptor descriptor) {
        return (int) NUMBER.getVolatile(descriptor);
    }

    /** The number that a cleaner of the JDK is about to close. */
    static int cleanedNumber(Object cleanable) {
        return (int) CLEANED_NUMBER.get(cleanable);
    }

    /** The descriptor of one of the JDK's streams or files. */
    static FileDescriptor descriptorOf(Object stream) throws IOException {
        if (stream instanceof FileInputStream in) {
            return in.getFD();
        }
        return stream instanceof FileOutputStream out
                ? out.getFD()
                : ((RandomAccessFile) stream).getFD();
    }

    /** The descriptor of one of the JDK's channels of files. */
    static FileDescriptor descriptorOf(FileChannel channel) {
        return (FileDescriptor) CHANNEL_DESCRIPTOR.get(channel);
    }

    /** Closes a descriptor that has a number only. */
    static void close(int number) throws IOException {
        try {
            CLOSE.invokeExact(number);
        } catch (Throwable t) {
            throw new IOException("closing descriptor " + number, t);
        }
    }

    /** Closes a channel that is marked closed already. */
    static void closeChannel(FileChannel channel) {
        try {
            CLOSE_CHANNEL.invokeExact(channel);
        } catch (Throwable t) {
            System.getLogger("evy.patcher").log(System.Logger.Level.DEBUG, "closing a channel", t);
        }
    }

    /** Waits as the JDK's sockets do: on the hub if it can, else with the JDK's own poller. */
    static void poll(int number, int event, BooleanSupplier open) throws Throwable {
        POLL.invokeExact(number, event, 0L, open);
    }

    /** Ends all waits of {@link #poll} for a number. */
    static void stopPoll(int number) {
        try {
            STOP_POLL.invokeExact(number);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** Writes by {@code FileOutputStream}'s own method, whatever a subclass makes of it. */
    static void write(FileOutputStream out, byte[] bytes, int offset, int length)
            throws IOException {
        try {
            WRITE.invokeExact(out, bytes, offset, length);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
