package evy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.hubs.Hub;
import evy.sync.Event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What every test here is held to: it leaves nothing behind, and it ends. */
@Spec("TEST3")
class LeakCheckTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void check_nothingLeft_passes() {
        var check = LeakCheck.begin();
        Evy.spawn(() -> 1).join();

        assertThatCode(check::check).doesNotThrowAnyException();
    }

    @Test
    void check_greenThreadLeft_namesItAndWhatItWaitsFor() {
        var check = LeakCheck.begin();
        var never = new Event<Void>();
        var waits = Evy.spawn(() -> never.await());
        Evy.spawn(Evy::yield).join();

        assertThatThrownBy(() -> check.check(SHORT))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("left behind:")
                .hasMessageContaining(", waits for ");

        waits.kill();
        check.check();
    }

    @Test
    void check_timerLeft_countsIt() {
        var check = LeakCheck.begin();
        var timer = Hub.getDefault().schedule(Duration.ofHours(1), () -> {});

        assertThatThrownBy(() -> check.check(SHORT)).hasMessageContaining(": timers");

        timer.cancel();
        check.check();
    }

    @Test
    void check_listenerLeft_namesTheDescriptor() throws Exception {
        var check = LeakCheck.begin();
        var server = Evy.listen("127.0.0.1", 0);

        assertThatThrownBy(() -> check.check(SHORT)).hasMessageContaining("descriptor ");

        server.close();
        check.check();
    }

    @Test
    void check_platformThreadLeft_namesIt() throws Exception {
        var check = LeakCheck.begin();
        var end = new CountDownLatch(1);
        var thread =
                Thread.ofPlatform()
                        .name("forgotten")
                        .start(
                                () -> {
                                    try {
                                        end.await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                });

        assertThatThrownBy(() -> check.check(SHORT))
                .hasMessageContaining("platform thread 'forgotten'");

        end.countDown();
        thread.join();
        check.check();
    }

    /** Gives a test what JUnit is configured with. */
    static final class Configured implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == String.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getConfigurationParameter("junit.jupiter.execution.timeout.default")
                    .orElse("none");
        }
    }

    @Test
    @ExtendWith(Configured.class)
    void everyTest_hasATimeLimit(String limit, TestInfo info) {
        assertThat(limit).as(info.getDisplayName()).isEqualTo("60 s");
    }
}
