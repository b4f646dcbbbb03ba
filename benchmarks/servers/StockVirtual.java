import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A virtual thread of the JDK's own scheduler for each connection, on the JDK's own sockets. */
final class StockVirtual {
    public static void main(String... args) throws IOException {
        var protocol = Protocol.of(args[0]);
        int port = Integer.parseInt(args[1]);
        try (var server =
                new ServerSocket(port, Protocol.BACKLOG, InetAddress.getLoopbackAddress())) {
            Protocol.listening(server.getLocalPort());
            while (true) {
                var client = server.accept();
                Thread.startVirtualThread(() -> protocol.serve(client));
            }
        }
    }
}
