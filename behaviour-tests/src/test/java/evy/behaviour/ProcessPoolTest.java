package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.Timeout;
import evy.hubs.Hub;
import evy.processes.DeadProcess;
import evy.processes.Process;
import evy.processes.ProcessPool;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

@ExtendWith(LeakCheckExtension.class)
class ProcessPoolTest {
    @BeforeAll
    static void requirePrograms() {
        for (String program : List.of("cat", "echo", "sh", "true")) {
            assumeTrue(ProcessTest.isThere(program), "needs the program " + program);
        }
    }

    @Test
    @Spec({"OLD1", "OLD3"})
    void read_echo_givesItsOutputAndThenDeadProcess() throws Exception {
        Evy.run(
                () -> {
                    try (var echo = new Process("echo", "hello")) {
                        assertThat(echo.read()).asString().isEqualTo("hello\n");
                        assertThatThrownBy(echo::read)
                                .isInstanceOf(DeadProcess.class)
                                .hasMessageContaining("[echo, hello] has ended");
                        assertThatThrownBy(() -> echo.recv(1)).isInstanceOf(DeadProcess.class);
                        assertThatThrownBy(echo::readLine).isInstanceOf(DeadProcess.class);
                        assertThat(echo.await()).isZero();
                        assertThat(echo.await()).isZero();
                    }
                });
    }

    @Test
    @Spec("OLD1")
    void cat_roundTrips_untilItsInputEnds() throws Exception {
        Evy.run(
                () -> {
                    try (var cat = new Process("cat")) {
                        cat.write("line\n");
                        assertThat(cat.readLine()).isEqualTo("line");
                        cat.sendAll("rest".getBytes(StandardCharsets.UTF_8));
                        assertThat(cat.recv(2)).asString().isEqualTo("re");
                        assertThat(cat.makeFile().read(2)).asString().isEqualTo("st");
                        assertThat(cat.isDead()).isFalse();
                        assertThat(cat.pid()).isPositive();

                        cat.closeStdin();

                        assertThatThrownBy(() -> cat.read(1)).isInstanceOf(DeadProcess.class);
                        assertThat(cat.await()).isZero();
                        assertThatThrownBy(() -> cat.write("x"))
                                .isInstanceOf(IOException.class)
                                .isNotInstanceOf(DeadProcess.class);
                        assertThatThrownBy(() -> cat.read(0))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("0");
                    }
                });
    }

    @Test
    @Spec("OLD1")
    void read_errorOutput_isMerged() throws Exception {
        Evy.run(
                () -> {
                    try (var child = new Process("sh", "-c", "echo oops >&2")) {
                        assertThat(child.readLine()).isEqualTo("oops");
                    }
                });
    }

    @Test
    @Spec("OLD1")
    void write_toADeadProcess_throwsDeadProcess() throws Exception {
        Evy.run(
                () -> {
                    try (var dead = new Process("true")) {
                        dead.await();

                        assertThatThrownBy(
                                        () -> {
                                            for (int i = 0; i < 3; i++) {
                                                dead.write("x");
                                            }
                                        })
                                .isInstanceOf(DeadProcess.class);
                    }
                });
    }

    @Test
    @Spec("OLD1")
    void deadCallback_processEnds_runsOnceOnTheHub() throws Exception {
        Evy.run(
                () -> {
                    var told = new Event<Hub>();
                    var hub = Hub.current();
                    try (var cat = new Process("cat", List.of(), () -> told.send(Hub.current()))) {
                        Evy.yield();
                        assertThat(told.isReady()).isFalse();

                        cat.kill();

                        assertThat(told.await()).isSameAs(hub);
                        assertThat(cat.await()).isEqualTo(128 + 15);
                    }
                });
    }

    @Test
    @Spec("OLD2")
    void pool_liveProcess_isUsedAgain() throws Exception {
        Evy.run(
                () -> {
                    var pool = new ProcessPool("cat", List.of(), 1, 2);
                    try {
                        assertThat(pool.free()).isEqualTo(2);
                        Process cat = pool.get();
                        pool.put(cat);

                        assertThat(pool.get()).isSameAs(cat);
                        Process other = pool.get();
                        assertThat(other).isNotSameAs(cat);
                        assertThatThrownBy(() -> pool.get(Duration.ofMillis(5)))
                                .isInstanceOf(TimeoutException.class);
                        pool.put(cat);
                        try (var lease = pool.item()) {
                            lease.get().write("x\n");
                            assertThat(lease.get().readLine()).isEqualTo("x");
                        }
                        pool.discard(other);
                    } finally {
                        pool.resize(0);
                        pool.clear();
                    }
                });
    }

    @Test
    @Spec("OLD2")
    void pool_deadProcess_isReplaced() throws Exception {
        Evy.run(
                () -> {
                    var pool = new ProcessPool("cat", List.of(), 0, 1);
                    Process first = pool.get();
                    first.kill();
                    first.await();
                    pool.put(first);

                    Process second = pool.get();
                    assertThat(second).isNotSameAs(first);
                    pool.put(second);
                    second.kill();
                    second.await(); // it ends while it is free

                    Process third = pool.get(Duration.ofSeconds(20));
                    assertThat(third).isNotSameAs(second);
                    assertThat(third.isDead()).isFalse();
                    pool.discard(third);
                    assertThat(third.await()).isNotZero();
                });
    }

    @Test
    @Spec("OLD2")
    void pool_waiterForADeadProcess_getsANewOne() throws Exception {
        Evy.run(
                () -> {
                    var pool = new ProcessPool("cat", List.of(), 0, 1);
                    Process first = pool.get();
                    var waiter = Evy.spawn(() -> pool.get());
                    Evy.yield();
                    first.kill();
                    first.await();

                    pool.put(first);

                    Process second = waiter.join();
                    assertThat(second.isDead()).isFalse();
                    pool.discard(second);
                    assertThat(
                                    catchThrowable(
                                            () ->
                                                    Timeout.call(
                                                            Duration.ofSeconds(20), second::await)))
                            .isNull();
                });
    }
}
