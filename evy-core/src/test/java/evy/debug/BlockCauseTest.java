package evy.debug;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class BlockCauseTest {
    private static final StackTraceElement PLAIN =
            new StackTraceElement("shop.Cart", "total", "Cart.java", 12);
    private static final StackTraceElement NATIVE =
            new StackTraceElement("shop.Printer", "print", "Printer.java", -2);
    private static final StackTraceElement INITIALIZER =
            new StackTraceElement("shop.Prices", "<clinit>", "Prices.java", 3);

    @Test
    void of_runningInJava_computes() {
        assertThat(BlockCause.of(Thread.State.RUNNABLE, List.of(PLAIN, NATIVE), false))
                .isEqualTo(BlockCause.COMPUTING);
    }

    @Test
    void of_innermostFrameNative_isNative() {
        assertThat(BlockCause.of(Thread.State.RUNNABLE, List.of(NATIVE, PLAIN), false))
                .isEqualTo(BlockCause.NATIVE_CALL);
    }

    @Test
    void of_inNativeCodeBelowHiddenFrames_isNative() {
        assertThat(BlockCause.of(Thread.State.RUNNABLE, List.of(PLAIN), true))
                .isEqualTo(BlockCause.NATIVE_CALL);
    }

    @Test
    void of_classInitialiserBelow_isThatWhateverItDoes() {
        for (Thread.State state : Thread.State.values()) {
            assertThat(BlockCause.of(state, List.of(PLAIN, INITIALIZER, PLAIN), true))
                    .isEqualTo(BlockCause.CLASS_INITIALIZER);
        }
    }

    @Test
    void of_waiting_isPinned() {
        assertThat(BlockCause.of(Thread.State.WAITING, List.of(NATIVE, PLAIN), false))
                .isEqualTo(BlockCause.PINNED_WAIT);
        assertThat(BlockCause.of(Thread.State.TIMED_WAITING, List.of(NATIVE, PLAIN), false))
                .isEqualTo(BlockCause.PINNED_WAIT);
    }

    @Test
    void of_blocked_isMonitor() {
        assertThat(BlockCause.of(Thread.State.BLOCKED, List.of(PLAIN), false))
                .isEqualTo(BlockCause.MONITOR);
    }
}
