import evy.Evy;
import evy.io.GreenDatagramSocket;
import evy.io.ListenOptions;
import evy.io.tls.TlsOptions;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;

/** A green thread for each connection, all on one hub, on Evy's sockets. */
final class EvyServer extends BlockingServer {
    public static void main(String... args) throws Exception {
        Evy.run(() -> new EvyServer().run(args));
    }

    @Override
    ServerSocket listen(InetSocketAddress address) throws IOException {
        return Evy.listen(address, ListenOptions.DEFAULT.withBacklog(Protocol.BACKLOG));
    }

    @Override
    ServerSocket listenTls(InetSocketAddress address, Path certificate) throws IOException {
        var options =
                TlsOptions.server(certificate.resolve("cert.pem"), certificate.resolve("key.pem"));
        return Evy.wrapTls(listen(address), options);
    }

    @Override
    Socket connect(InetSocketAddress address) throws IOException {
        return Evy.connect(address);
    }

    @Override
    DatagramSocket openDatagram(InetSocketAddress address) throws IOException {
        return new GreenDatagramSocket(address);
    }

    @Override
    void start(Runnable body) {
        Evy.spawnN(body::run);
    }
}
