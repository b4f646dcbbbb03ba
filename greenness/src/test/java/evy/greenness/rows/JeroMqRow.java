package evy.greenness.rows;

import evy.greenness.PerCaller;
import evy.greenness.Question;

import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

import java.net.InetSocketAddress;

/** ZeroMQ by JeroMQ: a REQ socket for each caller. */
public final class JeroMqRow extends PerCaller<ZMQ.Socket> {
    private static final int RETRY_MILLIS = 1000;

    private ZContext context;

    @Override
    public String library() {
        return "JeroMQ";
    }

    @Override
    public Class<?> client() {
        return ZContext.class;
    }

    @Override
    public String peer() {
        return "zmq";
    }

    @Override
    public String why() {
        return "a poller thread of its own; the caller waits in `Selector.select`, and "
                + "makes a `ZMQException` of an interrupt";
    }

    @Override
    public void start(InetSocketAddress peer) throws Exception {
        super.start(peer);
        context = new ZContext();
    }

    @Override
    protected ZMQ.Socket open(InetSocketAddress peer) {
        ZMQ.Socket socket = context.createSocket(SocketType.REQ);
        // When many connect at once, now and then one's handshake does not end, on platform threads
        // too. It is begun again after this time, by default half a minute.
        socket.setHandshakeIvl(RETRY_MILLIS);
        socket.connect("tcp://" + peer.getHostString() + ":" + peer.getPort());
        return socket;
    }

    @Override
    protected String call(ZMQ.Socket socket, Question question) {
        socket.send(question.text());
        return socket.recvStr();
    }
}
