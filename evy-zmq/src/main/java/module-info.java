/** ZeroMQ sockets for green threads: {@link evy.zmq}. */
module evy.zmq {
    requires transitive evy.core;
    requires static transitive org.jspecify;
    requires org.zeromq.jeromq;

    exports evy.zmq;
}
