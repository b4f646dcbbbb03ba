package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeoutException;

/** Events; what they share with all that is waited for is in {@link EventContractTest}. */
@ExtendWith(LeakCheckExtension.class)
class EventTest {
    @Spec("EV1")
    @Test
    void send_severalWaiting_runsOnAndWakesThemInOrder() {
        Evy.run(
                () -> {
                    var event = new Event<String>();
                    var log = new ArrayList<String>();
                    var waiters = new ArrayList<GreenThread<?>>();
                    for (int i = 0; i < 3; i++) {
                        int number = i;
                        waiters.add(Evy.spawn(() -> log.add(number + " " + event.await())));
                    }
                    Evy.yield();

                    event.send("value");
                    log.add("sent");
                    waiters.forEach(GreenThread::join);

                    assertThat(log).containsExactly("sent", "0 value", "1 value", "2 value");
                });
    }

    @Spec("EV2")
    @Test
    void await_afterSend_returnsTheSameValueEveryTime() throws Exception {
        Evy.run(
                () -> {
                    var event = new Event<Object>();
                    Object value = new Object();
                    var others = new ArrayList<String>();
                    Evy.spawnN(() -> others.add("had a turn"));

                    event.send(value);

                    for (int i = 0; i < 3; i++) {
                        assertThat(event.await()).isSameAs(value);
                        assertThat(event.await(Duration.ZERO)).isSameAs(value);
                    }
                    assertThat(others).as("nothing was waited for").isEmpty();
                });
    }

    @Spec({"EV2", "EV9"})
    @Test
    void send_null_isAValue() throws Exception {
        var event = new Event<String>();

        event.send(null);

        assertThat(event.isReady()).isTrue();
        assertThat(event.hasResult()).isTrue();
        assertThat(event.await()).isNull();
        assertThat(event.poll("not ready")).isNull();
        assertThat(event.pollResult("not ready")).isNull();
    }

    @Spec("EV3")
    @Test
    void send_twice_throwsAndKeepsTheFirst() throws Exception {
        var event = new Event<String>();
        event.send("first");

        assertThatIllegalStateException()
                .isThrownBy(() -> event.send("second"))
                .withMessageContaining("happens once");
        assertThatIllegalStateException()
                .isThrownBy(() -> event.sendException(new IOException("third")));

        assertThat(event.await()).isEqualTo("first");
        assertThat(event.hasException()).isFalse();
    }

    @Spec("EV4")
    @Test
    void reset_beforeSend_throws() {
        var event = new Event<String>();

        assertThatIllegalStateException().isThrownBy(event::reset).withMessageContaining("reset");
        event.send("still works");

        assertThat(event.poll("not ready")).isEqualTo("still works");
    }

    @Spec({"EV4", "EV8"})
    @Test
    void reset_afterException_isAsNew() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var event = new Event<String>();
                        event.sendException(new IOException("old"));

                        event.reset();

