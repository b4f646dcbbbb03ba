/** ZeroMQ sockets for green threads. */
@NullMarked
package evy.zmq;

import org.jspecify.annotations.NullMarked;
