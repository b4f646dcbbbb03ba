package evy.zmq;

import org.jspecify.annotations.Nullable;

import zmq.Command;
import zmq.Ctx;
import zmq.IMailbox;
import zmq.Mailbox;
import zmq.Options;
import zmq.Own;
import zmq.SocketBase;
import zmq.ZObject;
import zmq.io.IOThread;
import zmq.io.StreamEngine;
import zmq.pipe.Pipe;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.SocketChannel;
import java.util.Deque;
import java.util.List;

/**
 * The private members of JeroMQ 0.6.0 that this package reaches into: all of them, looked up once.
 * On the class path they are open.
 */
final class Internals {
    /** What opens them on the module path. */
    static final String ADVICE =
            "use the class path, or --add-opens org.zeromq.jeromq/zmq=evy.zmq"
                    + " --add-opens org.zeromq.jeromq/zmq.io=evy.zmq";

    /* Null if the module is closed to us or its classes are not the ones we know. */
    private static final @Nullable Internals FOUND = find();

    private final VarHandle mailboxes;
    private final VarHandle threads;
    private final MethodHandle chooseThread;
    private final VarHandle mailbox;
    private final VarHandle commands;
    private final MethodHandle newCommand;
    private final VarHandle type;
    private final VarHandle argument;
    private final VarHandle options;
    private final VarHandle lastEndpoint;
    private final MethodHandle addEndpoint;
    private final VarHandle channel;

    private Internals(Lookup own) throws ReflectiveOperationException {
        Lookup in = MethodHandles.privateLookupIn(Ctx.class, own);
        mailboxes = in.findVarHandle(Ctx.class, "slots", IMailbox[].class);
        threads = in.findVarHandle(Ctx.class, "ioThreads", List.class);
        chooseThread =
                in.findVirtual(
                        Ctx.class,
                        "chooseIoThread",
                        MethodType.methodType(IOThread.class, long.class));
        commands =
                MethodHandles.privateLookupIn(Mailbox.class, own)
                        .findVarHandle(Mailbox.class, "cpipe", Deque.class);
        in = MethodHandles.privateLookupIn(Command.class, own);
        newCommand =
                in.findConstructor(
                        Command.class,
                        MethodType.methodType(void.class, ZObject.class, Command.Type.class));
        type = in.findVarHandle(Command.class, "type", Command.Type.class);
        argument = in.findVarHandle(Command.class, "arg", Object.class);
        options =
                MethodHandles.privateLookupIn(Own.class, own)
                        .findVarHandle(Own.class, "options", Options.class);
        lastEndpoint =
                MethodHandles.privateLookupIn(Options.class, own)
                        .findVarHandle(Options.class, "lastEndpoint", String.class);
        in = MethodHandles.privateLookupIn(SocketBase.class, own);
        mailbox = in.findVarHandle(SocketBase.class, "mailbox", IMailbox.class);
        addEndpoint =
                in.findVirtual(
                        SocketBase.class,
                        "addEndpoint",
                        MethodType.methodType(void.class, String.class, Own.class, Pipe.class));
        channel =
                MethodHandles.privateLookupIn(StreamEngine.class, own)
                        .findVarHandle(StreamEngine.class, "fd", SocketChannel.class);
    }

    private static @Nullable Internals find() {
        try {
            return new Internals(MethodHandles.lookup());
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** {@return them; null if they cannot be reached} */
    static @Nullable Internals orNull() {
        return FOUND;
    }

    /** {@return where the commands for each object of the context go, by its thread's number} */
    IMailbox[] mailboxes(Ctx context) {
        return (IMailbox[]) mailboxes.get(context);
    }

    /** {@return the threads that do the context's I/O} */
    @SuppressWarnings("unchecked")
    List<IOThread> threads(Ctx context) {
        return (List<IOThread>) threads.get(context);
    }

    /** {@return the I/O thread that has least to do; null if there is none} */
    @Nullable IOThread chooseThread(Ctx context, long affinity) {
        return (IOThread) called(() -> chooseThread.invoke(context, affinity));
    }

    /** {@return where the socket looks for commands} */
    Mailbox mailbox(SocketBase socket) {
        return (Mailbox) mailbox.get(socket);
    }

    /** {@return the commands in it} */
    @SuppressWarnings("unchecked")
    Deque<Command> commands(Mailbox box) {
        return (Deque<Command>) commands.get(box);
    }

    /** {@return a command that runs {@code processStop} of its destination and does no more} */
    Command stop(ZObject destination) {
        return (Command) called(() -> newCommand.invoke(destination, Command.Type.STOP));
    }

    /** {@return true if it hands a new connection to an I/O thread} */
    boolean isAttach(Command command) {
        return type.get(command) == Command.Type.ATTACH;
    }

    /** {@return what an {@link #isAttach} hands over} */
    Object connection(Command attach) {
        return argument.get(attach);
    }

    /** {@return the socket's settings, as its connections see them} */
    Options options(SocketBase socket) {
        return (Options) options.get(socket);
    }

    /** Starts what accepts a socket's peers, and has it end with the socket or by an unbind. */
    void bind(SocketBase socket, String endpoint, Own listener) {
        lastEndpoint.set(options(socket), endpoint);
        called(
                () -> {
                    addEndpoint.invoke(socket, endpoint, listener, (Pipe) null);
                    return listener;
                });
    }

    /** {@return what a connection reads and writes} */
    SocketChannel channel(StreamEngine connection) {
        return (SocketChannel) channel.get(connection);
    }

    /** Has a connection that was not started yet read and write another channel. */
    void setChannel(StreamEngine connection, SocketChannel other) {
        channel.set(connection, other);
    }

    private static Object called(Call call) {
        try {
            return call.call();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e); // none of them declares any
        }
    }

    /** A call of JeroMQ. */
    private interface Call {
        Object call() throws Throwable;
    }
}
