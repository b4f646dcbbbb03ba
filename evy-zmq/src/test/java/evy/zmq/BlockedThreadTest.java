package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Waiter;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link BlockedThread}. */
@ExtendWith(LeakCheckExtension.class)
class BlockedThreadTest {
    private final BlockedThread place = new BlockedThread();

    @Test
    @Spec("ZMQ11")
    void isWaiting_tellsWhetherSomebodyWaits() {
        Evy.run(
                () -> {
                    assertThat(place.isWaiting()).isFalse();
                    GreenThread<Boolean> thread = waiting();
                    Evy.yield();
                    assertThat(place.isWaiting()).isTrue();

                    assertThat(place.wake()).isTrue();

                    assertThat(place.isWaiting()).isFalse();
                    assertThat(thread.join()).isTrue();
                });
    }

    @Test
    @Spec("ZMQ11")
    void wake_nobodyOrTwice_doesNothing() {
        Evy.run(
                () -> {
                    assertThat(place.wake()).isFalse();
                    GreenThread<Boolean> thread = waiting();
                    Evy.yield();

                    assertThat(place.wake()).isTrue();
                    assertThat(place.wake()).isFalse();

                    assertThat(thread.join()).isTrue();
                    assertThat(place.wake()).isFalse();
                });
    }

    @Test
    @Spec("ZMQ11")
    void block_somebodyWaits_isRefused() {
        Evy.run(
                () -> {
                    GreenThread<Boolean> thread = waiting();
                    Evy.yield();

                    assertThatIllegalStateException()
                            .isThrownBy(() -> place.block("me"))
                            .withMessageContaining("only one");

                    place.wake();
                    thread.join();
                });
    }

    @Test
    @Spec("ZMQ11")
    void wake_betweenBlockAndAwait_isNotLost() throws Exception {
        place.block("me");
        place.wake();

        assertThat(place.await(Waiter.FOREVER)).isTrue();
        place.leave();
    }

    private GreenThread<Boolean> waiting() {
        return Evy.spawn(
                () -> {
                    place.block("a test");
                    try {
                        return place.await(Waiter.FOREVER);
                    } finally {
                        place.leave();
                    }
                });
    }
}
