package evy.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The way to virtual threads with a scheduler of our own, on the JDK the tests run on. */
class VirtualThreadsTest {
    @Test
    void selfTest_whereThereIsAWay_findsNothingWrong() {
        assertThat(VirtualThreads.problem()).isNull();
        assertThat(VirtualThreads.selfTest()).isNull();
    }

    @Test
    void selfTest_interrupted_saysSoAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThat(VirtualThreads.selfTest()).isEqualTo("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
