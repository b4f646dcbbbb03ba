package evy.stress;

import evy.Evy;
import evy.GreenPile;
import evy.hubs.Hub;
import evy.hubs.HubStatistics;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.ListenOptions;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Holds so many echo connections open at once and sends a few messages over each. The server is a
 * process of its own, so that neither end needs more descriptors than usual.
 */
final class ManyConnections {
    private ManyConnections() {}

    public static void main(String... args) throws Exception {
        int count = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Process server = EchoProcess.start();
        try {
            int port = EchoProcess.port(server);
            Evy.run(
                    () -> {
                        talk(port, count, rounds);
                    });
        } finally {
            server.destroy();
            server.waitFor();
        }
        System.out.println("leaked " + leaked());
    }

    private static void talk(int port, int count, int rounds) throws IOException {
        List<GreenSocket> sockets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sockets.add(Evy.connect("127.0.0.1", port));
        }
        System.out.println("connected " + sockets.size());
        int echoed = 0;
        GreenPile<Integer> pile = new GreenPile<>(count);
        for (GreenSocket socket : sockets) {
            pile.spawn(() -> echo(socket, rounds));
        }
        for (int n : pile) {
            echoed += n;
        }
        System.out.println("echoed " + echoed);
        for (GreenSocket socket : sockets) {
            socket.close();
        }
    }

    private static int echo(GreenSocket socket, int rounds) throws IOException {
        int good = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] message = (i + " of " + socket.getLocalPort()).getBytes(StandardCharsets.UTF_8);
            socket.sendAll(message);
            Evy.yield();
            byte[] reply = socket.getInputStream().readNBytes(message.length);
            good += Arrays.equals(message, reply) ? 1 : 0;
        }
        return good;
    }

    static int leaked() {
        Hub.getDefault().letAllRun(); // the last ones are on their way out
        HubStatistics s = Hub.getDefault().statistics();
        return (int) s.live() + s.timers() + s.readers() + s.writers();
    }

    /** The server's end. */
    static final class EchoProcess {
        private EchoProcess() {}

        public static void main(String... args) throws Exception {
            Evy.run(
                    () -> {
                        try (GreenServerSocket server =
                                Evy.listen(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                        ListenOptions.DEFAULT.withBacklog(4096))) {
                            System.out.println(server.getLocalPort());
                            Evy.serve(server, EchoProcess::echo, 100_000);
                        }
                    });
        }

        private static void echo(Socket client) throws IOException {
            client.getInputStream().transferTo(client.getOutputStream());
        }

        static Process start() throws IOException {
            List<String> command =
                    new ArrayList<>(ProcessHandle.current().info().command().stream().toList());
            command.add("--add-opens");
            command.add("java.base/java.lang=ALL-UNNAMED");
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("-Devy.hub=" + System.getProperty("evy.hub", "epoll"));
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(EchoProcess.class.getName());
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        static int port(Process server) throws IOException {
            return Integer.parseInt(server.inputReader().readLine());
        }
    }
}
