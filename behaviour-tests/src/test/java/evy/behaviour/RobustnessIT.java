package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.Pair;
import evy.hubs.HubOptions;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What needs a JVM of its own: deadlocks, limits of the system, flags, signals. */
@ExtendWith(LeakCheckExtension.class)
class RobustnessIT {
    private static final String KIND = "-D" + HubOptions.KIND_PROPERTY + "=";

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    // kinds of hub

    @ParameterizedTest
    @ValueSource(strings = {"libuv", ""})
    @Spec({"HUB1", "ENV2"})
    void property_unknownKind_endsTheProgramWithAnErrorThatNamesIt(String kind) throws Exception {
        try (RobustnessChild child = RobustnessChild.start("kind", KIND + kind)) {
            assertThat(child.exit()).isEqualTo(1);

            assertThat(child.err())
                    .contains("HubError")
                    .contains("unknown kind of hub '" + kind + "'")
                    .contains("epoll, nio");
        }
    }

    @ParameterizedTest
    @CsvSource({"nio, nio", "epoll, epoll"})
    @Spec({"HUB1", "ENV2"})
    void variable_knownKind_isHeeded(String value, String kind) throws Exception {
        try (RobustnessChild child = RobustnessChild.withVariable("kind", "EVY_HUB", value)) {
            assertThat(child.exit()).isZero();

            assertThat(child.out()).startsWith(kind);
        }
    }

    @Test
    @Spec({"HUB1", "ENV2"})
    void variable_unknownKind_isAnErrorThatNamesIt() throws Exception {
        try (RobustnessChild child = RobustnessChild.withVariable("kind", "EVY_HUB", "kqueue")) {
            assertThat(child.exit()).isEqualTo(1);

            assertThat(child.err()).contains("unknown kind of hub 'kqueue'");
        }
    }

    @Test
    @Spec("HUB1")
    void defaultHub_startsWhenFirstUsed() throws Exception {
        try (RobustnessChild child = RobustnessChild.start("lazy")) {
            assertThat(child.exit()).isZero();

            assertThat(child.out()).contains("before: 0").contains("after: 1");
        }
    }

    @Test
    void missingFlag_isOneClearException() throws Exception {
        try (RobustnessChild child = RobustnessChild.bare("lazy")) {
            assertThat(child.exit()).isEqualTo(1);

            assertThat(child.err())
                    .containsOnlyOnce("Exception")
                    .doesNotContain("Caused by")
                    .contains("HubError")
                    .contains("--add-opens java.base/java.lang=ALL-UNNAMED");
        }
    }

    // the end of the default hub

    @Test
    @Spec({"HUB21", "HUB2", "HUB3"})
    void defaultHub_closed_isStartedAgainByTheNextCall() throws Exception {
        try (RobustnessChild child = RobustnessChild.start("restart")) {
            assertThat(child.exit()).as(child.err()).isZero();

            assertThat(child.out())
                    .contains("blocked: completed there")
                    .contains("another hub: true")
                    .contains("the same from then on: true")
                    .contains("child: true")
                    .contains("not cut short: true")
                    .contains("received 1");
            assertThat(child.err()).isEmpty();
        }
    }

    // signals and processes

    @Test
    @Spec("HUB20")
    void accept_stoppedAndContinuedMeanwhile_stillTimesOut() throws Exception {
        try (RobustnessChild child = RobustnessChild.start("stopped")) {
            child.awaitOut("ACCEPTING");

            for (int i = 0; i < 3; i++) {
                child.signal("STOP");
                NetFixtures.awaitTrue("its stop", () -> state(child.pid()) == 'T');
                child.signal("CONT");
                NetFixtures.awaitTrue("its life", () -> state(child.pid()) != 'T');
            }
            child.tell("no more stops");

            assertThat(child.exit()).as(child.err()).isZero();
            assertThat(child.out())
                    .contains("timed out true")
                    .doesNotContain("timed out false")
                    .contains("received 1");
            assertThat(child.err()).isEmpty();
        }
    }

