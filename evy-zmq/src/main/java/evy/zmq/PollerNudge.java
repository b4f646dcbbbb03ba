package evy.zmq;

import org.jspecify.annotations.Nullable;

import zmq.Command;
import zmq.Ctx;
import zmq.IMailbox;
import zmq.ZObject;
import zmq.io.IOThread;
import zmq.poll.IPollEvents;
import zmq.poll.Poller;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * Has an I/O thread of JeroMQ look at its channels again after each new connection.
 *
 * <p>In JeroMQ 0.6.0 a connection that one has just made and the connecter that made it share a
 * channel. If the thread gives up the connecter and takes up the connection in one turn, it finds
 * the channel's cancelled key, registers nothing, and does not come back to it until something else
 * is registered: the handshake stalls, with {@code STREAM} sockets everything. Two turns later the
 * key is gone.
 */
final class PollerNudge extends ZObject implements IPollEvents {
    private static final @Nullable Doors DOORS = Doors.open();
    private static final int SOON_MILLIS = 1;
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private final Doors doors;
    private final Poller poller;

    private PollerNudge(Ctx context, IOThread thread, Doors doors) {
        super(context, thread.getTid());
        this.doors = doors;
        this.poller = (Poller) doors.poller.get(thread);
    }

    /** Begins for all I/O threads of a context, which must have been started; if JeroMQ is open. */
    static void install(Ctx context) {
        Doors doors = DOORS;
        if (doors == null) {
            return;
        }
        IMailbox[] slots = (IMailbox[]) doors.slots.get(context);
        for (Object each : (List<?>) doors.threads.get(context)) {
            IOThread thread = (IOThread) each;
            slots[thread.getTid()] =
                    new Nudging(
                            thread.getMailbox(),
                            doors.stop(new PollerNudge(context, thread, doors)));
        }
    }

    /** On the I/O thread, after the connection has been taken up. */
    @Override
    protected void processStop() {
        poller.addTimer(SOON_MILLIS, this, FIRST);
    }

    @Override
    public void timerEvent(int id) {
        doors.retired.set(poller, true);
        if (id == FIRST) {
            poller.addTimer(SOON_MILLIS, this, SECOND);
        }
    }

    /** An I/O thread's mailbox, in which each new connection is followed by the nudge. */
    private static final class Nudging implements IMailbox {
        private final IMailbox mailbox;
        private final Command nudge;

        Nudging(IMailbox mailbox, Command nudge) {
            this.mailbox = mailbox;
            this.nudge = nudge;
        }

        @Override
        public void send(Command command) {
            mailbox.send(command);
            if (DOORS != null && DOORS.isAttach(command)) {
                mailbox.send(nudge);
            }
        }

        @Override
        public Command recv(long timeout) {
            return mailbox.recv(timeout);
        }

        @Override
        public void close() throws IOException {
            mailbox.close();
        }
    }

    /** The private members of JeroMQ that are needed. */
    private record Doors(
            VarHandle slots,
            VarHandle threads,
            VarHandle poller,
            VarHandle retired,
            VarHandle type,
            MethodHandle command) {
        /* Null if the module is closed to us or its classes are not the ones we know. */
        static @Nullable Doors open() {
            try {
                var own = MethodHandles.lookup();
                var ofContext = MethodHandles.privateLookupIn(Ctx.class, own);
                var ofCommand = MethodHandles.privateLookupIn(Command.class, own);
                return new Doors(
                        ofContext.findVarHandle(Ctx.class, "slots", IMailbox[].class),
                        ofContext.findVarHandle(Ctx.class, "ioThreads", List.class),
                        MethodHandles.privateLookupIn(IOThread.class, own)
                                .findVarHandle(IOThread.class, "poller", Poller.class),
                        MethodHandles.privateLookupIn(Poller.class, own)
                                .findVarHandle(Poller.class, "retired", boolean.class),
                        ofCommand.findVarHandle(Command.class, "type", Command.Type.class),
                        ofCommand.findConstructor(
                                Command.class,
                                MethodType.methodType(
                                        void.class, ZObject.class, Command.Type.class)));
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }

        boolean isAttach(Command command) {
            return type.get(command) == Command.Type.ATTACH;
        }

        /* The command that runs processStop of its destination and does nothing else. */
        Command stop(ZObject destination) {
            try {
                return (Command) command.invokeExact(destination, Command.Type.STOP);
            } catch (Throwable e) {
                throw new AssertionError(e); // it only sets fields
            }
        }
    }
}
