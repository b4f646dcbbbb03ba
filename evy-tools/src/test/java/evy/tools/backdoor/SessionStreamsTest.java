package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/** What a thread of a session prints, by whatever method, goes to that session. */
@ExtendWith(LeakCheckExtension.class)
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class SessionStreamsTest {
    private final PrintStream before = System.out;

    @Test
    void print_inSession_anyMethodGoesThere() throws Exception {
        assertThat(printed(SessionStreamsTest::everything)).isEqualTo(printedPlainly());
    }

    @Test
    void print_elsewhere_goesWhereItAlwaysWent() throws Exception {
        var process = new ByteArrayOutputStream();
        System.setOut(new PrintStream(process, true, StandardCharsets.UTF_8));
        SessionStreams.install();
        try {
            everything(System.out);
        } finally {
            SessionStreams.uninstall();
            System.setOut(before);
        }

        assertThat(process.toString(StandardCharsets.UTF_8)).isEqualTo(printedPlainly());
    }

    @Test
    void close_bySnippet_leavesTheProcessItsStream() throws Exception {
        assertThat(
                        printed(
                                out -> {
                                    out.close();
                                    out.print("still");
                                    assertThat(out.checkError()).isFalse();
                                }))
                .isEqualTo("still");
    }

    @Test
    void uninstall_streamsSetMeanwhile_stay() {
        var process = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        SessionStreams.install();
        SessionStreams.install();
        SessionStreams.uninstall();
        assertThat(System.out).as("one door is open").isNotSameAs(before);
        System.setOut(process);

        SessionStreams.uninstall();

        try {
            assertThat(System.out).isSameAs(process);
        } finally {
            System.setOut(before);
        }
    }

    private static String printedPlainly() {
        var plain = new ByteArrayOutputStream();
        everything(new PrintStream(plain, true, StandardCharsets.UTF_8));
        return plain.toString(StandardCharsets.UTF_8);
    }

    /* Each method, so that the texts differ if one of them goes astray. */
    private static void everything(PrintStream out) {
        out.write('a');
        out.write("xbc".getBytes(StandardCharsets.UTF_8), 1, 2);
        try {
            out.write("def".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.writeBytes("ghi".getBytes(StandardCharsets.UTF_8));
        out.flush();
        out.print(true);
        out.print('j');
        out.print(1);
        out.print(2L);
        out.print(3.5f);
        out.print(4.5d);
        out.print(new char[] {'k', 'l'});
        out.print("m");
        out.print((Object) "n");
        out.println();
        out.println(false);
        out.println('o');
        out.println(6);
        out.println(7L);
        out.println(8.5f);
        out.println(9.5d);
        out.println(new char[] {'p', 'q'});
        out.println("r");
        out.println((Object) "s");
        out.printf("%d.", 10).printf(Locale.ROOT, "%.1f.", 11.5);
        out.format("%s.", "t").format(Locale.ROOT, "%s.", "u");
        out.append("v").append("xwx", 1, 2).append('y');
    }

    private static String printed(Consumer<PrintStream> printing) throws Exception {
        var session = new SessionOutput();
        var client = new ByteArrayOutputStream();
        SessionStreams.install();
        try {
            var thread =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        SessionStreams.enter(session);
                                        printing.accept(System.out);
                                    });
            thread.join();
        } finally {
            SessionStreams.uninstall();
        }
        session.close();
        Evy.run(
                () -> {
                    session.sendTo(client);
                    return null;
                });
        return client.toString(StandardCharsets.UTF_8);
    }
}
