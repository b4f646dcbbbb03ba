package evy.stress;

import evy.Evy;
import evy.GreenPile;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Opens, uses and closes so many connections, some at a time, and counts what is left. The client
 * resets each, so that no port is held by the system afterwards.
 */
final class ConnectionChurn {
    private static final int AT_ONCE = 50;
    private static int served;

    private ConnectionChurn() {}

    public static void main(String... args) throws Exception {
        int count = Integer.parseInt(args[0]);
        Evy.run(() -> oneConnection(Evy.listen("127.0.0.1", 0))); // loads what is loaded once
        long before = openDescriptors();
        Evy.run(() -> churn(count));
        System.out.println("served " + (served - 1));
        long descriptors = Math.max(0, openDescriptors() - before);
        System.out.println("leaked " + (ManyConnections.leaked() + descriptors));
    }

    private static void oneConnection(GreenServerSocket server) throws Exception {
        var serving = Evy.spawn(() -> serveOne(server));
        exchange(server.getLocalPort());
        serving.join();
        server.close();
    }

    private static void serveOne(GreenServerSocket server) throws IOException {
        try (Socket client = server.accept()) {
            answer(client);
        }
    }

    private static void churn(int count) throws IOException {
        GreenServerSocket server = Evy.listen("127.0.0.1", 0);
        var serving = Evy.spawn(() -> Evy.serve(server, ConnectionChurn::answer));
        int port = server.getLocalPort();
        GreenPile<Integer> pile = new GreenPile<>(AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            int share = count / AT_ONCE;
            pile.spawn(
                    () -> {
                        for (int n = 0; n < share; n++) {
                            exchange(port);
                        }
                        return share;
                    });
        }
        for (int share : pile) {
            assert share == count / AT_ONCE;
        }
        serving.kill();
        server.close();
    }

    private static void exchange(int port) throws IOException {
        try (GreenSocket socket = Evy.connect("127.0.0.1", port)) {
            socket.setSoLinger(true, 0);
            socket.sendAll(new byte[] {1});
            socket.recv(1);
        }
    }

    private static void answer(Socket client) throws IOException {
        int b = client.getInputStream().read();
        served++;
        client.getOutputStream().write(b);
    }

    private static long openDescriptors() throws IOException {
        Path list = Path.of("/proc/self/fd");
        if (!Files.isDirectory(list)) {
            return 0;
        }
        try (Stream<Path> entries = Files.list(list)) {
            return entries.count();
        }
    }
}
