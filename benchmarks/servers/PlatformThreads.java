import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A platform thread for each connection; meant for a few dozen of them. */
final class PlatformThreads {
    public static void main(String... args) throws IOException {
        var protocol = Protocol.of(args[0]);
        int port = Integer.parseInt(args[1]);
        try (var server =
                new ServerSocket(port, Protocol.BACKLOG, InetAddress.getLoopbackAddress())) {
            Protocol.listening(server.getLocalPort());
            while (true) {
                var client = server.accept();
                Thread.ofPlatform().daemon().start(() -> protocol.serve(client));
            }
        }
    }
}
