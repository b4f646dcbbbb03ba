import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** A server on the JDK's own sockets. */
abstract class JdkServer extends BlockingServer {
    @Override
    ServerSocket listen(InetSocketAddress address) throws IOException {
        return new ServerSocket(address.getPort(), Protocol.BACKLOG, address.getAddress());
    }

    @Override
    ServerSocket listenTls(InetSocketAddress address, Path certificate)
            throws IOException, GeneralSecurityException {
        return Certificates.context(certificate)
                .getServerSocketFactory()
                .createServerSocket(address.getPort(), Protocol.BACKLOG, address.getAddress());
    }

    @Override
    Socket connect(InetSocketAddress address) throws IOException {
        return new Socket(address.getAddress(), address.getPort());
    }

    @Override
    DatagramSocket openDatagram(InetSocketAddress address) throws IOException {
        return new DatagramSocket(address);
    }
}
