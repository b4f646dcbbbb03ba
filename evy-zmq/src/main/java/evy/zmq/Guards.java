package evy.zmq;

import zmq.SocketBase;
import zmq.ZMQ;
import zmq.msg.MsgAllocator;
import zmq.msg.MsgAllocatorThreshold;

/**
 * What every socket gets before anybody uses it, because JeroMQ 0.6.0 does not bear it otherwise:
 * an error in one of its I/O threads is the end of all connections of the context.
 */
final class Guards {
    /* For the whole heap would not hold it, and the thread that reads it would end. */
    private static final long LONGEST_MESSAGE = Runtime.getRuntime().maxMemory() / 4;

    /* A negative length goes unnoticed up to here. */
    private static final MsgAllocator ALLOCATOR =
            new MsgAllocator() {
                private final MsgAllocator usual = new MsgAllocatorThreshold();

                @Override
                public zmq.Msg allocate(int size) {
                    return usual.allocate(Math.max(0, size));
                }
            };

    private Guards() {}

    static void set(SocketBase socket) {
        socket.setSocketOpt(ZMQ.ZMQ_MAXMSGSIZE, LONGEST_MESSAGE);
        socket.setSocketOpt(ZMQ.ZMQ_MSG_ALLOCATOR, ALLOCATOR);
    }
}
