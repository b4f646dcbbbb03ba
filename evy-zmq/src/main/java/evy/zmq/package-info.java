/**
 * ZeroMQ sockets for green threads, over JeroMQ.
 *
 * {@snippet :
 * try (var all = Context.open()) {
 *     var rep = all.socket(SocketType.REP);
 *     rep.bind("tcp://127.0.0.1:5555");
 *     rep.send("you said " + rep.recvString());
 * }
 * }
 *
 * <p>Begin with {@link evy.zmq.Context}, which opens {@link evy.zmq.Socket}s; {@link
 * evy.zmq.SocketOptions} has the settings, {@link evy.zmq.Poller} waits for several, {@link
 * evy.zmq.Proxy} stands between two.
 *
 * <p>Guide: {@code docs/guide/zeromq.md}.
 */
@NullMarked
package evy.zmq;

import org.jspecify.annotations.NullMarked;
