package evy.zmq;

import org.jspecify.annotations.Nullable;

import zmq.Options;
import zmq.SocketBase;
import zmq.ZError;
import zmq.io.IOObject;
import zmq.io.IOThread;
import zmq.io.SessionBase;
import zmq.io.StreamEngine;
import zmq.io.net.Listener;
import zmq.poll.Poller;
import zmq.socket.Sockets;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * Accepts the peers of a socket that is bound to an {@code ipc} endpoint, where JeroMQ's own would
 * do so at a port of TCP.
 *
 * @thread its I/O thread, but for the constructor
 */
final class IpcListener extends Listener {
    private static final int RETRY = 1;

    /* Out of descriptors, the channel stays ready: at once would be without end. */
    private static final int RETRY_MILLIS = 100;

    private final IpcServer server;
    private final IOObject ioObject;
    private Poller.@Nullable Handle handle;

    /**
     * Makes one that JeroMQ starts.
     *
     * @param server its own to close
     */
    @SuppressWarnings("this-escape") // until it is started it is nobody's but the caller's
    IpcListener(IOThread thread, SocketBase socket, Options options, IpcServer server) {
        super(thread, socket, options);
        this.server = server;
        this.ioObject = new IOObject(thread, this);
    }

    @Override
    protected void processPlug() {
        ioObject.plug();
        listen();
    }

    private void listen() {
        handle = ioObject.addFd(server.channel());
        ioObject.setPollAccept(handle);
    }

    @Override
    protected void processTerm(int linger) {
        if (handle == null) {
            ioObject.cancelTimer(RETRY);
        } else {
            ioObject.removeHandle(handle);
            handle = null;
        }
        try {
            server.close();
            socket.eventClosed(server.endpoint(), server.channel());
        } catch (IOException e) {
            socket.eventCloseFailed(server.endpoint(), ZError.exccode(e));
        }
        super.processTerm(linger);
    }

    @Override
    protected void destroy() {
        ioObject.unplug();
    }

    @Override
    public void acceptEvent() {
        SocketChannel peer;
        try {
            peer = server.channel().accept();
        } catch (IOException e) {
            socket.eventAcceptFailed(server.endpoint(), ZError.exccode(e));
            ioObject.removeHandle(handle);
            handle = null;
            ioObject.addTimer(RETRY_MILLIS, RETRY);
            return;
        }
        if (peer != null) {
            welcome(new IpcChannel(peer));
        }
    }

    @Override
    public void timerEvent(int id) {
        listen();
    }

    private void welcome(IpcChannel peer) {
        StreamEngine engine;
        try {
            peer.setBuffers(options);
            engine = new StreamEngine(peer, options, server.endpoint());
        } catch (IOException | ZError.IOException | ZError.InstantiationException e) {
            peer.abandon();
            socket.eventAcceptFailed(server.endpoint(), ZError.EINVAL);
            return;
        }
        SessionBase session =
                Sockets.createSession(
                        chooseIoThread(options.affinity), false, socket, options, null);
        session.incSeqnum();
        launchChild(session);
        sendAttach(session, engine, false);
        socket.eventAccepted(server.endpoint(), peer);
    }

    /** Not called: it is made with its address. */
    @Override
    public boolean setAddress(String address) {
        throw new UnsupportedOperationException(
                "setAddress(" + address + "): it was made with its address");
    }

    @Override
    public String getAddress() {
        return server.endpoint();
    }

    @Override
    public String toString() {
        return server.toString();
    }
}
