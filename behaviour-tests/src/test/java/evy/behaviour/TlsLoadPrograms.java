package evy.behaviour;

import evy.Evy;
import evy.GreenPile;
import evy.GreenThread;
import evy.behaviour.TlsIdentities.Identity;
import evy.hubs.Hub;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.ListenOptions;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.tpool.Tpool;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The two ends of many TLS connections, each in a JVM of its own with a ticker on its hub: {@code
 * server FILE}, which writes its authority there, and {@code client FILE PORT CONNECTIONS AT_ONCE},
 * which makes so many in all and shakes so many hands at once. Each goes on when it is sent a line.
 */
final class TlsLoadPrograms {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final int MANY = 100_000;

    /* They all connect before the first shakes hands. */
    private static final Duration LONG = Duration.ofMinutes(9);

    private static final BufferedReader LINES =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private TlsLoadPrograms() {}

    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "server" -> Evy.run(() -> serve(Path.of(args[1])));
            case "client" ->
                    Evy.run(
                            () ->
                                    connect(
                                            Path.of(args[1]),
                                            Integer.parseInt(args[2]),
                                            Integer.parseInt(args[3]),
                                            Integer.parseInt(args[4])));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void serve(Path authority) throws Exception {
        TlsIdentities.CA.writeChain(authority);
        Identity identity = TlsIdentities.LOCALHOST;
        TlsOptions options =
                TlsOptions.server()
                        .withCertificate(identity.key(), identity.chain())
                        .withHandshakeTimeout(LONG);
        GreenServerSocket below =
                Evy.listen(
                        new InetSocketAddress(NetFixtures.loopback(), 0),
                        ListenOptions.DEFAULT.withBacklog(4096));
        try (var listener = Tls.wrap(below, options);
                Ticker ticker = Ticker.start()) {
            GreenThread<Void> serving =
                    Evy.spawn(() -> Evy.serve(listener, TlsLoadPrograms::echo, MANY));
            report(ticker);
            say("port", below.getLocalPort());
            while (Tpool.execute(LINES::readLine) != null) {
                report(ticker);
            }
            serving.kill();
        }
    }

    private static void echo(Socket client) {
        try {
            byte[] few = new byte[HELLO.length];
            for (int n = 0; n >= 0; n = client.getInputStream().read(few)) {
                client.getOutputStream().write(few, 0, n);
            }
        } catch (IOException e) {
            say("failed", e);
        }
    }

    private static void connect(Path authority, int port, int count, int atOnce) throws Exception {
        TlsOptions options = TlsOptions.client().withCaCerts(authority).withHandshakeTimeout(LONG);
        List<GreenTlsSocket> sockets = new ArrayList<>();
        try (Ticker ticker = Ticker.start()) {
            for (int i = 0; i < count; i++) {
                GreenSocket plain = Evy.connect("127.0.0.1", port);
                sockets.add(Tls.wrap(plain, options.withServerHostname("localhost")));
            }
            say("gap while connecting", millis(ticker.longestGap()));
            say("handshakes", exchange(sockets, atOnce));
            report(ticker);
            Tpool.execute(LINES::readLine);
            say("echoed", exchange(sockets, count));
            report(ticker);
            for (GreenTlsSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static int exchange(List<GreenTlsSocket> sockets, int atOnce) {
        long start = System.nanoTime();
        GreenPile<Integer> pile = new GreenPile<>(atOnce);
        for (GreenTlsSocket socket : sockets) {
            pile.spawn(() -> echoed(socket));
        }
        int good = 0;
        for (int n : pile) {
            good += n;
        }
        say("took", millis(Duration.ofNanos(System.nanoTime() - start)));
        return good;
    }

    private static int echoed(GreenTlsSocket socket) throws IOException {
        socket.sendAll(HELLO);
        return socket.getInputStream().readNBytes(HELLO.length).length / HELLO.length;
    }

    private static void report(Ticker ticker) {
        say("longest gap", millis(ticker.longestGap()));
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        say("heap", (runtime.totalMemory() - runtime.freeMemory()) / 1024 + " KB");
        say("green threads", Hub.current().statistics().live());
        ticker.longestGap(); // without the collection
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }

    private static void say(String what, Object value) {
        System.out.println(what + ": " + value);
        System.out.flush();
    }
}