    private static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return 'X'; // it has ended
        }
    }

    @Test
    @Spec("HUB23")
    void childProcess_startedWhileListening_inheritsNothing() throws Exception {
        Process child = null;
        try (GreenServerSocket listener = Evy.run(NetFixtures::listen)) {
            child = new ProcessBuilder("sleep", "60").start();

            try (Pair pair = Evy.run(() -> Pair.to(listener))) {
                pair.client().sendAll(new byte[] {1});
                assertThat(pair.server().recv(1)).containsExactly(1);
                pair.server().close();
                assertThat(pair.client().recv(1)).as("nobody else holds it open").isEmpty();
            }
            listener.close();
            assertThatThrownBy(() -> Evy.connect(listener.address()))
                    .hasMessageContaining("refused");
            assertThat(child.isAlive()).isTrue();
        } finally {
            if (child != null) {
                child.destroyForcibly();
                child.waitFor(20, TimeUnit.SECONDS);
                RobustnessChild.closePipes(child);
            }
        }
    }

    // deadlocks

    @ParameterizedTest
    @ValueSource(strings = {"deadlock", "deadlock while watched", "deadlock after sockets"})
    void deadlock_ofAllGreenThreads_isReportedWithStacks(String program) throws Exception {
        try (RobustnessChild child = RobustnessChild.start(program)) {
            child.awaitErr("asleep");
            child.awaitErr("waitForTheReply");
            child.awaitErr("waitForTheLetter");

            assertThat(child.err())
                    .contains("hub 'evy-hub-1': all 2 green threads are asleep")
                    .contains("waits for the letter")
                    .contains("waits for the reply")
                    .contains("waitForTheLetter")
                    .containsOnlyOnce("asleep")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void waits_thatSomethingMayEnd_areNotReportedAsDeadlock() throws Exception {
        List<RobustnessChild> children = new ArrayList<>();
        try {
            for (String hope : List.of("timer", "listener", "tpool", "JDK wait", "process")) {
                children.add(RobustnessChild.start("hope " + hope));
            }
            children.add(RobustnessChild.start("hope platform thread"));
            for (RobustnessChild child : children) {
                assertThat(child.exit()).as(child.err()).isZero();
                assertThat(child.out()).contains("END");
                assertThat(child.err()).isEmpty();
            }
        } finally {
            for (RobustnessChild child : children) {
                child.close();
            }
        }
    }

    @Test
    void waits_forThreadThatAsksAnotherHub_areNotTakenForDeadlock() throws Exception {
        try (RobustnessChild child = RobustnessChild.start("hope another hub")) {
            assertThat(child.exit()).as(child.err()).isZero();

            assertThat(child.err()).isEmpty();
        }
    }

    // memory, descriptors, CPU

    @Test
    void outOfMemory_inGreenThread_hurtsNobodyElse() throws Exception {
        try (RobustnessChild child = RobustnessChild.start("out of memory")) {
            assertThat(child.exit()).as(child.err()).isZero();

            assertThat(child.out())
                    .contains("out of memory: Requested array size exceeds VM limit")
                    .contains("out of memory: Java heap space")
                    .contains("counted 100");
        }
    }

    @Test
    void noFreeDescriptors_isAClearErrorAndLeaksNothing() throws Exception {
        try (RobustnessChild child = RobustnessChild.limited(64, "few descriptors")) {
            assertThat(child.exit()).as(child.err()).isZero();

            assertThat(child.out())
                    .containsPattern("sockets: Too many open files.*ulimit -n")
                    .containsPattern("hub: hub of kind '\\w+': .*Too many open files")
                    .containsPattern("listener: Too many open files")
                    .contains("leaked 0")
                    .contains("talks again 1");
        }
    }

    @Test
    @Spec("CONV12")
    void serve_noFreeDescriptors_waitsAndServesAllInTheEnd() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (RobustnessChild child = RobustnessChild.limited(64, "serve with few descriptors")) {
            child.awaitOut("PORT ");
            NetFixtures.awaitTrue("the whole line", () -> child.out().endsWith("\n"));
            String line = child.out().lines().filter(l -> l.startsWith("PORT ")).findFirst().get();
            InetSocketAddress address =
                    new InetSocketAddress(
                            NetFixtures.loopback(), Integer.parseInt(line.substring(5)));

            int warnings = child.err().length();
            connect(clients, 50, address); // more than it can hold, fewer than its backlog
            NetFixtures.awaitTrue("its complaint", () -> child.err().length() > warnings);
            greetAndLeave(clients, 20, child);
            connect(clients, 30, address);
            greetAndLeave(clients, 0, child);
            child.tell("done");

            assertThat(child.exit()).as(child.err()).isZero();
            assertThat(child.out()).contains("leaked 0").contains("serving true");
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static void connect(List<Socket> clients, int number, InetSocketAddress address)
            throws IOException {
        for (int i = 0; i < number; i++) {
            Socket client = new Socket();
            clients.add(client);
            client.setSoTimeout(20_000);
            client.connect(address, 20_000);
        }
    }

    /** Lets all but the last so many clients be greeted, oldest first, and go. */
    private static void greetAndLeave(List<Socket> clients, int stay, RobustnessChild child)
            throws IOException {
        while (clients.size() > stay) {
            try (Socket client = clients.removeFirst()) {
                assertThat(client.getInputStream().read()).isEqualTo('h');
            } catch (SocketTimeoutException e) {
                throw new AssertionError(
                        "nobody greets; %d clients left, stdout: %s, stderr: %s"
                                .formatted(clients.size(), child.out(), child.err()),
                        e);
            }
        }
    }

    @Test
    void idleProcess_usesNoCpu() throws Exception {
        try (RobustnessChild child = RobustnessChild.start("idle")) {
            assertThat(child.exit()).as(child.err()).isZero();

            assertThat(number(child.out(), "cpu millis: ")).isLessThan(200);
            assertThat(number(child.out(), "turns: ")).isLessThan(20);
            assertThat(number(child.out(), "green threads: ")).isEqualTo(300);
        }
    }

    private static long number(String text, String label) {
        String line = text.lines().filter(l -> l.startsWith(label)).findFirst().orElseThrow();
        return Long.parseLong(line.substring(label.length()));
    }

    // names

    @Test
    @Spec("SOCK13")
    void connect_severalAddresses_triesThemInOrder(@TempDir Path folder) throws Exception {
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.2 several\n127.0.0.3 several\n127.0.0.4 several\n");
        try (RobustnessChild child =
                RobustnessChild.start(
                        "several addresses",
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Djava.net.preferIPv4Stack=true")) {
            assertThat(child.exit()).as(child.err()).isZero();

            assertThat(child.out())
                    .contains("connected to 127.0.0.3")
                    .contains("ConnectException: Connection refused")
                    .contains("after 2 others")
                    .contains("leaked 0");
        }
    }

    // bad input

    @Test
    void badInput_isRefusedOrReported_andTheHubGoesOn() throws Exception {
        Evy.run(
                () -> {
                    GreenSocket closed = new GreenSocket();
                    closed.close();
                    assertThatThrownBy(() -> Evy.connect("host.invalid", 80))
                            .hasMessageContaining("host.invalid");
                    assertThatThrownBy(() -> Evy.listen(70_000)).hasMessageContaining("70000");
                    assertThatThrownBy(() -> Evy.listen(-1)).hasMessageContaining("-1");
                    assertThatThrownBy(() -> Evy.connect("localhost", 70_000))
                            .hasMessageContaining("70000");
                    assertThatThrownBy(() -> Evy.connect(NetFixtures.refusing()))
                            .hasMessageContaining("refused");
                    assertThatThrownBy(() -> closed.recv(1)).hasMessageContaining("closed");
                    assertThatThrownBy(() -> closed.connect(NetFixtures.refusing()))
                            .hasMessageContaining("closed");
                    GreenThread<String> after = Evy.spawn(() -> "alive");
                    assertThat(after.join()).isEqualTo("alive");
                });
    }
}
