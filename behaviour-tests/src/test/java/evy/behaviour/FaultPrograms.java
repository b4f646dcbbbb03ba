package evy.behaviour;

import evy.Evy;
import evy.behaviour.NetFixtures.Pair;
import evy.hubs.Hub;
import evy.hubs.HubStatistics;
import evy.io.GreenDatagramSocket;
import evy.io.GreenFiles;
import evy.io.GreenPipe;
import evy.io.GreenProcess;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.SocketPair;
import evy.io.tls.Tls;

import java.io.File;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Opens everything that takes a descriptor: while there is none, and when there are some again. */
final class FaultPrograms {
    private FaultPrograms() {}

    /** Opens something and closes it again. */
    private interface Opening {
        void run() throws Exception;
    }

    public static void main(String... args) throws Exception {
        loadAll();
        Evy.run(() -> exhaust(Path.of(args[0])));
        System.out.println("END");
    }

    /* From folders a class cannot be loaded without a descriptor. */
    private static void loadAll() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path folder = Path.of(entry);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.map(folder::relativize).forEach(FaultPrograms::load);
                }
            }
        }
    }

    private static void load(Path file) {
        String name = file.toString().replace(File.separatorChar, '.');
        if (name.startsWith("evy.") && name.endsWith(".class")) {
            try {
                Class.forName(
                        name.substring(0, name.length() - ".class".length()),
                        false,
                        FaultPrograms.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                assert !name.startsWith("evy.behaviour.Fault") : e; // what it extends is not here
            }
        }
    }

    private static void exhaust(Path file) throws Exception {
        NetFixtures.startJdkSockets();
        try (GreenServerSocket listener = NetFixtures.listen();
                Ticker ticker = Ticker.start()) {
            Map<String, Opening> openings = openings(file, listener.address());
            openings.put("accept", () -> Pair.to(listener).close());
            openings.forEach((name, opening) -> attempt("first", name, opening)); // loads classes
            drain(listener);
            int before = descriptors();
            List<GreenSocket> all = new ArrayList<>();
            takeAll(all);
            openings.remove("accept"); // which begins with a connect
            openings.forEach((name, opening) -> attempt("none", name, opening));
            attempt("none", "accept", () -> acceptWithNone(listener, all));
            for (GreenSocket one : all) {
                one.close();
            }
            openings.put("accept", () -> Pair.to(listener).close());
            openings.forEach((name, opening) -> attempt("again", name, opening));
            System.out.println("gap: " + ticker.longestGap().toMillis() + " ms");
            drain(listener);
            System.out.println("leaked: " + Math.max(0, descriptors() - before));
        }
        HubStatistics s = Hub.current().statistics();
        System.out.println("timers and listeners: " + (s.timers() + s.readers() + s.writers()));
    }

    private static Map<String, Opening> openings(Path file, SocketAddress address) {
        Map<String, Opening> all = new LinkedHashMap<>();
        all.put("connect", () -> Evy.connect(address).close());
        all.put("TLS connect", () -> Tls.wrap(Evy.connect(address), TlsFixtures.CLIENT).close());
        all.put("listen", () -> Evy.listen("127.0.0.1", 0).close());
        all.put("datagram", () -> new GreenDatagramSocket(0).close());
        all.put("pipe", () -> closeBoth(GreenPipe.open()));
        all.put("socket pair", () -> closeBoth(SocketPair.open()));
        all.put("file", () -> GreenFiles.newInputStream(file).close());
        all.put("process", () -> GreenProcess.checkCall("true"));
        return all;
    }

    private static void closeBoth(GreenPipe.Ends ends) throws IOException {
        ends.source().close();
        ends.sink().close();
    }

    private static void closeBoth(SocketPair pair) throws IOException {
        pair.first().close();
        pair.second().close();
    }

    private static void attempt(String when, String name, Opening opening) {
        try {
            opening.run();
            System.out.println(when + ": " + name + ": ok");
        } catch (Exception e) {
            System.out.println(when + ": " + name + ": " + e);
        }
    }

    private static void takeAll(List<GreenSocket> all) {
        try {
            while (true) {
                GreenSocket socket = new GreenSocket();
                all.add(socket);
                socket.bind(null);
            }
        } catch (IOException none) {
            System.out.println("taken: " + all.size());
        }
    }

    /* Some descriptors are for the client; then there is none to accept it with. */
    private static void acceptWithNone(GreenServerSocket listener, List<GreenSocket> all)
            throws IOException {
        all.removeFirst().close();
        try (GreenSocket client = Evy.connect(listener.address())) {
            takeAll(all);
            try (GreenSocket accepted = listener.accept()) {
                assert accepted.getPort() == client.getLocalPort();
            }
        }
    }

    /* What others have connected and left. */
    private static void drain(GreenServerSocket listener) throws IOException {
        listener.setSoTimeout(50);
        try {
            while (true) {
                listener.accept().close();
            }
        } catch (SocketTimeoutException empty) {
            listener.setSoTimeout(0);
        }
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }
}
