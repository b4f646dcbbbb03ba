package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.hubs.Hub;
import evy.patcher.library.Crawler;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.TrustManagerFactory;

/** The programs of {@link TlsIT}: TLS of the JDK, both ends on one hub. */
final class TlsPrograms {
    static final String PASSWORD = "password";
    static final String ALIAS = "localhost";

    private static final int CLIENTS = 10;
    private static final int TICKS = 20;
    private static final int PAGES = 8;

    private final SSLContext tls;
    private final InetAddress local = InetAddress.getLoopbackAddress();
    private final CountDownLatch there = new CountDownLatch(CLIENTS);
    private int ticks; // hub thread only

    private TlsPrograms(Path keys) throws GeneralSecurityException, IOException {
        tls = context(keys);
    }

    public static void main(String... args) throws Exception {
        TlsPrograms programs = new TlsPrograms(Path.of(args[1]));
        Evy.run(() -> programs.run(args[0]));
        System.out.println("DONE");
    }

    /* The certificate is its own authority. */
    private static SSLContext context(Path keys) throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            own.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
        KeyManagerFactory identity = KeyManagerFactory.getInstance("PKIX");
        identity.init(own, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private void run(String program) throws Exception {
        GreenThread<Void> ticker =
                Evy.spawn(
                        () -> {
                            while (true) {
                                ticks++;
                                Thread.sleep(1);
                            }
                        });
        switch (program) {
            case "overlap" -> overlap(this::askBySocket);
            case "engine" -> overlap(this::askByEngine);
            case "timeouts" -> timeouts();
            case "crawl by URL" -> crawl(false);
            case "crawl by client" -> crawl(true);
            default -> throw new IllegalArgumentException(program);
        }
        ticker.kill();
    }

    /** Sends a byte and reads one. */
    @FunctionalInterface
    private interface Client {
        int ask(int port, int number) throws Exception;
    }

    /* Nobody is answered before all have asked, and the ticker has gone on while they wait. */
    private void overlap(Client client) throws Exception {
        try (ServerSocket listener =
                tls.getServerSocketFactory().createServerSocket(0, CLIENTS, local)) {
            GreenThread<Void> server =
                    Evy.spawn(
                            () -> {
                                for (int i = 0; i < CLIENTS; i++) {
                                    Socket accepted = listener.accept();
                                    Evy.spawn(() -> answer(accepted));
                                }
                            });
            List<GreenThread<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                answers.add(Evy.spawn(() -> client.ask(listener.getLocalPort(), number)));
            }
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(answers.get(i).join()).isEqualTo(i);
            }
            server.join();
        }
    }

    private void answer(Socket accepted) throws Exception {
        try (accepted) {
            int asked = accepted.getInputStream().read();
            there.countDown();
            there.await();
            int enough = ticks + TICKS;
            while (ticks < enough) {
                Evy.yield();
            }
            accepted.getOutputStream().write(asked);
        }
    }

    private int askBySocket(int port, int number) throws IOException {
        try (Socket socket = tls.getSocketFactory().createSocket(local, port)) {
            socket.getOutputStream().write(number);
            return socket.getInputStream().read();
        }
    }

    /* As libraries do that bring TLS to channels of their own. */
    private int askByEngine(int port, int number) throws IOException {
        SSLEngine engine = tls.createSSLEngine("localhost", port);
        engine.setUseClientMode(true);
        int size = engine.getSession().getPacketBufferSize();
        ByteBuffer received = ByteBuffer.allocate(2 * size);
        ByteBuffer sent = ByteBuffer.allocate(2 * size);
        ByteBuffer question = ByteBuffer.wrap(new byte[] {(byte) number});
        ByteBuffer answer = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(local, port))) {
            while (answer.position() == 0) {
                SSLEngineResult.HandshakeStatus next = engine.getHandshakeStatus();
                if (next == SSLEngineResult.HandshakeStatus.NEED_TASK) {
                    engine.getDelegatedTask().run();
                } else if (next == SSLEngineResult.HandshakeStatus.NEED_WRAP
                        || (next == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
                                && question.hasRemaining())) {
                    engine.wrap(question, sent.clear());
                    channel.write(sent.flip());
                } else {
                    received.flip();
                    SSLEngineResult result = engine.unwrap(received, answer);
                    received.compact();
                    if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                        channel.read(received);
                    }
                }
            }
        }
        return answer.get(0);
    }

    /* A wait that is cut short leaves the connection as it was, where the hub can poll numbers. */
    private void timeouts() throws Exception {
        try (ServerSocket listener = tls.getServerSocketFactory().createServerSocket(0, 1, local)) {
            GreenThread<Socket> accepting = Evy.spawn(() -> listener.accept());
            try (Socket client =
                            tls.getSocketFactory().createSocket(local, listener.getLocalPort());
                    Socket server = accepting.join()) {
                GreenThread<Integer> first = Evy.spawn(() -> server.getInputStream().read());
                client.getOutputStream().write(1);
                assertThat(first.join()).isEqualTo(1);
                Duration soon = Duration.ofMillis(TICKS);
                assertThat(Timeout.call(soon, () -> client.getInputStream().read(), -2))
                        .isEqualTo(-2);
                if (Hub.current().kind().equals("epoll")) {
                    server.getOutputStream().write(2);
                    assertThat(client.getInputStream().read()).isEqualTo(2);
                }
            }
        }
    }

    private void crawl(boolean newClient) throws Exception {
        int before = ticks;

        List<String> bodies = Crawler.crawl(PAGES, newClient, tls);

        assertThat(bodies).isEqualTo(Collections.nCopies(PAGES, "200" + "page".repeat(10_000)));
        assertThat(ticks - before).as("ticks meanwhile").isGreaterThanOrEqualTo(TICKS);
    }
}
