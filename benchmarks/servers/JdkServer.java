import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server on the JDK's own sockets. */
abstract class JdkServer extends BlockingServer {
    private static final char[] PASSWORD = "benchmark".toCharArray();

    @Override
    ServerSocket listen(InetSocketAddress address) throws IOException {
        return new ServerSocket(address.getPort(), Protocol.BACKLOG, address.getAddress());
    }

    @Override
    ServerSocket listenTls(InetSocketAddress address, Path certificate)
            throws IOException, GeneralSecurityException {
        return context(certificate)
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

    private static SSLContext context(Path certificate)
            throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(certificate.resolve("server.p12"))) {
            keys.load(in, PASSWORD);
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
