package evy.patcher.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.concurrent.TimeUnit;

/** A hub's timer as the JDK holds it. */
@ExtendWith(LeakCheckExtension.class)
class HubTimersTest {
    private final HubTimers timers = new HubTimers();

    @Test
    void schedule_cancelled_isDoneAndDoesNotRun() throws Exception {
        Evy.run(
                () -> {
                    boolean[] ran = {false};
                    var timer = timers.schedule(() -> ran[0] = true, 1, TimeUnit.HOURS);

                    assertThat(timer.isDone()).isFalse();
                    assertThat(timer.isCancelled()).isFalse();
                    assertThat(timer.cancel(true)).isTrue();
                    assertThat(timer.cancel(true)).as("again").isFalse();
                    assertThat(timer.isDone()).isTrue();
                    assertThat(timer.isCancelled()).isTrue();
                    assertThatThrownBy(timer::get)
                            .isInstanceOf(UnsupportedOperationException.class);
                    assertThatThrownBy(() -> timer.get(1, TimeUnit.SECONDS))
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessage("a timer has no result to wait for");
                    assertThat(ran[0]).isFalse();
                });
    }

    @Test
    void schedule_offAnyHub_isLeftToTheJdk() {
        assertThat(timers.schedule(() -> {}, 1, TimeUnit.HOURS)).isNull();
    }
}
