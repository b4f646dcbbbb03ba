package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Descriptor;
import evy.hubs.Hub;
import evy.io.dns.Dns;
import evy.io.dns.DnsOptions;
import evy.io.dns.DnsStatistics;
import evy.io.dns.SystemResolver;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** The programs of {@link AgentIT}. */
final class AgentPrograms {
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static final Set<Thread.State> BLOCKED =
            Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.BLOCKED);

    private AgentPrograms() {}

    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "report" -> Patcher.report().forEach(System.out::println);
            case "groups" -> groups();
            case "late" -> late();
            case "blocked" -> blocked();
            case "idle" -> System.out.println(startedThreads());
            case "locks" -> locks();
            case "names" -> names();
            case "late names" -> lateNames();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Which groups are on, as both questions have it. */
    private static void groups() {
        for (Group group : Group.values()) {
            assertThat(Patcher.isMonkeyPatched(group.toString()))
                    .isEqualTo(Patcher.isMonkeyPatched(group));
            if (Patcher.isMonkeyPatched(group)) {
                System.out.println(group);
            }
        }
    }

    /** Patched while the program runs: before and after, again and again, in pieces. */
    private static void late() throws Exception {
        try (Socketry sockets = new Socketry()) {
            assertThat(isGreen(sockets)).isFalse();
            assertThat(states(Group.SOCKET)).containsOnly(SeamReport.State.OFF);

            Patcher.monkeyPatch(Group.SELECT);
            assertThat(Patcher.isMonkeyPatched("socket")).isFalse();
            assertThat(isGreen(sockets)).isFalse();

            Patcher.monkeyPatch("time,socket");
            assertThat(Patcher.isMonkeyPatched("socket")).isTrue();
            assertThat(states(Group.SOCKET)).containsOnly(SeamReport.State.APPLIED);
            assertThat(isGreen(sockets)).as("sockets made before").isTrue();

            for (int i = 0; i < 3; i++) {
                Patcher.monkeyPatch("socket,select");
                Patcher.monkeyPatch(Group.SOCKET, Group.SOCKET);
                Patcher.monkeyPatch(new Group[0]);
                Patcher.monkeyPatch("all=false");
            }
            Evy.run(() -> Patcher.monkeyPatch(Group.SOCKET));
            assertThat(isGreen(sockets)).isTrue();
            assertThat(Patcher.isMonkeyPatched(Group.THREAD)).isFalse();
        }
        try (Socketry sockets = new Socketry()) {
            assertThat(isGreen(sockets)).as("sockets made after").isTrue();
        }
        System.out.println("DONE");
    }

    /** Patched while green threads wait in the JDK's own way: they are served to the end. */
    private static void blocked() throws Exception {
        try (Socketry sockets = new Socketry();
                Selector selector = Selector.open()) {
            GreenThread<Integer> read = Evy.spawn(() -> sockets.client.getInputStream().read());
            GreenThread<Integer> select = Evy.spawn(() -> selector.select());
            GreenThread<Boolean> sleep =
                    Evy.spawn(
                            () -> {
                                Thread.sleep(300);
                                return true;
                            });
            for (GreenThread<?> each : List.of(read, select, sleep)) {
                awaitBlocked(each);
            }

            Patcher.monkeyPatch("socket,select,time");

            sockets.server.getOutputStream().write(4);
            selector.wakeup();
            assertThat(read.join()).isEqualTo(4);
            assertThat(select.join()).isZero();
            assertThat(sleep.join()).isTrue();
            assertThat(isGreen(sockets)).isTrue();
        }
        System.out.println("DONE");
    }

    /* A sleep may be over before we look. */
    private static void awaitBlocked(GreenThread<?> green) throws InterruptedException {
        while (!green.isDead() && !BLOCKED.contains(green.thread().getState())) {
            Thread.sleep(1);
        }
    }

    /** Locks that are held, and waited for, while all is patched: owner, depth and queue stay. */
    private static void locks() throws Exception {
        LOCK.lock(); // by a platform thread
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch patched = new CountDownLatch(1);
        GreenThread<Integer> holder =
                Evy.spawn(
                        () -> {
                            lock.lock();
                            lock.lock();
                            synchronized (monitor) {
                                held.countDown();
                                patched.await();
                            }
                            int depth = lock.getHoldCount();
                            lock.unlock();
                            lock.unlock();
                            return depth;
                        });
        held.await();
        List<GreenThread<String>> waiting =
                List.of(
                        Evy.spawn(() -> take(LOCK)),
                        Evy.spawn(() -> take(lock)),
                        Evy.spawn(() -> enter(monitor)));
        for (GreenThread<String> each : waiting) {
            awaitBlocked(each);
        }

        Patcher.monkeyPatch();

        assertThat(Evy.run(() -> lock.isLocked())).as("the hub goes on").isTrue();
        assertThat(LOCK.getHoldCount()).isEqualTo(1);
        patched.countDown();
        assertThat(holder.join()).isEqualTo(2);
        LOCK.unlock();
        for (GreenThread<String> each : waiting) {
            assertThat(each.join()).isEqualTo("taken");
        }
        assertThat(Evy.run(() -> take(LOCK))).isEqualTo("taken");
        System.out.println("DONE");
    }

    private static String take(ReentrantLock lock) {
        lock.lock();
        try {
            return "taken";
        } finally {
            lock.unlock();
        }
    }

    private static String enter(Object monitor) {
        synchronized (monitor) {
            return "taken";
        }
    }

    /** Whether a name that was asked for before is known. */
    private static void names() throws Exception {
        System.out.println(Evy.run(AgentPrograms::areNamesKept) + " " + states(Group.DNS));
    }

    private static void lateNames() throws Exception {
        names();
        Patcher.monkeyPatch(Group.DNS);
        names();
        Dns own = new Dns(new SystemResolver(), DnsOptions.DEFAULT);
        Dns.configure(own);
        Patcher.monkeyPatch(Group.DNS);
        assertThat(Dns.configured()).as("what the program chose itself").isSameAs(own);
    }

    private static boolean areNamesKept() throws IOException {
        Dns dns = Dns.configured();
        dns.lookup("localhost");
        dns.lookup("localhost");
        DnsStatistics statistics = dns.statistics();
        return statistics.hostsHits() + statistics.hits() > 0;
    }

    private static Set<SeamReport.State> states(Group group) {
        return Patcher.report().stream()
                .filter(seam -> seam.group() == group)
                .map(SeamReport::state)
                .collect(Collectors.toSet());
    }

    /** Threads that a JVM does not have by itself. */
    private static String startedThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("evy") || name.contains("Poller"))
                .toList()
                .toString();
    }

    /** Whether a green thread that reads waits by the hub. */
    private static boolean isGreen(Socketry sockets) throws Exception {
        GreenThread<Integer> read = Evy.spawn(() -> sockets.client.getInputStream().read());
        while (read.thread().getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        Hub hub = read.hub();
        boolean green = hub.call(() -> read.waitsFor() instanceof Descriptor);
        sockets.server.getOutputStream().write(1);
        assertThat(read.join()).isEqualTo(1);
        return green;
    }

    /** A connected pair of sockets. */
    private static final class Socketry implements AutoCloseable {
        final Socket client;
        final Socket server;

        Socketry() throws Exception {
            try (ServerSocket listener = new ServerSocket(0)) {
                client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                server = listener.accept();
            }
        }

        @Override
        public void close() throws Exception {
            client.close();
            server.close();
        }
    }
}
