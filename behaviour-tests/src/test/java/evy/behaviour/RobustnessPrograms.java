package evy.behaviour;

import com.sun.management.OperatingSystemMXBean;

import evy.Body;
import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.behaviour.NetFixtures.Pair;
import evy.debug.Debug;
import evy.hubs.Hub;
import evy.hubs.HubClosed;
import evy.hubs.HubOptions;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.tpool.Tpool;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** The programs that {@link RobustnessIT} runs in JVMs of their own. */
final class RobustnessPrograms {
    private static final Duration HOUR = Duration.ofHours(1);

    /* Longer than the deadlock report takes to come. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(2_500);

    private RobustnessPrograms() {}

    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "kind" -> say(Hub.getDefault().kind());
            case "lazy" -> lazy();
            case "deadlock" -> Evy.run(RobustnessPrograms::deadlock);
            case "deadlock while watched" -> {
                Debug.hubBlockingDetection(true);
                Evy.run(RobustnessPrograms::deadlock);
            }
            case "deadlock after sockets" -> Evy.run(RobustnessPrograms::deadlockAfterSockets);
            case "hope timer" -> hope(() -> Evy.sleep(LONG_ENOUGH));
            case "hope listener" -> hopeListener();
            case "hope tpool" -> hope(() -> Tpool.execute(RobustnessPrograms::sleepNatively));
            case "hope JDK wait" -> hope(() -> Thread.sleep(LONG_ENOUGH));
            case "hope process" -> hope(RobustnessPrograms::sleepInAnotherProcess);
            case "hope platform thread" -> hopePlatformThread();
            case "hope another hub" -> hopeAnotherHub();
            case "out of memory" -> Evy.run(RobustnessPrograms::outOfMemory);
            case "few descriptors" -> fewDescriptors();
            case "serve with few descriptors" -> serveWithFewDescriptors();
            case "idle" -> idle();
            case "restart" -> restart();
            case "stopped" -> Evy.run(RobustnessPrograms::stopped);
            case "collector pauses" -> PausePrograms.collectorPauses();
            case "stops" -> PausePrograms.stops();
            case "several addresses" -> Evy.run(RobustnessPrograms::severalAddresses);
            default -> throw new IllegalArgumentException(args[0]);
        }
        say("END");
    }

    @SuppressWarnings("SystemOut")
    static void say(Object text) {
        System.out.println(text);
        System.out.flush();
    }

    private static void lazy() throws Exception {
        say("before: " + hubThreads());
        Evy.run(() -> {});
        say("after: " + hubThreads());
    }

    private static long hubThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("evy-"))
                .count();
    }

    // deadlocks

    private static void deadlock() throws InterruptedException {
        Evy.spawn(RobustnessPrograms::waitForTheLetter);
        waitForTheReply();
    }

    private static void waitForTheLetter() throws InterruptedException {
        Waiter.current("the letter").await();
    }

    private static void waitForTheReply() throws InterruptedException {
        Waiter.current("the reply").await();
    }

    private static void deadlockAfterSockets() throws Exception {
        try (Pair pair = Pair.open()) {
            pair.client().sendAll(new byte[1]);
            pair.server().recv(1);
        }
        Evy.sleep(Duration.ofMillis(1));
        Tpool.execute(() -> 1);
        Thread.sleep(1);
        deadlock();
    }

    /** Lets others wait while one is busy in a way that gives hope, and wakes them in the end. */
    private static void hope(Body<Exception> busy) throws Exception {
        Evy.run(
                () -> {
                    List<Waiter> waiters = new ArrayList<>();
                    List<GreenThread<Void>> waiting = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        waiting.add(
                                Evy.spawn(
                                        () -> {
                                            Waiter waiter = Waiter.current("the end");
                                            waiters.add(waiter);
                                            waiter.await();
                                        }));
                    }
                    Evy.yield();
                    busy.run();
                    waiters.forEach(Waiter::wake);
                    for (GreenThread<Void> thread : waiting) {
                        thread.join();
                    }
                });
    }

    private static int sleepNatively() throws InterruptedException {
        Thread.sleep(LONG_ENOUGH);
        return 1;
    }

    private static void hopeListener() throws Exception {
        ServerSocket listener = new ServerSocket(0, 1, NetFixtures.loopback());
        try (listener) {
            Thread.ofPlatform()
                    .daemon()
                    .start(
                            () -> {
                                try (Socket peer = listener.accept()) {
                                    Thread.sleep(LONG_ENOUGH);
                                    peer.getOutputStream().write(1);
                                } catch (IOException | InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            });
            hope(
                    () -> {
                        try (GreenSocket socket = Evy.connect(listener.getLocalSocketAddress())) {
                            socket.recv(1);
                        }
                    });
        }
    }

    private static void sleepInAnotherProcess() throws Exception {
        new ProcessBuilder("sleep", Double.toString(LONG_ENOUGH.toMillis() / 1e3))
                .start()
                .waitFor();
    }

    private static void hopePlatformThread() throws Exception {
        hope(
                () -> {
                    Waiter waiter = Waiter.current("a thread that computes");
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        long end = System.nanoTime() + LONG_ENOUGH.toNanos();
                                        while (System.nanoTime() - end < 0) {
                                            LockSupport.parkNanos(1_000_000);
                                        }
                                        waiter.wake();
                                    });
                    waiter.await();
                });
    }

    /**
     * Waits for a thread that asks another hub all along, and has the detector look very often: it
     * sees one thread after the other, and between two looks everything may have moved.
     */
    private static void hopeAnotherHub() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Thread asking = Thread.ofPlatform().start(() -> askAnotherHub(over));
        Hub hub = Hub.getDefault();
        GreenThread<Void> waiting = Evy.spawn(hub, () -> asking.join());
        var type = Class.forName("evy.hubs.DeadlockDetector");
        var make = type.getDeclaredConstructor(Hub.class);
        make.setAccessible(true);
        var detector = make.newInstance(hub);
        var look = type.getDeclaredMethod("look", long.class);
        look.setAccessible(true);
        for (int i = 0; i < 150; i++) {
            // on the hub's thread, as ever: the caller waits meanwhile, and is no hope
            hub.call(() -> look.invoke(detector, 0L));
            Thread.sleep(10); // shorter than the detector's own pause
        }
        over.countDown();
        waiting.join();
    }

    private static void askAnotherHub(CountDownLatch over) {
        try (Hub hub = Hub.open()) {
            while (over.getCount() > 0) {
                hub.call(() -> 1);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // memory and descriptors

    private static void outOfMemory() {
        List<Integer> counted = new ArrayList<>();
        GreenThread<Void> other =
                Evy.spawn(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                counted.add(i);
                                Evy.yield();
                            }
                        });
        for (int size : new int[] {Integer.MAX_VALUE, 1_000_000_000}) {
            GreenThread<byte[]> greedy = Evy.spawn(() -> new byte[size]);
            try {
                greedy.join();
                say("got it?");
            } catch (OutOfMemoryError e) {
                say("out of memory: " + e.getMessage());
            }
        }
        other.join();
        Evy.sleep(Duration.ofMillis(1));
        say("counted " + counted.size());
    }

    private static void fewDescriptors() throws Exception {
        Evy.run(
                () -> {
                    warmUp();
                    int before = descriptors();
                    List<GreenSocket> sockets = new ArrayList<>();
                    try {
                        while (true) {
                            GreenSocket socket = new GreenSocket();
                            sockets.add(socket);
                            socket.bind(null);
                        }
                    } catch (SocketException e) {
                        say("sockets: " + e.getMessage());
                    }
                    try {
                        Hub.open().close();
                        say("a hub, really?");
                    } catch (IllegalStateException e) {
                        say("hub: " + e.getMessage());
                    }
                    try {
                        Evy.listen(0).close();
                        say("a listener, really?");
                    } catch (IOException e) {
                        say("listener: " + e.getMessage());
                    }
                    for (GreenSocket socket : sockets) {
                        socket.close();
                    }
                    say("leaked " + (descriptors() - before));
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll(new byte[1]);
                        say("talks again " + pair.server().recv(1).length);
                    }
                });
    }

    /** Loads what is needed once no class can be loaded any more. */
    private static void warmUp() throws Exception {
        NetFixtures.startJdkSockets();
        try (Pair pair = Pair.open()) {
            pair.client().sendAll(new byte[1]);
            pair.server().recv(1);
            pair.client().shutdownOutput();
        }
        try {
            Hub.open(HubOptions.DEFAULT.ofKind("none")).close();
        } catch (IllegalStateException e) {
            say("warm: " + e.getMessage());
        }
        Hub.open().close();
        try (GreenSocket socket = new GreenSocket()) {
            socket.connectEx(NetFixtures.refusing());
        }
        try (ServerSocket ill =
                new ServerSocket() {
                    private boolean told;

                    @Override
                    public Socket accept() throws IOException {
                        if (!told) {
                            told = true;
                            throw new SocketException("Too many open files");
                        }
                        throw new IOException("enough");
                    }
                }) {
            Evy.serve(ill, client -> {});
        } catch (IOException e) {
            say("warm: " + e.getMessage());
        }
        descriptors();
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    private static void serveWithFewDescriptors() throws Exception {
        Evy.run(
                () -> {
                    warmUp();
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        int before = descriptors();
                        GreenThread<Void> serving =
                                Evy.spawn(() -> Evy.serve(listener, RobustnessPrograms::greet));
                        serving.link(RobustnessPrograms::explain);
                        // once, so that all classes are there
                        Evy.connect(listener.address()).close();
                        NetFixtures.awaitTrue(
                                "the first handler's end",
                                () -> Hub.current().statistics().spawned() > 2 && isQuiet());
                        say("PORT " + listener.getLocalPort());
                        Tpool.execute(RobustnessPrograms::readLine);
                        NetFixtures.awaitTrue("all handlers' ends", RobustnessPrograms::isQuiet);
                        say("leaked " + (descriptors() - before));
                        say("serving " + !serving.isDone());
                        serving.kill();
                    }
                });
    }

    private static void greet(Socket client) throws IOException {
        client.getOutputStream().write('h');
        client.getInputStream().read();
    }

    /* Only this one and the accept loop are left. */
    private static boolean isQuiet() {
        return Hub.current().greenlets().size() == 2;
    }

    private static void explain(GreenThread<Void> ended) {
        try {
            ended.join();
        } catch (GreenThreadExit killed) {
            say("killed");
        } catch (Throwable t) {
            t.printStackTrace();
        }
    }

    private static String readLine() throws IOException {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                .readLine();
    }

    // idling

    private static void idle() throws Exception {
        List<Pair> pairs = new ArrayList<>();
        Evy.run(
                () -> {
                    for (int i = 0; i < 100; i++) {
                        Pair pair = Pair.open();
                        pairs.add(pair);
                        Evy.spawnN(() -> pair.server().recv(1));
                        Evy.spawnN(() -> Evy.sleep(HOUR));
                        Evy.spawnN(() -> Waiter.current("nothing").await());
                    }
                    NetFixtures.settle();
                });
        Thread.sleep(500);
        long turns = Hub.getDefault().statistics().turns();
        long cpu = cpuNanos();
        Thread.sleep(2_000);
        say("cpu millis: " + (cpuNanos() - cpu) / 1_000_000);
        say("turns: " + (Hub.getDefault().statistics().turns() - turns));
        say("green threads: " + Hub.getDefault().greenlets().size());
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    // the end of the default hub

    private static void restart() throws Exception {
        Hub old = Hub.getDefault();
        Thread[] child = new Thread[1];
        boolean[] childDone = new boolean[1];
        Evy.run(
                () ->
                        child[0] =
                                Thread.ofVirtual()
                                        .start(
                                                () -> {
                                                    LockSupport.park();
                                                    childDone[0] = true;
                                                }));
        GreenThread<String> blocked =
                Evy.spawn(
                        () -> {
                            try {
                                Evy.sleep(HOUR);
                                return "slept";
                            } catch (HubClosed closed) {
                                Evy.yield();
                                return "completed there";
                            }
                        });
        old.letAllRun();
        old.close();

        say("blocked: " + blocked.join());
        say("another hub: " + Evy.run(() -> Hub.current() != old));
        Hub young = Hub.getDefault();
        say("the same from then on: " + (Hub.getDefault() == young));
        LockSupport.unpark(child[0]);
        child[0].join();
        say("child: " + childDone[0]);

        long start = System.nanoTime();
        Evy.run(
                () -> {
                    Evy.kill(blocked);
                    Evy.sleep(Duration.ofMillis(50));
                });
        Evy.kill(blocked);
        Evy.sleep(Duration.ofMillis(50));
        say("not cut short: " + (System.nanoTime() - start >= 100_000_000));
        try (Pair pair = Evy.run(Pair::open)) {
            pair.client().sendAll(new byte[1]);
            say("received " + pair.server().recv(1).length);
        }
    }

    // signals

    private static void stopped() throws IOException {
        try (GreenServerSocket listener = NetFixtures.listen()) {
            GreenThread<String> stopping =
                    Evy.spawn(() -> Tpool.execute(RobustnessPrograms::readLine));
            say("ACCEPTING");
            do {
                Timeout timeout = new Timeout(Duration.ofMillis(1_500));
                try (timeout) {
                    listener.accept();
                } catch (Timeout t) {
                    say("timed out " + (t == timeout));
                }
            } while (!stopping.isDone());
            try (GreenSocket client = Evy.connect(listener.address());
                    GreenSocket server = listener.accept()) {
                client.sendAll(new byte[1]);
                say("received " + server.recv(1).length);
            }
        }
    }

    // names

    private static void severalAddresses() throws IOException {
        try (GreenServerSocket listener = Evy.listen("127.0.0.3", 0);
                GreenSocket client = Evy.connect("several", listener.getLocalPort());
                GreenSocket server = listener.accept()) {
            say("connected to " + client.getInetAddress().getHostAddress());
            say("from " + server.getPort() + " = " + client.getLocalPort());
        }
        int port;
        try (GreenServerSocket gone = Evy.listen(0)) {
            port = gone.getLocalPort();
        }
        int before = descriptors();
        try {
            Evy.connect("several", port).close();
        } catch (IOException e) {
            say(e.getClass().getSimpleName() + ": " + e.getMessage());
            int suppressed = 0;
            for (Throwable t = e; t.getSuppressed().length > 0; t = t.getSuppressed()[0]) {
                suppressed++;
            }
            say("after " + suppressed + " others");
        }
        say("leaked " + (descriptors() - before));
    }
}
