package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.abort;

import evy.Evy;
import evy.GreenPile;
import evy.GreenPool;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.StopServe;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The names that one import gives, each at work. */
@ExtendWith(LeakCheckExtension.class)
class TopLevelTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /* Queue, importPatched, monkeyPatch and the TLS form of wrap_ssl come with their modules. */
    @Spec("TOP1")
    @Test
    void namesOfTheManual_ofThreads_doWhatTheySay() {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var seen = new ArrayList<String>();
                        GreenThread<String> spawned = Evy.spawn(() -> "spawn");
                        Greenlet detached = Evy.spawnN(() -> seen.add("spawnN"));
                        GreenThread<Boolean> after =
                                Evy.spawnAfter(SECOND, () -> seen.add("spawnAfter"));
                        Evy.sleep(SECOND.multipliedBy(2));

                        var pool = new GreenPool(1);
                        var pile = new GreenPile<String>(pool);
                        pile.spawn(() -> "pile");
                        var timeout = new Timeout(SECOND);

                        assertThat(spawned.join()).isEqualTo("spawn");
                        assertThat(detached.isDead()).isTrue();
                        assertThat(after.isDone()).isTrue();
                        assertThat(seen).containsExactly("spawnN", "spawnAfter");
                        assertThat(pile.next()).isEqualTo("pile");
                        assertThat(pile.hasNext()).isFalse();
                        assertThatThrownBy(() -> Evy.sleep(SECOND.multipliedBy(2)))
                                .isSameAs(timeout);
                    });
        }
    }

    @Spec("TOP1")
    @Test
    void namesOfTheManual_connectAndListen_makeAConnection() throws Exception {
        Evy.run(
                () -> {
                    try (var listener = Evy.listen(ANY_PORT);
                            var other = Evy.listen("localhost", 0);
                            var everywhere = Evy.listen(0)) {
                        assertConnects(listener.address());
                        try (var client = Evy.connect("localhost", other.getLocalPort());
                                var accepted = other.accept()) {
                            assertThat(client.getLocalPort()).isEqualTo(accepted.getPort());
                        }
                        try (var client = Evy.connect("127.0.0.1", everywhere.getLocalPort());
                                var accepted = everywhere.accept()) {
                            assertThat(client.getLocalPort()).isEqualTo(accepted.getPort());
                        }
                        listener.accept().close();
                    }
                });
    }

    private static void assertConnects(SocketAddress address) throws IOException {
        try (var client = Evy.connect(address, SECOND.multipliedBy(20), ANY_PORT)) {
            assertThat(client.isConnected()).isTrue();
            assertThat(client.getRemoteSocketAddress()).isEqualTo(address);
        }
    }

    @Spec("TOP2")
    @Test
    void kill_withTimeout_current_areOnTheTopLevel() {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var sleeper = Evy.spawn(() -> Evy.sleep(SECOND.multipliedBy(100)));
                        Evy.yield();

                        Evy.kill(sleeper);
                        String late = Evy.withTimeout(SECOND, TopLevelTest::sleepTwo, "fallback");

                        assertThat(sleeper.isDead()).isTrue();
                        assertThat(catchThrowable(sleeper::join))
                                .isInstanceOf(GreenThreadExit.class);
                        assertThat(late).isEqualTo("fallback");
                        assertThat(Evy.current().thread()).isSameAs(Thread.currentThread());
                    });
        }
    }

    private static String sleepTwo() {
        Evy.sleep(SECOND.multipliedBy(2));
        return "late";
    }

    @Spec("TOP2")
    @Test
    void serve_handlerThrowsStopServe_returns() throws Exception {
        Evy.run(
                () -> {
                    try (var listener = Evy.listen(ANY_PORT)) {
                        var handled = new ArrayList<Integer>();
                        var server =
                                Evy.spawn(
                                        () ->
                                                Evy.serve(
                                                        listener,
                                                        client -> {
                                                            int b = client.getInputStream().read();
                                                            handled.add(b);
                                                            if (b == 2) {
                                                                throw new StopServe();
                                                            }
                                                        }));

                        sendOne(listener.address(), 1);
                        sendOne(listener.address(), 2);

                        assertThat(catchThrowable(server::join)).isNull();
                        assertThat(handled).containsExactly(1, 2);
                        assertThat(listener.isClosed()).isFalse();
                    }
                });
    }

    /** Sends a byte and waits until the handler has closed the connection. */
    private static void sendOne(SocketAddress address, int b) throws IOException {
        try (GreenSocket socket = Evy.connect(address)) {
            socket.sendAll(new byte[] {(byte) b});
            assertThat(socket.recv(1)).isEmpty();
        }
    }

    @Spec("TOP3")
    @Test
    void waitAll_several_areResultsInTheOrderOfTheArguments() {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var slow = Evy.spawnAfter(SECOND.multipliedBy(3), () -> "slow");
                        var fast = Evy.spawnAfter(SECOND, () -> "fast");
                        var done = Evy.spawn(() -> "done");
                        done.join();

                        assertThat(Evy.waitAll(slow, fast, done))
                                .containsExactly("slow", "fast", "done");
                        assertThat(Evy.<Object>waitAll()).isEmpty();
                    });
        }
    }

    @Spec({"TOP3", "X9"})
    @Test
    void waitAll_twoFail_theFirstArgumentsFailurePropagates() {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var early = new IOException("early, but second argument");
                        var late = new IOException("late, but first argument");
                        GreenThread<Object> fine = Evy.spawn(() -> "fine");
                        GreenThread<Object> first = Evy.spawnAfter(SECOND, () -> fail(late));
                        GreenThread<Object> second = Evy.spawn(() -> fail(early));

                        assertThatThrownBy(() -> Evy.waitAll(fine, first, second)).isSameAs(late);
                        assertThat(manual.clock().elapsed()).isEqualTo(SECOND);
                    });
        }
    }

    private static Object fail(IOException failure) throws IOException {
        throw failure;
    }

    @Spec("TOP4")
    @Test
    void yield_othersReady_isWhatSleepZeroDoes() {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var seen = new ArrayList<String>();

                        Evy.spawn(() -> seen.add("other"));
                        seen.add("before the yield");
                        Evy.yield();
                        seen.add("after it");
                        Evy.spawn(() -> seen.add("another"));
                        Evy.sleep(Duration.ZERO);
                        seen.add("after the sleep");

                        assertThat(seen)
                                .containsExactly(
                                        "before the yield",
                                        "other",
                                        "after it",
                                        "another",
                                        "after the sleep");
                        assertThat(manual.clock().elapsed()).isZero();
                    });
        }
    }

    @Spec("TOP5")
    @Test
    void compat_namesOfTheParentLibrary_run() {
        abort(
                "optional by its text: there is no adapter with the old names, from-python lists"
                        + " them");
    }

    /*
     * Of TOP6: the error number of a failed call. A dotted name is Class.forName; other back ends
     * for coroutines and the driver's patch have no counterpart here.
     */
    @Spec("TOP6")
    @Test
    void connectEx_refusedOrConnected_givesTheSystemsErrorNumber() throws Exception {
        Evy.run(
                () -> {
                    SocketAddress closed;
                    try (var listener = Evy.listen(ANY_PORT);
                            var socket = new GreenSocket()) {
                        closed = listener.address();
                        assertThat(socket.connectEx(closed)).isZero();
                    }
                    try (var socket = new GreenSocket()) {
                        assertThat(socket.connectEx(closed)).as("ECONNREFUSED").isEqualTo(111);
                    }
                });
    }

    /* Of TOP7: the part on timeouts. Event, the semaphores and DagPool come with evy.sync. */
    @Spec("TOP7")
    @Test
    void isTimeoutAndMarkAsTimeout_areExported() {
        var marked = new LateReply();
        boolean before = Timeout.isTimeout(marked);

        Timeout.markAsTimeout(LateReply.class);

        assertThat(before).isFalse();
        assertThat(Timeout.isTimeout(marked)).isTrue();
        assertThat(List.of(new Timeout(null), new SocketTimeoutException()))
                .allMatch(Timeout::isTimeout);
    }

    private static final class LateReply extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @Spec("TOP8")
    @Test
    void deprecatedAliases_areKeptWithWarnings() {
        abort("a new library has no old names to keep");
    }
}
