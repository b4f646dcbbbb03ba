import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * A server in plain blocking code, a thread for each connection. What kind of thread and whose
 * sockets, its subclasses say; nothing else differs between them.
 *
 * <p>Arguments: {@code echo|hello|udp PORT}, {@code tls PORT DIRECTORY-OF-THE-CERTIFICATE} or
 * {@code forward PORT UPSTREAM-PORT}.
 */
abstract class BlockingServer {
    abstract ServerSocket listen(InetSocketAddress address) throws IOException;

    abstract ServerSocket listenTls(InetSocketAddress address, Path certificate)
            throws IOException, GeneralSecurityException;

    abstract Socket connect(InetSocketAddress address) throws IOException;

    abstract DatagramSocket openDatagram(InetSocketAddress address) throws IOException;

    abstract void start(Runnable body);

    final void run(String... args) throws IOException, GeneralSecurityException {
        var address = loopback(Integer.parseInt(args[1]));
        switch (args[0]) {
            case "echo" -> serve(listen(address), Protocol.ECHO::serve);
            case "hello" -> serve(listen(address), Protocol.HELLO::serve);
            case "tls" -> serve(listenTls(address, Path.of(args[2])), Protocol.ECHO::serve);
            case "forward" -> {
                var upstream = loopback(Integer.parseInt(args[2]));
                serve(listen(address), client -> forward(client, upstream));
            }
            case "udp" -> answer(openDatagram(address));
            default -> throw new IllegalArgumentException("no mode " + args[0]);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void serve(ServerSocket server, Consumer<Socket> handler) throws IOException {
        try (server) {
            Protocol.listening(server.getLocalPort());
            while (true) {
                var client = server.accept();
                start(() -> handler.accept(client));
            }
        }
    }

    private static void answer(DatagramSocket socket) throws IOException {
        try (socket) {
            Protocol.listening(socket.getLocalPort());
            var buffer = new byte[Protocol.DATAGRAM_BYTES];
            var packet = new DatagramPacket(buffer, buffer.length);
            while (true) {
                packet.setLength(buffer.length);
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }

    /** Copies both ways until both have come to an end. */
    private void forward(Socket client, InetSocketAddress upstream) {
        try (client;
                var server = connect(upstream)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var returned = new CountDownLatch(1);
            start(
                    () -> {
                        copy(server, client);
                        returned.countDown();
                    });
            copy(client, server);
            returned.await();
        } catch (IOException e) {
            System.err.println("forward: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // The other direction finds out, too.
        }
    }
}
