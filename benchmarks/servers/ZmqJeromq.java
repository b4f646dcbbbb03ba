import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Plain JeroMQ on a platform thread. */
final class ZmqJeromq extends ZmqProgram {
    private final ZContext context = new ZContext();
    private ZMQ.Socket socket;

    public static void main(String... args) {
        try (var program = new ZmqJeromq()) {
            program.run(args);
        }
    }

    @Override
    void open(String type) {
        socket = context.createSocket(SocketType.valueOf(type));
        socket.setLinger(-1);
    }

    @Override
    String bind() {
        socket.bind("tcp://127.0.0.1:*");
        return socket.getLastEndpoint();
    }

    @Override
    void connect(String address) {
        socket.connect(address);
    }

    @Override
    void send(byte[] message) {
        socket.send(message, 0);
    }

    @Override
    byte[] receive() {
        return socket.recv(0);
    }

    @Override
    public void close() {
        socket.close();
        context.close();
    }
}
