package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.GreenThreadExit;
import evy.hubs.Hub;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import jdk.jshell.JShell;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The back door, through sockets of the JDK. */
@ExtendWith(LeakCheckExtension.class)
class BackdoorIT {
    private static final String TOKEN = "correct-horse-battery";

    @TempDir Path folder;

    /** The first JShell starts a thread that stays. */
    @BeforeAll
    static void startIndexer() {
        try (var jshell = JShell.builder().executionEngine("local").build()) {
            assertThat(jshell.sourceCodeAnalysis()).isNotNull();
        }
    }

    @Test
    @Spec("BD2")
    void connect_localClient_isGreetedAndPrompted() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.connect()) {
            var greeting = talk.untilPrompt();

            assertThat(greeting.lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("Java " + Runtime.version()),
                            line -> assertThat(line).contains("/help"),
                            line -> assertThat(line).isEqualTo("(JShell)"));
            assertThat(talk.say("print(\"hi\")")).isEqualTo("hi\n");
            assertThat(talk.say("1 + 1")).isEqualTo("$1 ==> 2\n");
        }
    }

    @Test
    @Spec("BD2")
    void line_fromTelnet_mayEndWithCrLf() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            talk.send(255, 251, 24); // will terminal type
            talk.send("print(\"hi\")\r\n");

            assertThat(talk.until("\n")).endsWith("\u0018hi\r\n"); // behind a "do not"
            talk.untilPrompt();
            talk.send("1 + 1\r\0");
            assertThat(talk.untilPrompt()).isEqualTo("$1 ==> 2\r\n");
        }
    }

    @Test
    void line_ofSeveral_isContinued() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            talk.send("int twice(int x) {\n");
            assertThat(talk.until("... ")).isEqualTo("... ");
            talk.send("  return 2 * x;\n");
            assertThat(talk.until("... ")).isEqualTo("... ");

            assertThat(talk.say("}")).isEqualTo("|  created method twice(int)\n");
            assertThat(talk.say("twice(4); twice(5)")).isEqualTo("$1 ==> 8\n$2 ==> 10\n");
        }
    }

    @Test
    void line_wrong_isExplained() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            assertThat(talk.say("1 + nosuch"))
                    .contains("Error:", "symbol:   variable nosuch", "1 + nosuch", "    ^----^");
            assertThat(talk.say("throw new IllegalStateException(\"boom\")"))
                    .isEqualTo(
                            "|  Exception java.lang.IllegalStateException: boom\n"
                                    + "|        at (#2:1)\n");
            assertThat(talk.say("int f() { return g(); }"))
                    .isEqualTo(
                            "|  created method f(), which cannot be used until these are declared:"
                                    + " method g()\n");
            assertThat(talk.say("f()"))
                    .isEqualTo("|  f cannot be used until declared: method g()\n");
            assertThat(talk.say("/nosuch")).contains("No such command: /nosuch");
        }
    }

    @Test
    void line_declarations_areNamedByTheirKind() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            assertThat(talk.say("interface I {}")).isEqualTo("|  created interface I\n");
            assertThat(talk.say("enum E { A }")).isEqualTo("|  created enum E\n");
            assertThat(talk.say("@interface N {}"))
                    .isEqualTo("|  created annotation interface N\n");
            assertThat(talk.say("class C {}")).isEqualTo("|  created class C\n");
            assertThat(talk.say("class C { int i; }")).isEqualTo("|  replaced class C\n");

            assertThat(talk.say("int f() { return g(); }")).contains("method g()");
            assertThat(talk.say("int g() { return 7; }"))
                    .as("that f is complete now is not told")
                    .isEqualTo("|  created method g()\n");
            assertThat(talk.say("f()")).isEqualTo("$1 ==> 7\n");
        }
    }

    @Test
    void line_valueOrProblemThatIsLong_isShortened() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            assertThat(talk.say("var s = \"y\".repeat(20_100)"))
                    .startsWith("s ==> \"yyy")
                    .endsWith("yyy ... and 102 more characters\n")
                    .hasSizeLessThan(20_100);
            assertThat(talk.say("s = \"z\"")).isEqualTo("s ==> \"z\"\n");
            assertThat(talk.say("s")).isEqualTo("s ==> \"z\"\n");

            var problem = talk.say("s.nosuch(\"" + "x".repeat(200) + "\")");
            assertThat(problem).contains("Error:", "nosuch").doesNotContain("xxx");
        }
    }

    @Test
    void line_thatCouldGoOn_isEndedByAnEmptyOne() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            assertThat(talk.say("")).isEmpty();
            assertThat(talk.say("// only a comment")).isEmpty();

            assertThat(talk.say("int n = 0")).isEqualTo("n ==> 0\n");
            talk.send("while (n++ < 3)\n");
            assertThat(talk.until("... ")).isEqualTo("... ");
            assertThat(talk.say("")).isEmpty();
            assertThat(talk.say("n")).as("the loop ran once").isEqualTo("n ==> 4\n");
        }
    }

    @Test
    void line_throwsWhatWasMadeElsewhere_showsItsStackAndCause() throws Exception {
        var made = new IllegalStateException("boom", new IOException("disk full"));
        try (var door = Door.open(Map.of("made", made));
                var talk = door.session()) {
            assertThat(talk.say("throw made"))
                    .startsWith("|  Exception java.lang.IllegalStateException: boom\n")
                    .contains(".line_throwsWhatWasMadeElsewhere_showsItsStackAndCause(")
                    .contains("|  Caused by: java.io.IOException: disk full\n")
                    .doesNotContain("jdk.internal.reflect");
        }
    }

    @Test
    void serve_sessionThatFails_isNotTheOthers() throws Exception {
        var failing = new AtomicInteger(1);
        var listener = Evy.listen(Door.loopback());
        var options =
                BackdoorOptions.DEFAULT.withLog(
                        line -> {
                            if (line.startsWith("backdoor to") && failing.getAndDecrement() > 0) {
                                throw new IllegalStateException("the log is full");
                            }
                        });
        var server = Evy.spawn(Hub.getDefault(), () -> Backdoor.serve(listener, Map.of(), options));
        try {
            var address = listener.getLocalSocketAddress();
            try (var first = new Talk(Evy.connect(address))) {
                assertThat(first.rest()).isEmpty();
            }
            try (var second = new Talk(Evy.connect(address))) {
                second.untilPrompt();
            }
        } finally {
            listener.close();
            server.join();
        }
    }

    @Test
    void serve_listenerThatFailsForGood_saysWhy() throws Exception {
        try (var unbound = new ServerSocket()) {
            assertThatThrownBy(() -> Backdoor.serve(unbound, Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("listener is not bound: ");
        }
        var out = System.out;
        var broken =
                new ServerSocket(0, 5, InetAddress.getLoopbackAddress()) {
                    @Override
                    public Socket accept() throws IOException {
                        throw new IOException("broken");
                    }
                };

        assertThatThrownBy(() -> Backdoor.serve(broken, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");

        assertThat(broken.isClosed()).isTrue();
        assertThat(System.out).as("put back").isSameAs(out);
    }

    @Test
    void command_lists_whatThereIs() throws Exception {
        try (var door = Door.open(Map.of("answer", 42));
                var talk = door.session()) {
            var _ = talk.say("record Point(int x) {}");
            var _ = talk.say("int f(int a) { return a; }");

            assertThat(talk.say("/vars")).isEqualTo("|  java.lang.Integer answer = 42\n");
            assertThat(talk.say("/types")).isEqualTo("|  record Point\n");
            assertThat(talk.say("/methods")).isEqualTo("|  f(int)int\n");
            assertThat(talk.say("/imports")).contains("import java.util.*;", "import evy.*;");
            assertThat(talk.say("/list"))
                    .isEqualTo("|  1: record Point(int x) {}\n|  2: int f(int a) { return a; }\n");
            assertThat(talk.say("/help")).contains("Ctrl-C", "exit");
        }
    }

    @Test
    void exit_everyForm_endsTheSession() throws Exception {
        try (var door = Door.open(Map.of())) {
            for (var word : List.of("exit", "exit()", "quit", "/exit", "\u0004")) {
                try (var talk = door.session()) {
                    talk.send(word + "\n");

                    assertThat(talk.rest()).as(word).isEmpty();
                }
            }
        }
    }

    @Test
    @Spec("BD1")
    void binding_liveObject_isSeenAndChanged() throws Exception {
        Map<Object, Object> users = new HashMap<>(Map.of("ann", 1));
        try (var door = Door.open(Map.of("users", users, "size", 3));
                var talk = door.session()) {
            assertThat(talk.say("users.put(\"bob\", size)")).isEqualTo("$1 ==> null\n");

            assertThat(users).containsEntry("bob", 3);
            users.put("cid", 4);
            assertThat(talk.say("users.get(\"cid\")")).isEqualTo("$2 ==> 4\n");
            assertThat(talk.say("for (var e : users.entrySet()) { e.setValue(0); }")).isEmpty();
            assertThat(users).containsValues(0).doesNotContainValue(4);
        }
    }

    @Test
    @Spec("BD1")
    void snippet_runsOnTheHub_whichGoesOnMeanwhile() throws Exception {
        var ticks = new AtomicInteger();
        var hub = Hub.getDefault();
        var ticker = Evy.spawn(hub, () -> tick(ticks));
        try (var door = Door.open(Map.of("hub", hub, "ticks", ticks));
                var talk = door.session()) {
            assertThat(talk.say("hub.isCurrent()")).isEqualTo("$1 ==> true\n");
            assertThat(ticks.get()).as("while JShell was started").isGreaterThan(10);

            var waiting = talk.say("int t = ticks.get(); while (ticks.get() < t + 5) Evy.yield();");
            assertThat(waiting).startsWith("t ==> ");
        } finally {
            ticker.kill();
        }
    }

    private static void tick(AtomicInteger ticks) {
        while (true) {
            ticks.incrementAndGet();
            Evy.sleep(Duration.ofMillis(1));
        }
    }

    @Test
    @Spec("BD3")
    void serve_connections_areLogged() throws Exception {
        try (var door = Door.open(Map.of())) {
            try (var talk = door.session()) {
                var client = "127.0.0.1:" + talk.socket.getLocalPort();
                talk.send("exit\n");
                assertThat(talk.rest()).isEmpty();
                Evy.sleep(Duration.ZERO);

                door.close();
                assertThat(door.log)
                        .containsExactly(
                                "backdoor server listening on 127.0.0.1:" + door.port(),
                                "backdoor to " + client,
                                "backdoor closed to " + client);
            }
        }
    }

    @Test
    @Spec("BD3")
    void serve_listenerClosed_endsSilently() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            door.listener.close();

            assertThat(door.server.join()).isNull();
            assertThat(talk.rest()).isEmpty();
        }
    }

    @Test
    @Spec("BD3")
    void serve_killed_closesListenerAndSessions() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            var before = Hub.getDefault().greenlets().size();
            talk.send("Evy.sleep(Duration.ofHours(1))\n");
            while (Hub.getDefault().greenlets().size() == before) {
                Evy.yield(); // what nobody has read resets the connection when it is closed
            }

            door.server.kill();

            assertThatThrownBy(door.server::join).isInstanceOf(GreenThreadExit.class);
            assertThat(door.listener.isClosed()).isTrue();
            talk.rest();
        }
    }

    @Test
    @Spec("BD4")
    void serve_unixSocket_isServed() throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("door"));
        try (var door = new Door(address, Map.of(), BackdoorOptions.DEFAULT);
                var talk = new Talk(Evy.connect(address))) {
            talk.untilPrompt();

            assertThat(talk.say("1 + 1")).isEqualTo("$1 ==> 2\n");
            assertThat(door.log)
                    .containsExactly(
                            "backdoor server listening on " + address,
                            "backdoor to a local client");
        }
    }

    @Test
    @Spec("BD4")
    void serve_ipv6_isServed() throws Exception {
        var loopback = (Inet6Address) InetAddress.getByName("::1");
        assumeTrue(has(loopback), "no IPv6 on this machine");
        try (var door =
                        new Door(
                                new InetSocketAddress(loopback, 0),
                                Map.of(),
                                BackdoorOptions.DEFAULT);
                var talk = new Talk(new Socket(loopback, door.port()))) {
            talk.untilPrompt();

            assertThat(door.log)
                    .contains("backdoor server listening on [0:0:0:0:0:0:0:1]:" + door.port());
        }
    }

    private static boolean has(InetAddress address) {
        try (var probe = new ServerSocket(0, 1, address)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void serve_listenerOfTheJdk_isServed() throws Exception {
        var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var server = Evy.spawn(Hub.getDefault(), () -> Backdoor.serve(listener, Map.of()));
        try (var talk = new Talk(new Socket(listener.getInetAddress(), listener.getLocalPort()))) {
            talk.untilPrompt();

            assertThat(talk.say("1 + 1")).isEqualTo("$1 ==> 2\n");
        } finally {
            listener.close();
            server.join();
        }
    }

    @Test
    @Spec("BD4")
    void serve_clientsThatVanishAtOnce_areSurvived() throws Exception {
        try (var door = Door.open(Map.of())) {
            for (var i = 0; i < 50; i++) {
                var talk = door.connect();
                if (i % 3 == 0) {
                    talk.send("1 +");
                }
                talk.vanish();
            }

            try (var talk = door.session()) {
                assertThat(talk.say("1 + 1")).isEqualTo("$1 ==> 2\n");
            }
        }
    }

    @Test
    @Spec("BD5")
    void output_ofASession_isSeenThereAndNowhereElse() throws Exception {
        var process = new ByteArrayOutputStream();
        var original = System.out;
        var replaced = new PrintStream(process, true, StandardCharsets.UTF_8);
        System.setOut(replaced);
        var go = new Event<Boolean>();
        var hub = Hub.getDefault();
        var host = Evy.spawn(hub, () -> printAll(go, "host"));
        try (var door = Door.open(Map.of("go", go));
                var a = door.session();
                var b = door.session()) {
            for (var talk : List.of(a, b)) {
                assertThat(talk.say(PRINT_ALL)).isEqualTo("|  created method all(String)\n");
            }
            a.send("all(\"a\")\n");
            b.send("Evy.spawn(() -> all(\"b\")).join()\n");
            while (go.waiting() < 3) {
                Evy.yield();
            }
            var whileRunning = System.out;

            go.send(true);

            assertThat(a.untilPrompt()).isEqualTo(numbered("a"));
            assertThat(b.untilPrompt()).isEqualTo(numbered("b") + "$1 ==> null\n");
            host.join();
            assertThat(process.toString(StandardCharsets.UTF_8)).isEqualTo(numbered("host"));
            assertThat(System.out).as("never swapped while open").isSameAs(whileRunning);
        } finally {
            assertThat(System.out).as("put back").isSameAs(replaced);
            System.setOut(original);
        }
    }

    private static final String PRINT_ALL =
            """
            void all(String name) throws Exception { \
                go.await(); \
                for (int i = 0; i < 100; i++) { \
                    System.out.println(name + i); \
                    Evy.yield(); \
                } \
            }\
            """;

    @SuppressWarnings("SystemOut")
    private static void printAll(Event<Boolean> go, String name) throws InterruptedException {
        go.await();
        for (var i = 0; i < 100; i++) {
            System.out.println(name + i);
            Evy.yield();
        }
    }

    private static String numbered(String name) {
        var all = new StringBuilder();
        for (var i = 0; i < 100; i++) {
            all.append(name).append(i).append('\n');
        }
        return all.toString();
    }

    @Test
    @Spec("BD5")
    void output_ofAThreadThatOutlivesItsSession_isSeenNowhere() throws Exception {
        var process = new ByteArrayOutputStream();
        var original = System.out;
        System.setOut(new PrintStream(process, true, StandardCharsets.UTF_8));
        var go = new Event<Boolean>();
        var done = new Event<Boolean>();
        try (var door = Door.open(Map.of("go", go, "done", done))) {
            try (var talk = door.session()) {
                var spawned =
                        talk.say(
                                "var late = Evy.spawn(() -> { go.await(); println(\"late\");"
                                        + " done.send(true); });");
                assertThat(spawned).startsWith("late ==> ");
                talk.send("exit\n");
                talk.rest();
            }
            go.send(true);
            done.await();

            assertThat(process.size()).isZero();
        } finally {
            System.setOut(original);
        }
    }

    @Test
    @Spec("BD5")
    void token_right_opens() throws Exception {
        try (var door = Door.open(Map.of(), BackdoorOptions.DEFAULT.withToken(TOKEN));
                var talk = door.connect()) {
            talk.send(TOKEN + "\n");

            assertThat(talk.untilPrompt()).contains("Java");
            assertThat(talk.say("1 + 1")).isEqualTo("$1 ==> 2\n");
        }
    }

    @Test
    @Spec("BD5")
    void token_wrong_getsNothing() throws Exception {
        try (var door = Door.open(Map.of(), BackdoorOptions.DEFAULT.withToken(TOKEN))) {
            for (var wrong :
                    List.of(TOKEN + "x\n1 + 1\n", "\n", "\u0003", TOKEN.substring(1) + "\n")) {
                try (var talk = door.connect()) {
                    talk.send(255, 251, 24);
                    talk.send(wrong);

                    assertThat(talk.rest()).isEmpty();
                }
            }
            assertThat(door.log)
                    .hasSize(5)
                    .anyMatch(l -> l.startsWith("backdoor refused 127.0.0.1:"));
        }
    }

    @Test
    @Spec("BD5")
    void serve_whereOthersReach_needsOptionAndToken() throws Exception {
        try (var listener = Evy.listen(new InetSocketAddress("0.0.0.0", 0))) {
            var remote = BackdoorOptions.DEFAULT.withRemote();
            assertThatThrownBy(() -> Backdoor.serve(listener, Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("listener on 0.0.0.0:" + listener.getLocalPort())
                    .hasMessageContaining("other machines can reach it");
            assertThatThrownBy(
                            () ->
                                    Backdoor.serve(
                                            listener,
                                            Map.of(),
                                            BackdoorOptions.DEFAULT.withToken(TOKEN)))
                    .hasMessageContaining("withRemote");
            assertThatThrownBy(() -> Backdoor.serve(listener, Map.of(), remote))
                    .hasMessageContaining("needs BackdoorOptions.withToken(...)");
        }
        var anywhere = new InetSocketAddress("0.0.0.0", 0);
        try (var door =
                        new Door(
                                anywhere,
                                Map.of(),
                                BackdoorOptions.DEFAULT.withRemote().withToken(TOKEN));
                var talk = door.connect()) {
            talk.send(TOKEN + "\n");
            assertThat(talk.untilPrompt()).contains("Java");
        }
    }

    @Test
    void connect_webPage_getsNothing() throws Exception {
        try (var door = Door.open(Map.of());
                var talk = door.session()) {
            talk.send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nSystem.exit(1)\r\n");

            assertThat(talk.rest()).isEmpty();
        }
    }

    @Test
    void connect_oneTooMany_isTold() throws Exception {
        try (var door = Door.open(Map.of(), BackdoorOptions.DEFAULT.withMaxSessions(1));
                var first = door.session();
                var second = door.connect()) {
            assertThat(second.rest()).isEqualTo("too many sessions\n");
            assertThat(first.say("1 + 1")).isEqualTo("$1 ==> 2\n");
        }
    }

    @Test
    void input_ended_isWorkedOffFirst() throws Exception {
        var options = BackdoorOptions.DEFAULT.withDrainTimeout(Duration.ofMinutes(1));
        try (var door = Door.open(Map.of(), options);
                var talk = door.connect()) {
            talk.send("int x = 20;\nx + 1\nx +\n 2");
            talk.socket.shutdownOutput();

            assertThat(talk.rest())
                    .endsWith(">>> x ==> 20\n>>> $1 ==> 21\n>>> ... $2 ==> 22\n>>> ");
        }
    }
}
