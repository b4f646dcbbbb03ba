package evy.zmq;

import zmq.Command;
import zmq.IMailbox;
import zmq.Mailbox;
import zmq.SocketBase;
import zmq.ZError;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Deque;

/**
 * Stands before a socket's mailbox: hands on each command and gives a signal.
 *
 * <p>No thread, no descriptor and no system call takes part: the pipe by which JeroMQ's mailbox
 * wakes a thread that blocks in it is left out, for here none does. Only when the socket is being
 * closed JeroMQ's reaper waits at that pipe, and from then on commands go the usual way.
 */
/*
 * A command that is on its way in while the socket is closed must not be left without a byte in
 * the pipe. The sender adds the command, then looks at `reaping`; who closes sets `reaping`, then
 * looks into the mailbox. One of them sees the other: either the command is found by that look, or
 * the sender takes it out again and sends it by the pipe.
 */
final class MailboxHook implements Readiness, IMailbox {
    private final Mailbox mailbox;
    private final Deque<Command> commands;
    private final Runnable signal;

    private volatile boolean reaping;

    @SuppressWarnings("this-escape") // nobody sends to the socket yet
    MailboxHook(Internals internals, SocketBase socket, Runnable signal) {
        this.mailbox = internals.mailbox(socket);
        this.commands = internals.commands(mailbox);
        this.signal = signal;
        internals.mailboxes(socket.getCtx())[socket.getTid()] = this;
    }

    @Override
    public void send(Command command) {
        if (reaping) {
            sendByPipe(command);
            return;
        }
        commands.addLast(command);
        if (reaping && commands.remove(command)) {
            sendByPipe(command);
        }
        signal.run();
    }

    /* The reaper may take the command, find it is the last, and close the pipe before its byte. */
    private void sendByPipe(Command command) {
        try {
            mailbox.send(command);
        } catch (ZError.IOException e) {
            if (!(e.getCause() instanceof ClosedChannelException)) {
                throw e;
            }
        }
    }

    @Override
    public Command recv(long timeout) {
        return mailbox.recv(timeout);
    }

    @Override
    public void listen() {
        // always does
    }

    @Override
    public void close(Runnable look) {
        reaping = true;
        look.run();
    }

    @Override
    public void close() throws IOException {
        mailbox.close();
    }
}