                        assertThat(event.isReady()).isFalse();
                        assertThat(event.hasException()).isFalse();
                        event.pollException();
                        assertThatThrownBy(() -> event.await(Duration.ofHours(1)))
                                .isInstanceOf(TimeoutException.class);
                        event.send("new");
                        assertThat(event.await()).isEqualTo("new");
                    });
            assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofHours(1));
        }
    }

    @Spec("EV5")
    @Test
    void reset_beforeTheWokenRun_doesNotTakeTheirValue() throws Exception {
        Evy.run(
                () -> {
                    var event = new Event<String>();
                    var waiter = Evy.spawn(() -> event.await());
                    var failing = new Event<String>();
                    var failed = Evy.spawn(() -> catchThrowable(failing::await));
                    var failure = new IOException("sent");
                    Evy.yield();

                    event.send("first");
                    event.reset();
                    event.send("second");
                    failing.sendException(failure);
                    failing.reset();

                    assertThat(waiter.join()).isEqualTo("first");
                    assertThat(failed.join()).isSameAs(failure);
                    assertThat(event.await()).isEqualTo("second");
                });
    }

    @Spec("EV6")
    @Test
    void send_oneWaiterFails_othersGetTheValue() {
        Evy.run(
                () -> {
                    var event = new Event<String>();
                    var failure = new IllegalArgumentException("after the wait");
                    var waiters = new ArrayList<GreenThread<String>>();
                    for (int i = 0; i < 5; i++) {
                        boolean fails = i == 1;
                        waiters.add(
                                Evy.spawn(
                                        () -> {
                                            String value = event.await();
                                            if (fails) {
                                                throw failure;
                                            }
                                            return value;
                                        }));
                    }
                    Evy.yield();

                    event.send("value");

                    for (int i = 0; i < 5; i++) {
                        if (i == 1) {
                            assertThat(catchThrowable(waiters.get(i)::join)).isSameAs(failure);
                        } else {
                            assertThat(waiters.get(i).join()).isEqualTo("value");
                        }
                    }
                });
    }

    @Spec("EV7")
    @Test
    void sendException_checked_isThrownToAllAsItself() {
        Evy.run(
                () -> {
                    var event = new Event<String>();
                    var failure = new IOException("sent");
                    StackTraceElement[] stack = failure.getStackTrace();
                    var waiter = Evy.spawn(() -> catchThrowable(event::await));
                    Evy.yield();

                    event.sendException(failure);

                    assertThat(waiter.join()).isSameAs(failure);
                    assertThat(catchThrowable(event::await)).isSameAs(failure);
                    assertThat(catchThrowable(() -> event.await(Duration.ZERO))).isSameAs(failure);
                    assertThat(failure.getStackTrace()).isEqualTo(stack);
                    assertThat(event.isReady()).isTrue();
                    assertThat(event.hasException()).isTrue();
                    assertThat(event.hasResult()).isFalse();
                });
    }

    @Spec("EV7")
    @Test
    void send_exceptionAsValue_isNotThrown() throws Exception {
        var event = new Event<Exception>();
        var value = new IOException("a value");

        event.send(value);

        assertThat(event.await()).isSameAs(value);
        assertThat(event.hasResult()).isTrue();
        assertThat(event.hasException()).isFalse();
        event.pollException();
    }

    @Spec("EV9")
    @Test
    void poll_notReady_returnsThatAndNeverWaits() {
        var event = new Event<String>();

        assertThat(event.poll("not ready")).isEqualTo("not ready");
        assertThat(event.poll(null)).isNull();
        assertThat(event.pollResult("not ready")).isEqualTo("not ready");
        event.pollException();
        assertThat(event.waiting()).isZero();
    }

    @Spec("EV9")
    @Test
    void poll_ready_tellsValueAndExceptionApart() {
        var value = new Event<String>();
        var exception = new Event<String>();
        var failure = new IOException("sent");

        value.send("value");
        exception.sendException(failure);

        assertThat(value.poll("not ready")).isEqualTo("value");
        assertThat(value.pollResult("not ready")).isEqualTo("value");
        value.pollException();
        assertThat(catchThrowable(() -> exception.poll("not ready"))).isSameAs(failure);
        assertThat(exception.pollResult("not ready")).isEqualTo("not ready");
        assertThat(catchThrowable(exception::pollException)).isSameAs(failure);
    }

    @Spec("EV10")
    @Test
    void await_timeoutInTheTurnOfTheSend_doesNotDisturbTheNextWait() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var first = new Event<String>();
                        var second = new Event<String>();
                        var waiter =
                                Evy.spawn(
                                        () -> {
                                            String got =
                                                    Timeout.call(
                                                            Duration.ZERO, first::await, "late");
                                            var end =
                                                    catchThrowable(
                                                            () ->
                                                                    second.await(
                                                                            Duration.ofHours(1)));
                                            assertThat(end).isInstanceOf(TimeoutException.class);
                                            return got;
                                        });
                        Evy.spawnAfter(Duration.ZERO, () -> first.send("value"));

                        assertThat(waiter.join()).isIn("late", "value");
                        assertThat(first.waiting()).isZero();
                        assertThat(second.waiting()).isZero();
                    });
            assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofHours(1));
        }
    }

    @Spec("EV11")
    @Test
    void await_limitOver_throwsAfterThatTime() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var event = new Event<String>();

                        assertThatThrownBy(() -> event.await(Duration.ofMinutes(5)))
                                .isInstanceOf(TimeoutException.class)
                                .hasMessageContaining("PT5M");

                        assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofMinutes(5));
                        assertThat(
                                        Evy.<String, Exception>withTimeout(
                                                Duration.ofMinutes(1), event::await, "instead"))
                                .isEqualTo("instead");
                        assertThat(event.waiting()).isZero();
                    });
        }
    }
}
