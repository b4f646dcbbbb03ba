package evy.patcher;

import evy.patcher.rewrite.ApplicationCode;
import evy.patcher.weave.Seam;

import org.jspecify.annotations.Nullable;

import java.lang.instrument.Instrumentation;
import java.util.List;

/** What makes the threads green that a program makes: its own code is rewritten, not the JDK's. */
final class ThreadSeams {
    private ThreadSeams() {}

    /**
     * The seams.
     *
     * @param instrumentation what transforms classes; null without the agent, when none is applied
     */
    static List<Seam> all(@Nullable Instrumentation instrumentation) {
        return List.of(
                new Seam(
                        "application code",
                        List.of(),
                        () -> rewrite(instrumentation),
                        "threads, executors and timers made on green threads; not by the JDK, and"
                                + " subclasses of Thread that are loaded already stay what they"
                                + " are"));
    }

    private static void rewrite(@Nullable Instrumentation instrumentation) {
        if (instrumentation == null) {
            throw new IllegalStateException("without the agent nothing can be rewritten");
        }
        ApplicationCode.rewrite(
                instrumentation,
                Catalogue.of(Group.THREAD),
                loader -> loader instanceof PatchedLoader);
    }
}
