package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.Timeout;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

/** What becomes of exceptions of native calls, beside being thrown to who made the call. */
@ExtendWith(LeakCheckExtension.class)
class TpoolExceptionsTest {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void printToTheOldPlace() {
        Tpool.setExceptionsPrinted(false);
        System.setErr(before);
    }

    private void capture() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Spec("TP18")
    void exception_printingOn_isPrintedAndThrown() {
        Tpool.setExceptionsPrinted(true);
        capture();
        IOException failure = new IOException("disk on fire");

        assertThatThrownBy(() -> Evy.run(() -> Tpool.execute(() -> fail(failure))))
                .isSameAs(failure);

        assertThat(Tpool.isExceptionsPrinted()).isTrue();
        assertThat(printed())
                .contains("Exception in evy-tpool-")
                .contains("java.io.IOException: disk on fire")
                .contains("at evy.behaviour.TpoolExceptionsTest");
    }

    @Test
    @Spec("TP18")
    void exception_printingOff_isOnlyThrown() {
        capture();

        assertThatThrownBy(() -> Evy.run(() -> Tpool.execute(() -> fail(new IOException("no")))))
                .hasMessage("no");

        assertThat(Tpool.isExceptionsPrinted()).isFalse();
        assertThat(printed()).isEmpty();
    }

    @Test
    @Spec({"TP18", "TP7"})
    void exception_printingOnAndCallerGone_isPrintedAllTheSame() {
        Tpool.setExceptionsPrinted(true);
        capture();
        CountDownLatch gone = new CountDownLatch(1);

        Evy.run(
                () -> {
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    Duration.ofMillis(20),
                                                    () ->
                                                            Tpool.execute(
                                                                    () -> {
                                                                        gone.await();
                                                                        return fail(
                                                                                new IOException(
                                                                                        "late"));
                                                                    })))
                            .isInstanceOf(Timeout.class);
                    gone.countDown();
                    NetFixtures.awaitTrue("its print", () -> printed().contains("late"));
                });
    }

    @Test
    @Spec("TP6")
    void executeIo_whatACallThrows_isAnIOExceptionOrUnchecked() {
        Evy.run(
                () -> {
                    assertThatThrownBy(() -> Tpool.executeIo(() -> fail(new IOException("io"))))
                            .isExactlyInstanceOf(IOException.class)
                            .hasMessage("io");
                    assertThatThrownBy(
                                    () ->
                                            Tpool.executeIo(
                                                    () -> fail(new IllegalStateException("bad"))))
                            .isExactlyInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> Tpool.executeIo(() -> fail(new TimeoutException("x"))))
                            .isExactlyInstanceOf(IOException.class)
                            .hasCauseExactlyInstanceOf(TimeoutException.class);
                    assertThatThrownBy(
                                    () ->
                                            Tpool.executeIo(
                                                    () -> fail(new InterruptedException("i"))))
                            .isExactlyInstanceOf(InterruptedIOException.class);
                });
    }

    private static Void fail(Exception e) throws Exception {
        throw e;
    }
}
