package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.testkit.Spec;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** {@link Monitor}. */
class MonitorTest extends ZmqTest {
    @Test
    @Spec("ZMQ1")
    void next_peerComesAndGoes_isTold() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    Monitor monitor = pull.monitor();
                    GreenThread<List<MonitorEvent.Kind>> seen =
                            Evy.spawn(
                                    () -> {
                                        List<MonitorEvent.Kind> kinds = new ArrayList<>();
                                        MonitorEvent event;
                                        do {
                                            event = monitor.next();
                                            assertThat(event).isNotNull();
                                            kinds.add(event.kind());
                                        } while (event.kind() != MonitorEvent.Kind.DISCONNECTED);
                                        return kinds;
                                    });
                    pull.bind("tcp://127.0.0.1:*");
                    Socket push = connected(SocketType.PUSH, pull);
                    push.send("x");
                    pull.recv();
                    push.close();

                    assertThat(seen.join())
                            .containsSubsequence(
                                    MonitorEvent.Kind.LISTENING,
                                    MonitorEvent.Kind.ACCEPTED,
                                    MonitorEvent.Kind.HANDSHAKE_PROTOCOL,
                                    MonitorEvent.Kind.DISCONNECTED);
                    assertThat(monitor.dropped()).isZero();
                });
    }

    @Test
    void next_onlySomeKinds_tellsThoseWithTheirEndpoint() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    Monitor monitor = pull.monitor(MonitorEvent.Kind.LISTENING);

                    String endpoint = pull.bind("tcp://127.0.0.1:*");

                    MonitorEvent event = monitor.next(PATIENCE);
                    assertThat(event).isNotNull();
                    assertThat(event.kind()).isEqualTo(MonitorEvent.Kind.LISTENING);
                    assertThat(event.endpoint()).isEqualTo(endpoint);
                });
    }

    @Test
    @Spec("ZMQ8")
    void next_socketClosed_ends() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    Monitor monitor = pull.monitor(MonitorEvent.Kind.CONNECTED);
                    GreenThread<MonitorEvent> waiting = Evy.spawn(() -> monitor.next());
                    Evy.yield();

                    pull.close();

                    assertThat(waiting.join()).isNull();
                    assertThat(monitor.next(PATIENCE)).isNull();
                    monitor.close();
                });
    }

    @Test
    void close_wakesWhoWaitsAndLetsAnotherIn() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    Monitor monitor = pull.monitor();
                    assertFails(ZmqError.EINVAL, pull::monitor);
                    GreenThread<MonitorEvent> waiting =
                            Evy.spawn(
                                    () -> {
                                        MonitorEvent event = monitor.next();
                                        return event != null
                                                        && event.kind()
                                                                == MonitorEvent.Kind.MONITOR_STOPPED
                                                ? monitor.next()
                                                : event;
                                    });
                    Evy.yield();

                    monitor.close();
                    monitor.close();

                    assertThat(waiting.join()).isNull();
                    pull.monitor().close();
                });
    }

    @Test
    void next_interrupted_isToldAndStaysInterrupted() {
        Monitor monitor = context.socket(SocketType.PULL).monitor(MonitorEvent.Kind.LISTENING);
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(monitor::next, () -> monitor.next(PATIENCE))) {
            Thread.currentThread().interrupt();

            assertFails(ZmqError.EINTR, call);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void next_nobodyReadsForLong_whatIsLostIsCounted() {
        Socket pull = context.socket(SocketType.PULL);
        Monitor monitor = pull.monitor(MonitorEvent.Kind.BIND_FAILED);
        for (int i = 0; i < 10_003; i++) {
            int code = i;
            pull.core()
                    .ask(
                            "tell",
                            () -> {
                                pull.core().base().eventBindFailed("e", code);
                                return true;
                            });
        }

        assertThat(monitor.dropped()).isEqualTo(3);
        MonitorEvent first = monitor.next(PATIENCE);
        assertThat(first).isNotNull();
        assertThat(first.value()).as("the latest are lost").isZero();
    }
}
