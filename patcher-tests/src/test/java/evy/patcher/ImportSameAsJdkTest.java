package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.patcher.library.ExecutorHabits;
import evy.patcher.library.IoHabits;
import evy.patcher.library.ThreadHabits;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.Callable;

/** An imported library sees on green threads what the ordinary one sees on platform threads. */
@ExtendWith(LeakCheckExtension.class)
class ImportSameAsJdkTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "properties",
                "groups",
                "subclass",
                "life",
                "interrupts",
                "interruptOverridden",
                "uncaught",
                "inheritance",
                "references",
                "conditionalArguments",
                "monitors"
            })
    @Spec({"PATCH8", "PATCH9", "PATCH10"})
    void threads_onGreenThread_doWhatTheJdksDo(String habit) throws Exception {
        assertSame(ThreadHabits.class, habit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pools",
                "ownFactory",
                "poolsOfOwnThreads",
                "refusingSchedulers",
                "subclasses",
                "scheduled",
                "shutdownNow",
                "timers",
                "moreTimers",
                "timerFails"
            })
    @Spec({"PATCH10", "PATCH11"})
    void executors_onGreenThread_doWhatTheJdksDo(String habit) throws Exception {
        assertSame(ExecutorHabits.class, habit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sockets",
                "moreSockets",
                "socketFailures",
                "datagrams",
                "files",
                "moreFiles",
                "paths",
                "fifo",
                "processes",
                "commandLines",
                "sleeps"
            })
    @Spec({"PATCH6", "PATCH11", "PATCH14", "MODS1", "MODS2"})
    void io_onGreenThread_doesWhatTheJdksDoes(String habit) throws Exception {
        assertSame(IoHabits.class, habit);
    }

    private static void assertSame(Class<?> habits, String habit) throws Exception {
        Class<?> patched = Library.load(habits);
        Object expected = call(habits, habit).call();

        Object onPlatformThread = call(patched, habit).call();
        Object onGreenThread = Evy.run(call(patched, habit));

        assertThat(onPlatformThread).isEqualTo(expected);
        assertThat(onGreenThread).isEqualTo(expected);
        assertThat((List<?>) expected).isNotEmpty();
    }

    private static Callable<Object> call(Class<?> type, String method) throws Exception {
        var found = type.getMethod(method);
        return () -> found.invoke(null);
    }
}
