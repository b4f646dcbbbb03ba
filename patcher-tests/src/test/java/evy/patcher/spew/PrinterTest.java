package evy.patcher.spew;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Lines on their way out: in order, bounded, and no trouble of those who bring them. */
@ExtendWith(LeakCheckExtension.class)
class PrinterTest {
    private static final Place PLACE =
            new Place(new TracedClass("com.acme.A", null, null), "sum", 3, List.of("i"));

    private final StringBuffer printed = new StringBuffer();

    @Test
    @Spec("DBG1")
    void print_lines_comeInOrderWithThreadPlaceAndValues() {
        Printer printer = new Printer(printed::append, new Sources(List.of()));
        Thread me = Thread.currentThread();
        printer.start();

        printer.print(me, PLACE, "i=1");
        printer.print(me, PLACE, "");
        printer.end();

        String head = "#" + me.threadId() + " '" + me.getName() + "' ";
        assertThat(printed.toString())
                .isEqualTo(
                        head
                                + "com.acme.A:3: [unknown], in sum\n\ti=1\n"
                                + head
                                + "com.acme.A:3: [unknown], in sum\n");
    }

    @Test
    @Spec("DBG1")
    void print_sinkIsSlow_leavesLinesOutAndSaysHowMany() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        Printer printer = new Printer(new SlowSink(slow, printed), new Sources(List.of()));
        printer.start();

        int brought = 0;
        while (!printer.isFull()) {
            printer.print(Thread.currentThread(), PLACE, "");
            brought++;
        }
        printer.lose();
        printer.lose();
        slow.countDown();
        printer.end();

        assertThat(printed.toString().lines())
                .hasSize(brought + 1)
                .last()
                .isEqualTo("[2 lines left out: the output is too slow]");
    }

    /** Prints nothing until it may. */
    private record SlowSink(CountDownLatch latch, StringBuffer printed) implements Sink {
        @Override
        public void print(String lines) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            printed.append(lines);
        }
    }

    @Test
    @Spec("DBG1")
    void print_sinkFails_takesNoMore() throws Exception {
        AtomicReference<Thread> printing = new AtomicReference<>();
        Printer printer =
                new Printer(
                        lines -> {
                            printing.set(Thread.currentThread());
                            throw new IllegalStateException("on purpose, in a test");
                        },
                        new Sources(List.of()));
        printer.start();

        printer.print(Thread.currentThread(), PLACE, "");
        while (printing.get() == null) {
            Thread.onSpinWait();
        }
        printing.get().join();

        assertThat(printer.isFull()).isTrue();
        printer.end();
    }

    @Test
    void end_interrupted_doesNotWaitForASlowSink() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        Printer printer = new Printer(new SlowSink(slow, printed), new Sources(List.of()));
        printer.start();
        printer.print(Thread.currentThread(), PLACE, "i=1");
        Thread.currentThread().interrupt();
        try {
            printer.end();
        } finally {
            assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
        }

        assertThat(printed).isEmpty();
        assertThat(printer.isFull()).as("takes no more").isTrue();
        slow.countDown();
        printer.end();
        assertThat(printed.toString()).contains("i=1");
    }
}
