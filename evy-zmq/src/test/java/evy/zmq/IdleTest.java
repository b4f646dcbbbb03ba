package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;

/** Sockets that are quiet burn no time of any thread. */
class IdleTest extends ZmqTest {
    private static final Duration SPAN = Duration.ofMillis(200);

    @BeforeAll
    static void startWatch() {
        startWatchThread();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hook", "watch"})
    @Spec({"ZMQ10", "X10"})
    void bound_someWait_noCpu(String way) {
        System.setProperty("evy.zmq.readiness", way);
        try {
            Socket pull = bound(SocketType.PULL);
            GreenThread<?> receiver = Evy.spawn(() -> pull.recv());
            GreenThread<?> poller = Evy.spawn(() -> pull.poll(PATIENCE, PollEvent.IN));

            assertThat(cpuWhileAsleep()).isLessThan(SPAN.dividedBy(10));

            receiver.kill();
            poller.kill();
        } finally {
            System.clearProperty("evy.zmq.readiness");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hook", "watch"})
    @Spec({"ZMQ10", "X10"})
    void published_thenQuiet_noCpu(String way) {
        System.setProperty("evy.zmq.readiness", way);
        try {
            Socket pub = bound(SocketType.XPUB);
            Socket sub = connected(SocketType.SUB, pub);
            sub.subscribe("");
            pub.recv();
            pub.send("one");
            sub.recv();
            GreenThread<?> receiver = Evy.spawn(() -> sub.recv());
            pub.send("two");
            receiver.join();
            GreenThread<?> another = Evy.spawn(() -> sub.recv());

            assertThat(cpuWhileAsleep()).isLessThan(SPAN.dividedBy(10));

            another.kill();
        } finally {
            System.clearProperty("evy.zmq.readiness");
        }
    }

    @Test
    @Spec("ZMQ10")
    void sender_waitsForRoom_noCpu() {
        Socket push = context.socket(SocketType.PUSH);
        List<GreenThread<?>> senders =
                List.of(Evy.spawn(() -> push.send("x")), Evy.spawn(() -> push.send("y")));

        assertThat(cpuWhileAsleep()).isLessThan(SPAN.dividedBy(10));

        senders.forEach(GreenThread::kill);
    }

    /* The time of JeroMQ's threads, the watch, and the hub. */
    private static Duration cpuWhileAsleep() {
        Hub.getDefault().letAllRun();
        Evy.sleep(Duration.ofMillis(20)); // handshakes and the like are over
        long before = cpu();
        Evy.sleep(SPAN);
        return Duration.ofNanos(cpu() - before);
    }

    private static long cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().startsWith("evy-")) {
                sum += Math.max(0, threads.getThreadCpuTime(info.getThreadId()));
            }
        }
        return sum;
    }
}
