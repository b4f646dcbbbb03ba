import evy.Evy;
import evy.zmq.Context;
import evy.zmq.Socket;
import evy.zmq.SocketType;

import java.time.Duration;

/** A green thread on a hub. */
final class ZmqEvy extends ZmqProgram {
    private final Context context = Context.open();
    private Socket socket;

    public static void main(String... args) {
        Evy.run(
                () -> {
                    try (var program = new ZmqEvy()) {
                        program.run(args);
                    }
                });
    }

    @Override
    void open(String type) {
        socket = context.socket(SocketType.valueOf(type));
    }

    @Override
    String bind() {
        return socket.bind("tcp://127.0.0.1:*");
    }

    @Override
    void connect(String address) {
        socket.connect(address);
    }

    @Override
    void send(byte[] message) {
        socket.send(message);
    }

    @Override
    byte[] receive() {
        return socket.recv();
    }

    @Override
    public void close() {
        socket.close();
        context.close(Duration.ofMinutes(1));
    }
}
