package evy.zmq;

import zmq.Command;
import zmq.Ctx;
import zmq.IMailbox;
import zmq.ZObject;
import zmq.io.IOObject;
import zmq.io.IOThread;
import zmq.poll.IPollEvents;
import zmq.poll.Poller;

import java.io.IOException;

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
    private static final int SOON_MILLIS = 1;
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private final IOObject ioObject;
    private final Poller.Handle none;

    @SuppressWarnings("this-escape") // nothing happens to it before it is sent
    private PollerNudge(Ctx context, IOThread thread) {
        super(context, thread.getTid());
        this.ioObject = new IOObject(thread, this);
        this.none = new Poller.Handle(thread.getMailbox().getFd(), this);
        ioObject.plug();
    }

    /** Begins for all I/O threads of a context, which must have been started. */
    static void install(Internals internals, Ctx context) {
        IMailbox[] mailboxes = internals.mailboxes(context);
        for (IOThread thread : internals.threads(context)) {
            Command nudge = internals.stop(new PollerNudge(context, thread));
            mailboxes[thread.getTid()] = new Nudging(internals, thread.getMailbox(), nudge);
        }
    }

    /** On the I/O thread, after the connection has been taken up. */
    @Override
    protected void processStop() {
        ioObject.addTimer(SOON_MILLIS, FIRST);
    }

    @Override
    public void timerEvent(int id) {
        ioObject.resetPollIn(none); // as if something had changed
        if (id == FIRST) {
            ioObject.addTimer(SOON_MILLIS, SECOND);
        }
    }

    /** An I/O thread's mailbox, in which each new connection is followed by the nudge. */
    private record Nudging(Internals internals, IMailbox mailbox, Command nudge)
            implements IMailbox {
        @Override
        public void send(Command command) {
            if (internals.isAttach(command)) {
                IpcChannel.unwrap(internals, internals.connection(command));
                mailbox.send(command);
                mailbox.send(nudge);
            } else {
                mailbox.send(command);
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
}
