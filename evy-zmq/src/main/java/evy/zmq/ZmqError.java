package evy.zmq;

import zmq.ZError;

/**
 * What went wrong, by ZeroMQ's own names.
 *
 * @source ZeroMQ {@code zmq_errno(3)}
 */
public enum ZmqError {
    /** It would have to wait, and must not, or has waited as long as it may. */
    EAGAIN(ZError.EAGAIN, "would have to wait"),
    /** The socket is closed. */
    ENOTSOCK(ZError.ENOTSOCK, "socket is closed"),
    /** The context is closed. */
    ETERM(ZError.ETERM, "context is closed"),
    /** Not its turn: a REQ that has not got its reply, a REP that has no request. */
    EFSM(ZError.EFSM, "not possible in this state; send and receive in turns"),
    /** Nobody to send it to. */
    EHOSTUNREACH(ZError.EHOSTUNREACH, "no such peer"),
    /** Somebody has this address. */
    EADDRINUSE(ZError.EADDRINUSE, "address in use"),
    /** This machine has no such address. */
    EADDRNOTAVAIL(ZError.EADDRNOTAVAIL, "no such address here"),
    /** An argument makes no sense. */
    EINVAL(ZError.EINVAL, "invalid argument"),
    /** Nothing by this name. */
    ENOENT(ZError.ENOENT, "no such endpoint"),
    /** Not allowed here. */
    EACCES(ZError.EACCESS, "permission denied"),
    /** The path of an {@code ipc} endpoint is too long. */
    ENAMETOOLONG(63, "name too long"),
    /** The calling thread was interrupted. */
    EINTR(ZError.EINTR, "interrupted"),
    /** Sockets of this type cannot. */
    ENOTSUP(ZError.ENOTSUP, "not supported by this type of socket"),
    /** Unknown transport. */
    EPROTONOSUPPORT(
            ZError.EPROTONOSUPPORT, "transport not supported; there are tcp, ipc and inproc"),
    /** The transport does not go with this type of socket. */
    ENOCOMPATPROTO(ZError.ENOCOMPATPROTO, "transport not possible with this type of socket"),
    /** No more sockets or descriptors. */
    EMFILE(ZError.EMFILE, "too many sockets; raise ContextOptions.maxSockets"),
    /** The message is too long. */
    EMSGSIZE(ZError.EMSGSIZE, "message too long"),
    /** There is no I/O thread for it. */
    EMTHREAD(ZError.EMTHREAD, "no I/O thread; set ContextOptions.ioThreads to 1 or more"),
    /** Anything else; the message or the cause says more. */
    EOTHER(-1, "failed");

    private final int code;
    private final String text;

    ZmqError(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** {@return what it means, in a few words} */
    public String text() {
        return text;
    }

    int code() {
        return code;
    }

    static ZmqError of(int code) {
        for (ZmqError error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return EOTHER;
    }
}
